import type { FieldTypeName } from '../fields/registry.js';

/** Field types whose single values may name a record in a relation column of a file. */
export const namingTypes: readonly FieldTypeName[] = [
  'text',
  'autonumber',
  'phone',
  'email',
  'number',
  'barcode',
  'creditCode',
  'idNumber',
];

/** Field types by which rows of a file find the records they update; those that tell one record from another by themselves first. */
export const identifyingTypes: readonly FieldTypeName[] = [
  'creditCode',
  'idNumber',
  'autonumber',
  'barcode',
  'phone',
  'email',
  'url',
  'text',
  'number',
  'datetime',
  'relation',
  'money',
  'date',
  'time',
  'member',
  'department',
  'select',
];
