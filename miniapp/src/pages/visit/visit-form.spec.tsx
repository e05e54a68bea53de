// @vitest-environment jsdom
import { expect, test } from 'vitest';
import { draw } from '../../../test/draw.js';
import { taro } from '../../../test/fake-taro.js';
import { field, form } from '../../../test/forms.js';
import { visitFields } from '../../data/visit-form.js';
import { VisitForm } from './visit-form.js';

const customers = form('customer', '客户信息表', [field('text', 'name', '客户名称')]);
const followUp = form('followUp', '跟进记录', [
  field('relation', 'customer', '客户', { config: { formId: customers.id } }),
  field('text', 'content', '内容摘要'),
  field('location', 'place', '定位'),
]);
const row = (id: string, label: string) => ({ id, version: 1, label, values: {} });

test('the nearest customers stand as chips, with how far they are', async () => {
  taro.getLocation.mockResolvedValue({ latitude: 26.66, longitude: 119.55, accuracy: 20 });
  const fields = visitFields(followUp, customers.id);
  if (!fields) throw new Error('no visit fields');
  const page = draw(
    <VisitForm customers={customers} followUp={followUp} fields={fields} todo={undefined} customerId={undefined} />,
    {
      [`POST /forms/${customers.id}/records/nearby`]: () => ({
        items: [{ record: row('c1', '宁德时代'), distance: 120 }],
      }),
      [`POST /forms/${customers.id}/records/query`]: () => ({
        items: [row('c1', '宁德时代'), row('c2', '茅台')],
        cursor: null,
      }),
      [`GET /forms/${customers.id}/records/c1`]: () => row('c1', '宁德时代'),
    },
  );
  await page.shows('宁德时代120 米');
  await page.shows('茅台');
  expect((await page.sent('POST')).body).toMatchObject({ limit: expect.any(Number) });
  await page.tap('宁德时代');
  await page.until(() => expect(page.root.querySelector('.line--pick')?.textContent).toContain('宁德时代'));
});
