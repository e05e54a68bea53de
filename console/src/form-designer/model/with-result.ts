import type { DerivedResult } from '@lianke/shared/fields/derived';
import type { Json } from '@lianke/shared/json';

/** A computed field with what it gives, as pages read it; others as they are. */
export function withResult<Field extends { config: Record<string, Json> }>(
  field: Field,
  result: DerivedResult | undefined,
): Field {
  if (!result) return field;
  const told = { ...result, config: result.config as Record<string, Json> };
  return { ...field, config: { ...field.config, result: told } };
}
