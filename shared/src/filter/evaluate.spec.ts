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

describe('places', () => {
  const bund = { lat: 31.24, lng: 121.49 };
  it('lie in a box or beside it, its edges included', () => {
    expect(meets('location', bund, 'within', [121, 31, 122, 32])).toBe(true);
    expect(meets('location', bund, 'within', [121.49, 31.24, 121.49, 31.24])).toBe(true);
    expect(meets('location', bund, 'within', [121.5, 31, 122, 32])).toBe(false);
    expect(meets('location', null, 'within', [-180, -90, 180, 90])).toBe(false);
  });

  it('lie on both sides of the date line in a box over it', () => {
    for (const [lng, expected] of [
      [179.9, true],
      [-179.9, true],
      [0, false],
    ] as const)
      expect(meets('location', { lat: 0, lng }, 'within', [179, -1, -179, 1])).toBe(expected);
  });

  it('of an address are the middle of its city; what names no known city lies nowhere', () => {
    expect(meets('address', { city: '上海市', detail: '外滩' }, 'within', [121, 31, 122, 32])).toBe(true);
    expect(meets('address', { province: '上海市' }, 'within', [121, 31, 122, 32])).toBe(true);
    expect(meets('address', { city: '杭州市' }, 'within', [121, 31, 122, 32])).toBe(false);
    expect(meets('address', { detail: '上海市外滩' }, 'within', [-180, -90, 180, 90])).toBe(false);
  });
});

it('asks a period for a day in common with those from one date to another', () => {
  const march = '2026-03-10/2026-03-20';
  expect(meets('dateRange', march, 'contains', ['2026-03-20', '2026-04-01'])).toBe(true);
  expect(meets('dateRange', march, 'contains', ['2026-03-21', '2026-04-01'])).toBe(false);
  expect(meets('dateRange', march, 'contains', ['2026-01-01', '2026-03-10'])).toBe(true);
  expect(meets('dateRange', march, 'contains', [null, '2026-03-09'])).toBe(false);
  expect(meets('dateRange', march, 'contains', [null, null])).toBe(true);
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
  expect(code(() => meets('text', '1', 'within', [0, 0, 1, 1]))).toBe('operator_not_allowed');
  for (const box of [
    [0, 0, 1],
    [0, 1, 1, 0],
    [0, 0, 1, 91],
    ['0', 0, 1, 1],
  ])
    expect(code(() => meets('location', { lat: 0, lng: 0 }, 'within', box))).toBe('invalid_filter_value');
});
