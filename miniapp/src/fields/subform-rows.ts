import { isDerived } from '@lianke/shared/fields/derived';
import type { SubformConfig } from '@lianke/shared/fields/subform/schema';
import { isJsonObject } from '@lianke/shared/json';
import { configOf, type Json, type ReadField, type Values } from '../data/record-types.js';
import type { RowFormView } from '../data/rules.js';

/** A row of a subform as records are read; in lists only its label is known. */
export interface Row {
  id: string;
  label?: string;
  values?: Values;
}

export function rowsOf(value: Json | undefined): Row[] {
  return Array.isArray(value) ? value.filter((row): row is Json & Row => isJsonObject(row)) : [];
}

/** The fields of the rows as fields of a form. */
export function rowFields(field: ReadField): ReadField[] {
  const { fields = [] } = configOf<Partial<SubformConfig>>(field);
  return fields.map((inner) => ({
    ...inner,
    writable: inner.writable !== false && !isDerived(inner.type as ReadField['type']),
  })) as ReadField[];
}

/** The form of the rows. */
export function partOf(field: ReadField): string | undefined {
  return configOf<Partial<SubformConfig>>(field).formId;
}

/** The rows' fields as a form, for their rules. */
export function rowForm(field: ReadField): RowFormView {
  return { fields: rowFields(field), settings: { summaryFields: [] } };
}
