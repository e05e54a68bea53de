import { describe, expect, it } from 'vitest';
import type { Condition } from '../filter/ast.js';
import { type Decided, decidedValues, type Names, presetOf } from './decided-values.js';

const field = (id: string, type: string, more: object = {}) => ({
  ...{ id, key: `${id}Key`, type: type as 'text', config: {}, writable: true },
  ...more,
});
const fields = [
  field('grade', 'select'),
  field('customer', 'relation', { config: { formId: 'f-customer' } }),
  field('owner', 'member'),
  field('amount', 'money'),
  field('labels', 'tags'),
  field('code', 'autonumber'),
  field('closed', 'switch', { writable: false }),
];

describe('a record made from a picker begins with what the condition decides', () => {
  it('an equal value, the only one of a list, tags, and references', () => {
    const decided = decidedValues(
      {
        and: [
          { field: 'grade', op: 'eq', value: 'a' },
          { field: 'amountKey', op: 'in', value: ['12.50'] },
          { field: 'labels', op: 'hasAll', value: ['大客户'] },
          { field: 'customer', op: 'eq', value: 'c1' },
          { field: 'owner', op: 'eq', value: { me: true } },
        ],
      },
      fields,
    );
    expect(decided).toEqual<Decided>({
      values: { gradeKey: 'a', amountKey: '12.50', labelsKey: ['大客户'] },
      references: [
        { key: 'customerKey', kind: 'record', formId: 'f-customer', id: 'c1' },
        { key: 'ownerKey', kind: 'member', id: { me: true } },
      ],
      whole: true,
    });
  });

  it('what leaves a choice, is computed, or is not the maker’s to write decides nothing and is said to be missing', () => {
    const asked: Condition[] = [
      { field: 'amount', op: 'gt', value: 5 },
      { field: 'grade', op: 'in', value: ['a', 'b'] },
      { field: 'code', op: 'eq', value: 'KH1' },
      { field: 'closed', op: 'eq', value: true },
      { field: 'customer.grade', op: 'eq', value: 'a' },
      { field: 'gone', op: 'eq', value: 'a' },
    ];
    for (const condition of asked)
      expect(decidedValues({ and: [condition] }, fields), condition.field).toEqual({
        ...{ values: {}, references: [], whole: false },
      });
    const either = {
      or: [{ field: 'grade', op: 'eq', value: 'a' } as const, { field: 'grade', op: 'eq', value: 'b' } as const],
    };
    expect(decidedValues(either, fields).whole).toBe(false);
    expect(decidedValues({ not: { field: 'grade', op: 'eq', value: 'a' } }, fields).whole).toBe(false);
  });

  it('no condition decides nothing, and nothing is missing', () => {
    expect(decidedValues(undefined, fields)).toEqual({ values: {}, references: [], whole: true });
  });
});

it('references come with their names; what may not be seen is left out', async () => {
  const names: Names = {
    me: () => ({ id: 'm1', label: '王芳' }),
    record: async (formId, id) => (formId === 'f-customer' && id === 'c1' ? { id, label: '巴比食品' } : undefined),
    member: async () => undefined,
    department: async () => undefined,
  };
  const preset = await presetOf(
    {
      values: { gradeKey: 'a' },
      references: [
        { key: 'customerKey', kind: 'record', formId: 'f-customer', id: 'c1' },
        { key: 'ownerKey', kind: 'member', id: { me: true } },
        { key: 'helperKey', kind: 'member', id: 'm9' },
      ],
      whole: true,
    },
    names,
  );
  expect(preset).toEqual({
    gradeKey: 'a',
    customerKey: { id: 'c1', label: '巴比食品' },
    ownerKey: { id: 'm1', label: '王芳' },
  });
});
