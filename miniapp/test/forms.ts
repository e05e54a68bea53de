import type { FormView, ReadField } from '../src/data/record-types.js';

let count = 0;

/** A field for tests; config and rules as given. */
export function field(type: ReadField['type'], key: string, name: string, extra: Partial<ReadField> = {}): ReadField {
  const id = `f_${String(++count).padStart(10, '0')}` as ReadField['id'];
  return { id, key, name, type, config: {}, rules: {}, writable: true, ...extra };
}

export function form(key: string, name: string, fields: ReadField[], extra: Partial<FormView> = {}): FormView {
  const id = `00000000-0000-7000-8000-${String(++count).padStart(12, '0')}`;
  return {
    id: id as FormView['id'],
    appId: '00000000-0000-7000-8000-0000000000aa' as FormView['appId'],
    key,
    name,
    version: 1,
    fields,
    layout: { sections: [] },
    settings: { summaryFields: [] },
    actions: ['view', 'create', 'edit', 'delete'],
    updatedAt: '2025-03-01T00:00:00Z',
    ...extra,
  };
}
