import { describe, expect, it } from 'vitest';
import { fieldTypeNames, fieldTypes } from '../fields/registry.js';
import { faultText } from './faults.js';
import { type ReadForm, recordFormulas } from './record-formulas.js';
import { rowFormulas } from './row-formulas.js';
import { type FormulaField, kindOfField } from './world.js';

const env = { now: new Date('2025-03-07T02:00:00Z'), timeZone: 'Asia/Shanghai' };
const field = (id: string, name: string, type: FormulaField['type'], config: object = {}): FormulaField => ({
  ...{ id, key: id, name, type },
  config: config as FormulaField['config'],
});
const formula = (id: string, name: string, expression: string, type = 'number') =>
  field(id, name, 'formula', { expression, result: { type, config: type === 'number' ? { decimals: 2 } : {} } });
const lines = field('lines', '明细', 'subform', {
  formId: 'part',
  parentField: 'up',
  fields: [field('price', '单价', 'money'), field('count', '数量', 'number'), formula('sum', '小计', '{单价}*{数量}')],
});
const order: ReadForm = {
  id: 'order',
  name: '订单',
  settings: {},
  fields: [
    field('title', '标题', 'text'),
    field('rate', '折扣', 'number'),
    field('customer', '客户', 'relation', { formId: 'customer' }),
    lines,
    formula('due', '应付', '{合计}*{折扣}'),
    formula('total', '合计', 'SUM({明细.小计})'),
    formula('region', '地区', '{客户.地区}', 'text'),
    formula('line', '摘要', '{客户}&"："&{标题}', 'text'),
  ],
};
const row = (id: string, values: Record<string, string | number>) => ({ id, values });

describe('the formulas of a record that is being filled in', () => {
  const compute = recordFormulas(order, env);

  it('add up the rows of a subform, whose own formulas come first', () => {
    const rows = [row('1', { price: '12.5', count: 2 }), row('2', { price: '3', count: 1, sum: 'stale' })];
    expect(compute({ rate: 0.5, lines: rows })).toMatchObject({ total: '28', due: '14' });
    expect(compute({ rate: 0.5, lines: null })).toMatchObject({ total: '0', due: '0' });
  });

  it('leave out what reads other records', () => {
    expect(Object.keys(compute({})).sort()).toEqual(['due', 'total']);
  });

  it('do not compute with stars', () => {
    const fields = order.fields.map((item) => (item.id === 'rate' ? { ...item, masked: true } : item));
    expect(Object.keys(recordFormulas({ ...order, fields }, env)({ rate: '**' }))).toEqual(['total']);
  });

  it('are blank while a number is half typed', () => {
    expect(compute({ rate: 'x', lines: [row('1', { price: '1', count: 1 })] })).toMatchObject({
      total: '1',
      due: null,
    });
  });

  it('of rows alone compute as they do in their record', () => {
    expect(rowFormulas(lines, env)({ price: '12.5', count: 2 })).toEqual({ sum: '25' });
  });
});

it('names each type that formulas cannot read as the registry does', () => {
  const unusable = fieldTypeNames.filter((type) => type !== 'subform' && !kindOfField({ type, config: {} }));
  expect(unusable.length).toBeGreaterThan(3);
  for (const type of unusable)
    for (const language of ['zh', 'en'] as const) {
      const params = { name: 'x', type: `@field:${type}` };
      const text = faultText({ code: 'field_unusable', at: { start: 0, end: 1 }, params }, language);
      expect(text).toContain(fieldTypes[type].label[language]);
    }
});
