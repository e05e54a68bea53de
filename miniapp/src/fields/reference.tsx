import type { Json } from '../data/record-types.js';
import { isRef } from '../data/record-types.js';
import { refsOf } from './many-picker.js';
import type { FieldRenderer } from './types.js';

/** What member, department and relation fields have in common: read as `{id, label}`, written as the id. */
export const reference: Pick<FieldRenderer, 'format' | 'toWire'> = {
  format: (value) => (isRef(value) ? value.label : ''),
  toWire: (value: Json) => (isRef(value) ? value.id : value),
};

/** The same for lists of them. */
export const references: Pick<FieldRenderer, 'format' | 'toWire'> = {
  format: (value, _field, { t }) =>
    refsOf(value)
      .map((item) => item.label)
      .join(t('common.comma')),
  toWire: (value: Json) => (Array.isArray(value) ? value.map((item) => (isRef(item) ? item.id : item)) : value),
};
