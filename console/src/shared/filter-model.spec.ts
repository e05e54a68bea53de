import type { Filter } from '@lianke/shared/filter/ast';
import { describe, expect, it } from 'vitest';
import {
  bothOf,
  fromGroup,
  newCondition,
  type RuleCondition,
  toGroup,
  topLevel,
  usualOp,
  withOp,
} from './filter-model.js';

const grade = { id: 'f_0000000001', key: 'grade', name: '客户分级', type: 'select', config: {} } as const;
const name = { id: 'f_0000000002', key: 'name', name: '客户名称', type: 'text', config: {} } as const;

const a: Filter = { field: 'grade', op: 'eq', value: 'A' };
const b: Filter = { field: 'owner', op: 'eq', value: { me: true } };
const c: Filter = { field: 'phone', op: 'empty' };

describe('round trip', () => {
  it.each<[string, Filter]>([
    ['one condition', a],
    ['and', { and: [a, b] }],
    ['or', { or: [a, b, c] }],
    ['nested', { and: [a, { or: [b, c] }] }],
    ['not a condition', { not: a }],
    ['not a group', { and: [c, { not: { or: [a, b] } }] }],
  ])('%s', (_, filter) => expect(fromGroup(toGroup(filter))).toEqual(filter));

  it('drops rows that are not complete, and groups that become empty', () => {
    const group = toGroup({ and: [a, { or: [b] }] });
    group.rules.push(newCondition(grade), newCondition(undefined));
    group.rules.push({ ...toGroup(undefined), rules: [newCondition(name)] });
    expect(fromGroup(group)).toEqual({ and: [a, b] });
    expect(fromGroup(toGroup(undefined))).toBeUndefined();
  });
  it('asks all edges of a box, and takes them for no list when the operator changes', () => {
    const row = { kind: 'condition', id: 1, field: 'spot', op: 'within' } as const;
    const within = (value: RuleCondition['value']) => fromGroup({ ...toGroup(undefined), rules: [{ ...row, value }] });
    expect(within([121, 31, 122, null])).toBeUndefined();
    expect(within([121, 32, 122, 31])).toBeUndefined();
    expect(within([121, 31, 122, 32])).toEqual({ field: 'spot', op: 'within', value: [121, 31, 122, 32] });
    expect(withOp({ ...row, value: [121, 31, 122, 32] }, 'contains').value).toBeUndefined();
  });

  it('asks both ends of a range', () => {
    const row: RuleCondition = { kind: 'condition', id: 1, field: 'x', op: 'between', value: ['1', null] };
    expect(fromGroup({ ...toGroup(undefined), rules: [row] })).toBeUndefined();
    expect(fromGroup({ ...toGroup(undefined), rules: [{ ...row, value: ['1', '2'] }] })).toEqual({
      field: 'x',
      op: 'between',
      value: ['1', '2'],
    });
  });
});

describe('operators', () => {
  it('start with the usual one of the type', () => {
    expect(usualOp(name)).toBe('contains');
    expect(usualOp(grade)).toBe('in');
    expect(usualOp({ ...name, type: 'money' })).toBe('eq');
  });
  it('keep the value where it fits', () => {
    const row: RuleCondition = { kind: 'condition', id: 1, field: 'grade', op: 'eq', value: 'A' };
    expect(withOp(row, 'ne').value).toBe('A');
    expect(withOp(row, 'in').value).toEqual(['A']);
    expect(withOp(withOp(row, 'in'), 'eq').value).toBe('A');
    expect(withOp(row, 'empty').value).toBeUndefined();
    expect(withOp(row, 'between').value).toBeUndefined();
    expect(withOp({ ...row, op: 'between', value: ['1', '2'] }, 'in').value).toBeUndefined();
  });
});

describe('chips', () => {
  it('are the parts of a plain "and"', () => {
    expect(topLevel({ and: [a, b] })).toEqual([a, b]);
    expect(topLevel({ or: [a, b] })).toEqual([{ or: [a, b] }]);
    expect(topLevel(undefined)).toEqual([]);
  });
  it('join', () => {
    expect(bothOf(undefined, a)).toEqual(a);
    expect(bothOf({ and: [a, b] }, c)).toEqual({ and: [a, b, c] });
    expect(bothOf({ or: [a, b] }, c)).toEqual({ and: [{ or: [a, b] }, c] });
    expect(bothOf(undefined, undefined)).toBeUndefined();
  });
});
