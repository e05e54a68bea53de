import { z } from 'zod';
import { fieldId } from '../../ids.js';
import { derivedBehaviour, derivedConfig } from '../formula/schema.js';
import type { FieldType } from '../types.js';

/** A field of the record that a relation of this form names. References in input may be keys or names. */
export const lookupConfig = z.object({
  relation: z.string().max(60),
  field: z.string().max(60),
  ...derivedConfig,
});
export type LookupConfig = z.infer<typeof lookupConfig>;

export const lookupField: FieldType<LookupConfig, string> = {
  type: 'lookup',
  label: { zh: '引用字段', en: 'Lookup' },
  group: 'relation',
  config: lookupConfig,
  ...derivedBehaviour,
};

/** True for what a stored reference to a field looks like. */
export function isFieldId(text: string): boolean {
  return fieldId.safeParse(text).success;
}
