import { type ValueRef, valueRef } from '@lianke/shared/flows/values';

/** References to values of the run, wherever they stand in a flow or a node. */
export function refsIn(value: unknown): ValueRef[] {
  if (typeof value !== 'object' || value === null) return [];
  const ref = valueRef.strict().safeParse(value);
  return ref.success ? [ref.data] : Object.values(value).flatMap(refsIn);
}
