import type { Json } from '../data/record-types.js';
import { isRef } from '../data/record-types.js';
import type { FieldRenderer } from './types.js';

/** What member, department and relation fields have in common: read as `{id, label}`, written as the id. */
export const reference: Pick<FieldRenderer, 'format' | 'toWire'> = {
  format: (value) => (isRef(value) ? value.label : ''),
  toWire: (value: Json) => (isRef(value) ? value.id : value),
};
