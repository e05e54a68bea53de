import { describe, expect, it } from 'vitest';
import type { ReadField } from '../api/queries.js';
import { conflictOf } from './conflict.js';

const field = (key: string): ReadField =>
  ({
    id: `f_${key.padEnd(10, '0')}`,
    key,
    name: key,
    type: 'text',
    config: {},
    rules: {},
    writable: true,
  }) as ReadField;
const fields = [field('grade'), field('note')];
const current = {
  id: 'r',
  version: 5,
  label: '',
  values: { grade: 'B', note: 'x', updatedBy: { id: 'w', label: '王芳' } },
};

describe('conflictOf', () => {
  it('names both values and who was faster', () => {
    const conflict = conflictOf(fields, { grade: 'C', note: 'x' }, { grade: 'A' }, current);
    expect(conflict).toMatchObject({ recordId: 'r', version: 5, who: '王芳' });
    expect(conflict.fields.map((item) => [item.field.key, item.mine, item.theirs])).toEqual([['grade', 'A', 'B']]);
  });
  it('is empty when others changed other fields, or to the same value', () => {
    expect(conflictOf(fields, { grade: 'B', note: 'x' }, { note: 'y' }, current).fields).toEqual([]);
    expect(conflictOf(fields, { grade: 'C' }, { grade: 'B' }, current).fields).toEqual([]);
  });
  it('counts a clearing as a value', () => {
    const cleared = { ...current, values: { ...current.values, note: null } };
    expect(conflictOf(fields, { note: 'x' }, { note: 'y' }, cleared).fields).toHaveLength(1);
    expect(conflictOf(fields, { note: 'x' }, { note: null }, cleared).fields).toEqual([]);
  });
});
