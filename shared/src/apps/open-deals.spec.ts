import { describe, expect, it } from 'vitest';
import { dealFields, endsDeal, openDeals } from './open-deals.js';

const field = (key: string, type: string, config: object = {}) => ({ key, type, config });
const form = (id: string, key: string, fields: ReturnType<typeof field>[]) => ({
  id,
  appId: 'a',
  key,
  name: key,
  fields,
});
const customers = form('c', 'customer', []);
const fields = [
  field('who', 'relation', { formId: 'c' }),
  field('stage', 'select', { stages: true }),
  field('sum', 'money'),
];
const catalog = (deals: ReturnType<typeof field>[]) => ({
  apps: [{ id: 'a', key: 'crm' }],
  forms: [customers, form('d', 'opportunity', deals)],
});

describe('open deals', () => {
  it('are read by the fields that say whose they are, how far and how much', () => {
    const found = dealFields(catalog(fields));
    expect([found?.customer.key, found?.stage.key, found?.amount?.key]).toEqual(['who', 'stage', 'sum']);
    expect(dealFields(catalog(fields.slice(1)))).toBeUndefined();
    expect(dealFields(catalog([field('who', 'relation', { formId: 'x' }), ...fields.slice(1)]))).toBeUndefined();
  });

  it('leave out the stages that end a deal', () => {
    const ids = ['初步接触', '商务谈判', '赢单', '输单', 'Closed won'];
    expect(ids.filter(endsDeal)).toEqual(['赢单', '输单', 'Closed won']);
    const asked = openDeals(
      { customer: { key: 'who' }, stage: { key: 'stage' } },
      ['c1'],
      ids.map((id) => ({ id, label: id })),
    );
    expect(asked).toEqual({
      and: [
        { field: 'who', op: 'in', value: ['c1'] },
        { field: 'stage', op: 'in', value: ['初步接触', '商务谈判'] },
      ],
    });
  });
});
