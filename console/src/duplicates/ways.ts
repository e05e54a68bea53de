import type { SameAs } from '@lianke/shared/duplicates/api';
import { isDerived } from '@lianke/shared/fields/derived';
import { type FieldTypeName, fieldTypes } from '@lianke/shared/fields/registry';
import type { ReadField } from '../api/queries.js';

const unfit: readonly FieldTypeName[] = [
  'longText',
  'richText',
  'image',
  'attachment',
  'signature',
  'location',
  'subform',
];
const texts: readonly FieldTypeName[] = ['text', 'barcode', 'idNumber', 'creditCode', 'url', 'autonumber'];

/** The ways in which values of a field can be held to be the same, the likeliest first; the server allows the same. */
export function waysOf(field: ReadField): readonly SameAs[] {
  if (field.encrypted || isDerived(field.type) || unfit.includes(field.type)) return [];
  if (field.system && field.type !== 'member') return [];
  if (field.type === 'phone') return ['phone'];
  if (field.type === 'email') return ['email', 'exact'];
  if (texts.includes(field.type)) return ['loose', 'company', 'exact', 'phone', 'email'];
  return field.type in fieldTypes ? ['exact'] : [];
}
