import { fieldRenderers } from '../fields/registry.js';
import type { ValueProps } from '../fields/renderer.js';

/** A value by its field's type, as the API reads it; nothing for an empty value. */
export function FieldValue({ field, value }: ValueProps) {
  const { Value } = fieldRenderers[field.type];
  return <Value field={field} value={value} />;
}
