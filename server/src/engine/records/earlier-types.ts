import { asJson, type Json } from '@lianke/shared/json';
import { isRowsState } from '@lianke/shared/records/rows';
import type { FieldMeta, FormMeta } from '../forms/form-meta.js';
import { ownFields } from '../forms/subform-meta.js';
import type { StoredValues } from './contracts.js';
import { holdsRows, storedRows } from './subform-rows.js';

/** The field's values may be told in history as another type's: it was converted, or its column was another field's. */
export function wasConverted({ definition }: Pick<FormMeta, 'definition'>, { id }: Pick<FieldMeta, 'id'>): boolean {
  return definition.columns?.[id] !== undefined;
}

/**
 * A value from before the field's type was converted, as far as it says something to the type it has now; rows of
 * subforms with what still fits in them.
 */
export function fitting(form: FormMeta, field: FieldMeta, value: unknown): Json {
  const raw = (value ?? null) as Json;
  if (raw === null) return raw;
  if (field.part) return fittingRows(field.part, raw);
  if (!wasConverted(form, field)) return raw;
  const parsed = field.type.parse(raw, field.config);
  return parsed.ok ? parsed.value : null;
}

function fittingRows(part: FormMeta, raw: Json): Json {
  const value: unknown = raw;
  const converted = ownFields(part).filter((field) => wasConverted(part, field));
  if (converted.length === 0) return raw;
  const fit = <Row extends { values: StoredValues }>(row: Row): Row => ({
    ...row,
    values: {
      ...row.values,
      ...Object.fromEntries(
        converted.flatMap((field) =>
          field.id in row.values ? [[field.id, fitting(part, field, row.values[field.id])]] : [],
        ),
      ),
    },
  });
  if (isRowsState(value)) return asJson({ ...value, rows: value.rows.map(fit) });
  return holdsRows(value) ? asJson(storedRows(value).map(fit)) : raw;
}
