import type { FieldTypeName } from '../fields/registry.js';
import type { Comparison, StorageKind } from '../fields/types.js';
import type { FilterField } from './condition-test.js';
import { filterOps } from './ops.js';

/**
 * How values of each type compare, without the types themselves: phones evaluate conditions without loading every
 * type's schema. A test keeps it equal to the registry.
 */
const kinds: Partial<Record<FieldTypeName, StorageKind | readonly [StorageKind, Comparison]>> = {
  richText: ['text', 'markup'],
  number: 'numeric',
  money: 'numeric',
  percent: 'numeric',
  rating: 'numeric',
  slider: 'numeric',
  date: 'date',
  datetime: 'timestamptz',
  time: ['text', 'clock'],
  dateRange: ['text', 'period'],
  multiSelect: 'text[]',
  cascader: ['text', 'path'],
  tags: 'text[]',
  switch: 'boolean',
  phone: 'text[]',
  member: 'uuid',
  members: 'uuid[]',
  department: 'uuid',
  departments: 'uuid[]',
  relation: 'uuid',
  relations: 'uuid[]',
  subform: 'uuid[]',
  attachment: 'uuid[]',
  image: 'uuid[]',
  signature: 'uuid[]',
  location: ['jsonb', 'point'],
  address: 'jsonb',
  lastContact: 'timestamptz',
};

/** A field as conditions see it; which operators it allows was checked when the condition was stored. */
export function filterKindOf(type: FieldTypeName): FilterField {
  const kind = kinds[type] ?? 'text';
  return typeof kind === 'string'
    ? { storage: kind, operators: filterOps }
    : { storage: kind[0], compares: kind[1], operators: filterOps };
}
