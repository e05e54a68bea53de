import { expect, it } from 'vitest';
import { type FormView, keys } from '../../api/queries.js';
import { textOf } from '../../testing/render.js';
import { DealBar } from './deal-bar.js';

const field = (key: string, name: string, type: string, config: object = {}) => ({
  id: `f_${key}`,
  key,
  name,
  type,
  config,
});
const customers = { id: 'c', appId: 'app', key: 'customer', name: '客户', fields: [] } as unknown as FormView;
const deals = {
  ...{ id: 'd', appId: 'app', key: 'opportunity', name: '商机' },
  fields: [
    field('customer', '客户', 'relation', { formId: 'c' }),
    field('stage', '销售阶段', 'select', {
      stages: true,
      options: ['初步接触', '商务谈判', '赢单'].map((id) => ({ id, label: id, color: 'blue' })),
    }),
    field('amount', '预计成交金额', 'money', { display: 'yuan', decimals: 2, currency: 'CNY' }),
  ],
} as unknown as FormView;
const deal = { id: 'o1', version: 1, label: '二期扩容', values: { stage: '商务谈判', amount: '580000.00' } };
const text = (form: FormView, found: typeof deal | null) =>
  textOf(<DealBar form={form} recordId="r" />, [
    [keys.apps, [{ id: 'app', key: 'crm' }]],
    [keys.forms(), [customers, deals]],
    [keys.data('d', 'deal', 'r'), found],
  ]).zh;

it('shows how far a customer has come by his newest open deal (the page had no stage bar)', () => {
  expect(text(customers, deal)).toMatch(/商机 二期扩容 预计成交金额 .*580,000.* 初步接触 商务谈判 赢单/);
});

it('is not there without an open deal, nor on other records', () => {
  expect(text(customers, null).trim()).toBe('');
  expect(text(deals, deal).trim()).toBe('');
});
