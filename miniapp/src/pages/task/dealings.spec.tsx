// @vitest-environment jsdom
import { expect, test } from 'vitest';
import { draw } from '../../../test/draw.js';
import { field, form } from '../../../test/forms.js';
import { Dealings } from './dealings.js';

const customerId = '01890000-0000-7000-8000-0000000000c1';
const contract = form('contract', '合同', [
  field('text', 'name', '合同名称'),
  field('relation', 'customer', '客户', { config: { formId: customerId } }),
  field('money', 'amount', '金额', { config: { currency: 'CNY', display: 'yuan', decimals: 2 } }),
]);
const row = (id: string, label: string, amount: string) => ({
  id,
  version: 1,
  label,
  values: { name: label, customer: { id: customerId, label: '宁德时代' }, amount, createdAt: '2025-03-01T02:00:00Z' },
});
const now = row('r1', '年框合同', '900000');
const answers = (items: unknown[], total: number) => ({
  'GET /apps': () => ({ items: [], cursor: null }),
  'GET /forms': () => ({ items: [contract], cursor: null }),
  [`GET /forms/${contract.id}/records/r1`]: () => now,
  [`POST /forms/${contract.id}/records/query`]: () => ({ items, cursor: null, total }),
});
const subject = { formId: contract.id as string, id: 'r1' };

test('what was asked for the same customer before stands under the record', async () => {
  const earlier = [now, row('r2', '样品合同', '12000'), row('r3', '试用合同', '8000')];
  const page = draw(<Dealings subject={subject} rights={{}} />, answers(earlier, 3));
  await page.shows('样品合同');
  expect(page.text()).toContain('与 宁德时代 的往来此前 2 份合同');
  expect(page.text()).not.toContain('年框合同');
  expect(page.text()).toMatch(/样品合同[^试]*12,000.*2025-03-01/);
  expect((await page.sent('POST')).body).toMatchObject({ filter: { field: 'customer', op: 'eq', value: customerId } });
});

test('an amount that the node hides is not told through earlier records', async () => {
  const earlier = [now, row('r2', '样品合同', '12000')];
  const page = draw(<Dealings subject={subject} rights={{ amount: 'hide' }} />, answers(earlier, 2));
  await page.shows('样品合同');
  expect(page.text()).not.toContain('12,000');
});

test('the first one says so', async () => {
  const page = draw(<Dealings subject={subject} rights={{}} />, answers([now], 1));
  await page.shows('这是第一份合同');
});
