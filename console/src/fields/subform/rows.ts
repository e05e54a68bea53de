import { isDerived, shownAs } from '@lianke/shared/fields/derived';
import { fieldTypes } from '@lianke/shared/fields/registry';
import type { SubformConfig } from '@lianke/shared/fields/subform/schema';
import { Dec } from '@lianke/shared/formulas/decimal';
import { isJsonObject, type Json } from '@lianke/shared/json';
import type { ReadField } from '../../api/queries.js';
import type { FieldLike } from '../renderer.js';

/** A row on screen. Without `values` it is one of a list of records, which shows only what rows are called. */
export interface Row {
  id: string;
  label?: string;
  values?: Record<string, Json>;
}

/** The fields of a subform's rows as fields of a form; drafts that have no id yet go by their name. */
export function innerFields(field: Pick<FieldLike, 'config'>): ReadField[] {
  const { fields = [] } = field.config as Partial<SubformConfig>;
  return fields.map((inner) => ({
    ...inner,
    id: inner.id ?? inner.name,
    key: inner.key ?? inner.id ?? inner.name,
    writable: inner.writable !== false && !isDerived(inner.type as ReadField['type']),
  })) as ReadField[];
}

export function rowsOf(value: Json | undefined): Row[] {
  return Array.isArray(value) ? value.filter((row): row is Json & Row => isJsonObject(row)) : [];
}

export function maxRowsOf(field: Pick<FieldLike, 'config'>): number {
  return typeof field.config.maxRows === 'number' ? field.config.maxRows : 1000;
}

/** Numbers that say how much one is, or a share: their sum says nothing. */
const perPiece =
  /单价|均价|售价|进价|报价|折扣|汇率|税率|比例|比率|系数|年龄|序号|行号|price|rate|ratio|discount|percent/i;

/** Fields whose values are added up under the table. */
export function isSummed(field: Pick<FieldLike, 'type' | 'config' | 'name'>): boolean {
  const shown = shownAs(field);
  return (
    fieldTypes[shown.type].storage === 'numeric' &&
    !['percent', 'rating', 'slider'].includes(shown.type) &&
    !perPiece.test(field.name)
  );
}

/** The sum of a field over the rows, exact; null when no row has a value. */
export function sumOf(rows: readonly Row[], key: string): string | null {
  const values = rows.flatMap((row) => {
    const value = row.values?.[key];
    return typeof value === 'string' || typeof value === 'number' ? [value] : [];
  });
  if (values.length === 0) return null;
  let sum = new Dec(0);
  for (const value of values) if (/^-?\d+(\.\d+)?$/.test(String(value))) sum = sum.plus(value);
  return sum.toFixed();
}
