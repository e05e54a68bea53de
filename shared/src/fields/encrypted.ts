import type { FilterOp } from '../filter/ast.js';
import { shownAs } from './derived.js';
import { type FieldTypeName, fieldTypes } from './registry.js';
import type { FieldType } from './types.js';

/** What can be asked of a value that is stored encrypted: whether it is exactly another, or none. */
const exactOps: readonly FilterOp[] = ['eq', 'ne', 'in', 'nin', 'hasAny', 'hasAll', 'empty', 'notEmpty'];

const known = new Map<FieldTypeName, FieldType>();

/** A type as it is where its values are stored encrypted: found by equality alone, not sorted, grouped or searched. */
export function encryptedType(name: FieldTypeName): FieldType {
  let type = known.get(name);
  if (!type) {
    const plain = fieldTypes[name];
    type = {
      ...plain,
      operators: plain.operators.filter((op) => exactOps.includes(op)),
      aggregates: plain.aggregates.filter((fn) => fn === 'count' || fn === 'countDistinct'),
      sortable: false,
      groupable: false,
      searchable: false,
    };
    known.set(name, type);
  }
  return type;
}

/** What can be done with a field: its type's abilities, those of its result for a derived one, fewer when it is encrypted. */
export function behaviourOf(field: {
  type: FieldTypeName;
  config: Readonly<Record<string, unknown>>;
  encrypted?: boolean | undefined;
}): FieldType {
  const { type } = shownAs(field);
  return field.encrypted ? encryptedType(type) : fieldTypes[type];
}
