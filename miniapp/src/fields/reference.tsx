import type { Json, ReadField } from '../data/record-types.js';
import { isRef } from '../data/record-types.js';
import type { Translate } from '../i18n/index.js';
import { refsOf } from './many-picker.js';
import type { FieldRenderer } from './types.js';

/** What a related record is called; one that the reader may not see has no name, and is there all the same. */
export function relatedName(label: string, field: Pick<ReadField, 'name'>, t: Translate): string {
  return label || t('field.unseen', { name: field.name });
}

/** What member, department and relation fields have in common: read as `{id, label}`, written as the id. */
export const reference: Pick<FieldRenderer, 'format' | 'toWire'> = {
  format: (value, field, { t }) => (isRef(value) ? relatedName(value.label, field, t) : ''),
  toWire: (value: Json) => (isRef(value) ? value.id : value),
};

/** The same for lists of them. */
export const references: Pick<FieldRenderer, 'format' | 'toWire'> = {
  format: (value, field, { t }) =>
    refsOf(value)
      .map((item) => relatedName(item.label, field, t))
      .join(t('common.comma')),
  toWire: (value: Json) => (Array.isArray(value) ? value.map((item) => (isRef(item) ? item.id : item)) : value),
};
