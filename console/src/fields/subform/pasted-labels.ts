import { fieldTypes } from '@lianke/shared/fields/registry';
import type { Json } from '@lianke/shared/json';
import type { Reference } from '@lianke/shared/records/query';
import type { ReadField } from '../../api/queries.js';
import type { Names } from '../../records/paste.js';
import type { Values } from '../../records/values.js';

/** Pasted people, departments and records with their names, as the table shows them. */
export function labelled(fields: readonly ReadField[], values: Values, names: Names): Values {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => {
      const field = fields.find((item) => item.key === key);
      const known = field ? referencesFor(field, names) : undefined;
      if (!known) return [key, value];
      const one = (id: Json): Json => known.get(String(id)) ?? id;
      return [key, Array.isArray(value) ? value.map(one) : value === null ? null : one(value)];
    }),
  );
}

function referencesFor(field: ReadField, names: Names): Map<string, Reference> | undefined {
  const { refers } = fieldTypes[field.type];
  if (refers === 'member' || refers === 'department')
    return new Map([...names[refers]].map(({ id, name }) => [id, { id, label: name }]));
  if (refers !== 'record') return undefined;
  return new Map([...(names.links?.get(field.key)?.values() ?? [])].flatMap((item) => (item ? [[item.id, item]] : [])));
}
