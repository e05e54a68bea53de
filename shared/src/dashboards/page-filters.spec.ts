import { expect, it } from 'vitest';
import { initialValues, pageConditions, pageFilter, suitsFilter, usualFilters } from './page-filters.js';

const form = '01900000-0000-7000-8000-000000000001';
const other = '01900000-0000-7000-8000-000000000002';
const person = '01900000-0000-7000-8000-000000000003';
const below = (id: string) => [`${id}-below`];

it('asks each form by its own field, the usual one, or not at all', () => {
  const filters = [pageFilter.parse({ id: 'd', type: 'date', fields: { [form]: 'signed', [other]: null } })];
  const values = { d: { rel: 'thisMonth' as const } };
  expect(pageConditions(filters, values, form, below)).toEqual([
    { field: 'signed', op: 'eq', value: { rel: 'thisMonth' } },
  ]);
  expect(pageConditions(filters, values, other, below)).toEqual([]);
  expect(pageConditions(filters, values, person, below)).toMatchObject([{ field: 'createdAt' }]);
});

it('a range may be open, a department brings those below it, nothing chosen asks nothing', () => {
  const ask = (values: object) => pageConditions(usualFilters, values as never, form, below);
  expect(ask({ date: { from: '2026-03-01', to: '2026-03-31' } })).toEqual([
    { field: 'createdAt', op: 'between', value: ['2026-03-01', '2026-03-31'] },
  ]);
  expect(ask({ date: { from: '2026-03-01' } })).toEqual([{ field: 'createdAt', op: 'gte', value: '2026-03-01' }]);
  expect(ask({ date: { to: '2026-03-31' } })).toEqual([{ field: 'createdAt', op: 'lte', value: '2026-03-31' }]);
  expect(ask({ department: ['x'], member: [person] })).toEqual([
    { field: 'department', op: 'in', value: ['x', 'x-below'] },
    { field: 'owner', op: 'in', value: [person] },
  ]);
  expect(ask({ date: {}, member: [], unknown: [person] })).toEqual([]);
  // A value of the wrong kind is as good as none.
  expect(ask({ date: [person], member: { rel: 'today' } })).toEqual([]);
});

it('only fields that can be asked stand behind a filter', () => {
  expect(suitsFilter('date', 'datetime')).toBe(true);
  expect(suitsFilter('member', 'member')).toBe(true);
  expect(suitsFilter('member', 'department')).toBe(false);
  expect(suitsFilter('department', 'text')).toBe(false);
  const filters = [pageFilter.parse({ id: 'd', type: 'date', initial: { rel: 'thisYear' } })];
  expect(initialValues(filters)).toEqual({ d: { rel: 'thisYear' } });
});
