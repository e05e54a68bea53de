import type { FieldTypeName } from './registry.js';

/** What a derived field's values are like: those of a field of this type and config. Set by the server when the form is published. */
export interface DerivedResult {
  type: FieldTypeName;
  config: Record<string, unknown>;
}

export const derivedTypes = ['formula', 'lookup', 'rollup'] as const satisfies readonly FieldTypeName[];
export type DerivedType = (typeof derivedTypes)[number];

/** True for fields that are computed from others: nobody writes them. */
export function isDerived(type: FieldTypeName): type is DerivedType {
  return (derivedTypes as readonly string[]).includes(type);
}

/** The field whose behaviour (operators, display, format) a field has: its result's for derived fields, itself else. */
export function shownAs<Field extends { type: FieldTypeName; config: Readonly<Record<string, unknown>> }>(
  field: Field,
): Field {
  if (!isDerived(field.type)) return field;
  const result = field.config.result as DerivedResult | undefined;
  return { ...field, type: result?.type ?? 'text', config: result?.config ?? {} };
}
