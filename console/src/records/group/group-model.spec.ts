import { describe, expect, it } from 'vitest';
import type { ReadField } from '../../api/queries.js';
import { groupFilter, inOrder, lastDay, periodText } from './group-model.js';

const field = (type: string, config = {}) =>
  ({ id: 'f_0000000000', key: 'x', name: 'x', type, config, rules: {}, writable: true }) as unknown as ReadField;
const group = (key: never) => ({ groups: [key], metrics: {} });

describe('groupFilter', () => {
  it('names exactly the records of a group', () => {
    expect(groupFilter(field('select'), undefined, 'a')).toEqual({ field: 'f_0000000000', op: 'eq', value: 'a' });
    expect(groupFilter(field('member'), undefined, { id: 'm', label: '王芳' })).toMatchObject({ op: 'eq', value: 'm' });
    expect(groupFilter(field('tags'), undefined, '华东')).toMatchObject({ op: 'hasAny', value: ['华东'] });
    expect(groupFilter(field('text'), undefined, null)).toEqual({ field: 'f_0000000000', op: 'empty' });
    expect(groupFilter(field('datetime'), 'quarter', '2025-01-01')).toMatchObject({
      op: 'between',
      value: ['2025-01-01', '2025-03-31'],
    });
  });
});

describe('periods', () => {
  it('end on their last day and have a short name', () => {
    expect(lastDay('2024-02-01', 'month')).toBe('2024-02-29');
    expect(lastDay('2025-12-29', 'week')).toBe('2026-01-04');
    expect(periodText('2025-10-01', 'quarter')).toBe('2025 Q4');
  });
});

describe('inOrder', () => {
  const keys = (items: { groups: unknown[] }[]) => items.map((item) => item.groups[0]);
  it('keeps the order of options, empty last in both directions', () => {
    const stages = field('select', { options: [{ id: 'z' }, { id: 'a' }] });
    const items = [group(null as never), group('a' as never), group('z' as never)];
    expect(keys(inOrder(stages, 'asc', items, 0))).toEqual(['z', 'a', null]);
    expect(keys(inOrder(stages, 'desc', items, 0))).toEqual(['a', 'z', null]);
  });
  it('turns the order of plain values round', () => {
    const items = [group('1' as never), group('2' as never), group(null as never)];
    expect(keys(inOrder(field('number'), 'desc', items, 0))).toEqual(['2', '1', null]);
  });
});
