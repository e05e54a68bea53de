import { type FormulaForm, type FormulaWorld, subformsOf } from '@lianke/shared/formulas/world';
import { describe, expect, it } from 'vitest';
import { callAt, completionAt } from './formula-completion.js';

const field = (id: string, name: string, type: string, config = {}) => ({ id, key: id, name, type, config }) as never;
const customer: FormulaForm = {
  id: 'c',
  name: '客户',
  titleField: 'n',
  fields: [field('n', '名称', 'text'), field('g', '等级', 'text')],
};
const order: FormulaForm = {
  id: 'o',
  name: '订单',
  fields: [
    field('a', '金额', 'money'),
    field('r', '客户', 'relation', { formId: 'c' }),
    field('s', '明细', 'subform', { fields: [field('q', '数量', 'number')] }),
  ],
};
const world: FormulaWorld = { forms: [order, customer, ...subformsOf(order)] };
const at = (text: string) => completionAt(text, text.length, world, 'o');
const labels = (text: string) => at(text)?.items.map((item) => item.insert);

describe('completion', () => {
  it('offers functions by English and Chinese names, and fields by theirs', () => {
    expect(labels('ROU')?.[0]).toBe('ROUND(');
    expect(labels('1+求和')?.[0]).toBe('SUM(');
    expect(labels('金')).toContain('{金额}');
    expect(labels('12')).toBeUndefined();
    expect(labels('"SU')).toBeUndefined();
  });

  it('offers fields inside of braces, and what lies behind relations and in rows of subforms', () => {
    expect(labels('{')).toEqual(['金额}', '客户.', '明细.']);
    expect(labels('{客户.')).toEqual(expect.arrayContaining(['名称}', '等级}']));
    expect(labels('SUM({明细.数')).toEqual(['数量}']);
    expect(labels('{没有.')).toBeUndefined();
  });

  it('replaces what was typed', () => {
    expect(at('1+ROU')?.from).toBe(2);
    expect(at('{客户.等')?.from).toBe(4);
  });
});

it('tells which argument of which function the caret is in', () => {
  const call = (text: string) => callAt(text, text.length);
  expect(call('IF(AND(1,2),')).toEqual({ name: 'IF', argument: 1 });
  expect(call('如果（{a,b}，"x,y"，')).toEqual({ name: 'IF', argument: 2 });
  expect(call('SUM(1)')).toBeUndefined();
  expect(call('(1+')).toBeUndefined();
});
