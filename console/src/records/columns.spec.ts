import { describe, expect, it } from 'vitest';
import type { FormView } from '../api/queries.js';
import { clampWidth, columnsOf, moveKey, usualColumns } from './columns.js';

const field = (key: string, type = 'text', more = {}) => ({
  id: `f_${key.padEnd(10, '0')}`,
  key,
  name: key,
  type,
  config: {},
  rules: {},
  writable: true,
  ...more,
});
const form = {
  fields: [
    field('code', 'autonumber'),
    field('name'),
    field('grade', 'select'),
    field('owner', 'member', { system: true }),
    field('updatedAt', 'datetime', { system: true }),
  ],
  layout: { sections: [] },
  settings: { summaryFields: [] },
} as unknown as FormView;
const keys = (...args: Parameters<typeof columnsOf>) => columnsOf(...args).map((column) => column.field.key);

describe('columnsOf', () => {
  it('begins with the title', () => {
    expect(usualColumns(form)).toEqual(['code', 'name', 'grade', 'owner', 'updatedAt']);
    expect(keys(form, [], {})).toEqual(['name', 'code', 'grade', 'owner', 'updatedAt']);
  });
  it('takes the view’s columns by id or key, then the person’s', () => {
    expect(keys(form, ['grade', 'f_code000000'], {})).toEqual(['name', 'grade', 'code']);
    expect(keys(form, ['grade'], { columns: ['owner', 'gone'] })).toEqual(['name', 'owner']);
  });
  it('keeps widths in bounds', () => {
    const [name, code] = columnsOf(form, [], { widths: { name: 10, code: 222.4 } });
    expect(name?.width).toBe(60);
    expect(code?.width).toBe(222);
    expect(clampWidth(5000)).toBe(800);
  });
});

describe('moveKey', () => {
  it('moves in both directions and ignores strangers', () => {
    expect(moveKey(['a', 'b', 'c'], 'a', 'c')).toEqual(['b', 'c', 'a']);
    expect(moveKey(['a', 'b', 'c'], 'c', 'a')).toEqual(['c', 'a', 'b']);
    expect(moveKey(['a', 'b'], 'x', 'a')).toEqual(['a', 'b']);
  });
});
