import { describe, expect, it } from 'vitest';
import type { ReadField } from '../api/queries.js';
import { decidersOf, withoutFaults, withValue } from './visit-picks.js';

const field = (key: string, type: ReadField['type'], by?: string) =>
  ({
    id: `id-${key}`,
    key,
    name: key,
    type,
    config: {},
    rules: by ? { pickBy: [{ field: 'there', by: `id-${by}` }] } : {},
  }) as ReadField;
const fields = [
  field('company', 'relation'),
  field('contact', 'relation', 'company'),
  field('order', 'relation', 'contact'),
];
const [company, contact] = fields as [ReadField, ReadField];
const values = {
  company: { id: 'c1', label: '华兴' },
  contact: { id: 'p1', label: '王芳' },
  order: { id: 'o1', label: '1' },
};

describe('choices of a public page narrowed by other fields', () => {
  it('are asked for with what the deciding fields hold, as far as they stand on the page', () => {
    expect(decidersOf(fields, contact, values)).toEqual({ company: 'c1' });
    expect(decidersOf([contact], contact, values)).toEqual({});
    expect(decidersOf(fields, company, values)).toEqual({});
  });

  it('are cleared when what decided them changes, and what they decided with them', () => {
    const other = { id: 'c2', label: '明达' };
    expect(withValue(fields, values, company, other)).toEqual({ company: other, contact: null, order: null });
    expect(withValue(fields, values, company, { id: 'c1', label: '华兴公司' })).toEqual({
      company: { id: 'c1', label: '华兴公司' },
    });
    expect(withValue(fields, {}, company, other)).toEqual({ company: other });
  });

  it('take their old faults with them', () => {
    expect(withoutFaults({ 'rows[0].a': '1', rows: '2', rowset: '3' }, ['rows'])).toEqual({ rowset: '3' });
  });
});
