// @vitest-environment jsdom
import { expect, test } from 'vitest';
import { draw } from '../../../test/draw.js';
import { taro } from '../../../test/fake-taro.js';
import { field, form } from '../../../test/forms.js';
import { customerChoice } from '../../data/customers.js';
import Customers from './index.js';

const customers = form('customer', '客户', [field('text', 'name', '名称')]);
const contacts = form('contact', '联系人', [
  field('text', 'name', '姓名'),
  field('relation', 'customer', '客户', { config: { formId: customers.id } }),
  field('phone', 'phone', '手机'),
]);
const wang = (id: string, customer: string) => ({
  ...{ id, version: 1, label: '王某' },
  values: { customer: { id: customer, label: '宁德时代' }, phone: ['13800001234'] },
});

test('the last digits of a contact’s phone find his customer (imported customers have their phones there)', async () => {
  const none = () => ({ items: [], cursor: null });
  const page = draw(<Customers />, {
    'GET /changes': () => ({ since: '1', items: [] }),
    'GET /apps': none,
    'GET /forms': () => ({ items: [customers, contacts], cursor: null }),
    'GET /pools': none,
    [`GET /forms/${customers.id}/views`]: none,
    [`POST /forms/${customers.id}/records/query`]: () => ({ items: [], cursor: null, total: 0 }),
    [`POST /forms/${contacts.id}/records/query`]: ({ body }) => ({
      items: (body as { search: string }).search === '1234' ? [wang('k1', 'c1'), wang('k2', 'c1')] : [],
      cursor: null,
    }),
  });
  customerChoice.set({ search: '1234' });
  await page.shows('联系人 王某 13800001234');
  expect(page.text().match(/宁德时代/g)).toHaveLength(1);
  expect(page.text()).not.toContain('没有“1234”');
  await page.tap('宁德时代');
  expect(taro.navigateTo).toHaveBeenLastCalledWith({
    url: `/pages/record/index?formId=${customers.id}&id=c1`,
  });
  customerChoice.set({ search: '' });
});
