import { isDerived } from '@lianke/shared/fields/derived';
import { type FieldTypeName, fieldTypes } from '@lianke/shared/fields/registry';
import type { SecretText } from '@lianke/shared/flows/nodes/outside';
import type { ValueExpr } from '@lianke/shared/flows/values';
import type { FormView, ReadField } from '../../api/queries.js';

export const valueKinds = ['literal', 'ref', 'text', 'now', 'starter'] as const;
export type ValueKind = ValueExpr['kind'];

const textual: readonly FieldTypeName[] = ['text', 'longText', 'phone', 'email', 'url', 'barcode'];
const numeric: readonly FieldTypeName[] = ['number', 'money', 'percent', 'rating', 'slider'];
const temporal: readonly FieldTypeName[] = ['date', 'datetime', 'lastContact'];
const sets: readonly FieldTypeName[] = ['multiSelect', 'tags'];
/** Values that cannot be read as one line of text. */
const untextual: readonly FieldTypeName[] = ['attachment', 'image', 'signature'];

/** The ways in which a field of this type may get its value, the most usual first. */
export function kindsFor(type: FieldTypeName): ValueKind[] {
  if (type === 'text' || type === 'longText') return ['text', 'ref', 'literal'];
  if (textual.includes(type)) return ['ref', 'literal', 'text'];
  if (type === 'date' || type === 'datetime') return ['now', 'ref', 'literal'];
  if (type === 'member') return ['ref', 'starter', 'literal'];
  return ['ref', 'literal'];
}

/**
 * Whether a value of `from` fits into `to`. `from` undefined means the record of `form` itself, which fits a relation
 * to that form.
 */
export function fits(to: ReadField, from: ReadField | undefined, form: FormView): boolean {
  if (!from) return fieldTypes[to.type].refers === 'record' && to.config.formId === form.id;
  if (textual.includes(to.type)) return !untextual.includes(from.type);
  if (numeric.includes(to.type)) return numeric.includes(from.type);
  if (temporal.includes(to.type)) return temporal.includes(from.type);
  if (sets.includes(to.type)) return sets.includes(from.type) || from.type === 'select';
  if (to.type === 'select') return from.type === 'select' || from.type === 'text';
  const { refers, storage } = fieldTypes[to.type];
  if (refers) {
    const other = fieldTypes[from.type];
    if (other.refers !== refers || (storage === 'uuid' && other.storage !== 'uuid')) return false;
    return refers !== 'record' || from.config.formId === to.config.formId;
  }
  return to.type === from.type;
}

/** Fields that an assignment may name: what the system keeps is left out. */
export function assignable(field: ReadField): boolean {
  if (field.type === 'autonumber' || field.type === 'lastContact' || isDerived(field.type)) return false;
  return field.system !== true || field.id === 'owner';
}

/** Fields that a new record cannot do without. */
export function mustBeAssigned(field: ReadField): boolean {
  return field.rules.required === true && field.default === undefined && assignable(field);
}

/** A value of `kind` to begin with. */
export function emptyValue(kind: ValueKind): ValueExpr {
  switch (kind) {
    case 'literal':
      return { kind, value: null };
    case 'ref':
      return { kind, ref: { source: 'trigger', path: '' } };
    case 'text':
      return { kind, parts: [] };
    case 'now':
      return { kind, offset: 3, unit: 'day' };
    case 'starter':
      return { kind };
  }
}

/** True while the author has not said yet what the value is. A literal may be empty on purpose: it clears the field. */
export function isUnset(value: SecretText): boolean {
  if (value.kind === 'ref') return value.ref.path === '';
  if (value.kind === 'text') return value.parts.every((part) => 'text' in part && part.text.trim() === '');
  return false;
}
