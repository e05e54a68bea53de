import { describe, expect, it } from 'vitest';
import { type FieldTypeName, fieldTypes } from '../fields/registry.js';
import type { Json } from '../json.js';
import type { Filter, FilterOp, FilterValue } from './ast.js';
import { evaluate, FilterFault } from './evaluate.js';
import { fold } from './fold.js';

/** 00:30 of Wednesday 4 March in Shanghai, while it is still the 3rd in UTC. */
const env = { timeZone: 'Asia/Shanghai', now: new Date('2026-03-03T16:30:00Z'), me: 'm1', myDepartments: ['d1', 'd2'] };

function meets(type: FieldTypeName, value: Json | undefined, op: FilterOp, wanted?: FilterValue): boolean {
  const filter: Filter = { field: 'f', op, ...(wanted === undefined ? {} : { value: wanted }) };
  return evaluate(filter, () => ({ field: fieldTypes[type], value }), env);
}

describe('relative dates, half an hour after local midnight', () => {
  it.each([
    ['2026-03-04', 'today', true],
    ['2026-03-03', 'today', false],
    ['2026-03-03', 'yesterday', true],
    ['2026-03-02', 'thisWeek', true],
    ['2026-03-01', 'thisWeek', false],
    ['2026-03-01', 'thisMonth', true],
    ['2026-02-28', 'lastMonth', true],
    ['2026-03-03', 'overdue', true],
    ['2026-03-04', 'overdue', false],
  ] as const)('%s %s: %s', (date, rel, expected) => {
    expect(meets('date', date, 'eq', { rel })).toBe(expected);
  });

  it('bounds instants by the tenant’s midnight, not by UTC’s', () => {
    expect(meets('datetime', '2026-03-03T16:00:00.000Z', 'eq', { rel: 'today' })).toBe(true);
    expect(meets('datetime', '2026-03-03T15:59:59.999Z', 'eq', { rel: 'today' })).toBe(false);
    expect(meets('datetime', '2026-03-04T15:59:59.999Z', 'eq', { rel: 'today' })).toBe(true);
    expect(meets('datetime', '2026-03-03T15:59:59.999Z', 'lt', { rel: 'today' })).toBe(true);
  });

  it('counts the last seven days with today as one of them', () => {
    expect(meets('date', '2026-02-26', 'eq', { rel: 'lastNDays', n: 7 })).toBe(true);
    expect(meets('date', '2026-02-25', 'eq', { rel: 'lastNDays', n: 7 })).toBe(false);
    expect(meets('date', '2026-02-25', 'eq', { rel: 'moreThanNDaysAgo', n: 7 })).toBe(false);
    expect(meets('date', '2026-02-24', 'eq', { rel: 'moreThanNDaysAgo', n: 7 })).toBe(true);
  });
});

describe('empty values', () => {
  it.each(['text', 'number', 'date', 'select', 'member'] as const)('of %s meet the negative operators only', (type) => {
    const wanted = { text: 'a', number: 1, date: '2026-01-01', select: 'a', member: 'm1' }[type];
    expect(meets(type, null, 'ne', wanted)).toBe(true);
    expect(meets(type, null, 'eq', wanted)).toBe(false);
    expect(meets(type, undefined, 'empty')).toBe(true);
    expect(meets(type, null, 'notEmpty')).toBe(false);
  });

  it('meet `not` of everything they do not meet', () => {
    const lookup = () => ({ field: fieldTypes.text, value: null });
    expect(evaluate({ not: { field: 'f', op: 'contains', value: '' } }, lookup, env)).toBe(true);
    expect(evaluate({ and: [] }, lookup, env)).toBe(true);
    expect(evaluate({ or: [] }, lookup, env)).toBe(false);
  });
});

describe('texts and numbers', () => {
  it('`contains` and `startsWith` fold ASCII case and full-width forms; `eq` does not', () => {
    expect(fold('ＡＢｃ　１')).toBe('abc 1');
    expect(meets('text', '联客ＣＲＭ', 'contains', 'crm')).toBe(true);
    expect(meets('text', 'Abc', 'startsWith', 'ａB')).toBe(true);
    expect(meets('text', 'ABC', 'eq', 'abc')).toBe(false);
    // Only ASCII is folded: another alphabet’s capitals stay what they are.
    expect(meets('text', 'É', 'contains', 'é')).toBe(false);
  });

  it('compares decimals as decimals', () => {
    expect(meets('number', '1.50', 'eq', '1.5')).toBe(true);
    expect(meets('number', '9', 'lt', '10')).toBe(true);
    expect(meets('money', '99999999999999.99', 'gt', '99999999999999.98')).toBe(true);
    expect(meets('number', '0', 'notEmpty')).toBe(true);
  });

  it('puts the reader and his departments in place of `me` and `myDepartment`', () => {
    expect(meets('member', 'm1', 'eq', { me: true })).toBe(true);
    expect(meets('department', 'd2', 'in', [{ myDepartment: true }])).toBe(true);
    expect(meets('department', 'd3', 'in', [{ myDepartment: true }])).toBe(false);
  });

  it('asks sets for any or for all', () => {
    expect(meets('tags', ['a', 'b'], 'hasAny', ['b', 'c'])).toBe(true);
    expect(meets('tags', ['a', 'b'], 'hasAll', ['b', 'c'])).toBe(false);
    expect(meets('tags', ['a', 'b'], 'hasAll', ['b', 'a'])).toBe(true);
  });
});

it('names what cannot be evaluated', () => {
  const code = (work: () => unknown) => {
    try {
      work();
    } catch (error) {
      return error instanceof FilterFault ? error.code : String(error);
    }
    return 'evaluated';
  };
  expect(code(() => evaluate({ field: 'gone', op: 'eq', value: 1 }, () => undefined, env))).toBe('unknown_field');
  expect(code(() => meets('text', 'a', 'gt', 'b'))).toBe('operator_not_allowed');
  expect(code(() => meets('date', '2026-01-01', 'eq', '2026-02-30'))).toBe('invalid_filter_value');
  expect(code(() => meets('number', '1', 'between', [1]))).toBe('invalid_filter_value');
});
