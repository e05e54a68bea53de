import type { Json } from '@lianke/shared/json';
import type { FieldMeta } from '../../forms/form-meta.js';
import type { StoredValues } from '../contracts.js';
import { above, linkedFields, takeLinked } from '../linked/linked-values.js';
import type { PreparedRow } from './prepare.js';
import type { Work } from './work.js';

/**
 * Fills fields that take their value from another form: on a new record those that its sender left out, on an old one
 * those whose deciding fields he changed without naming the field itself. Taking a batch back computes nothing anew.
 */
export async function fillLinked(
  work: Work,
  rows: readonly PreparedRow[],
  before: (row: PreparedRow) => StoredValues | undefined,
  /** Of rows: the record they belong to, as it is to be and as it was. */
  holder?: (row: PreparedRow) => { now: StoredValues; was: StoredValues | undefined },
): Promise<void> {
  if (work.ctx.cause.door === 'undo') return;
  const access = work.scope.accessOf(work.form);
  for (const linked of linkedFields(work.form)) {
    const { field, by, from } = linked;
    // A formula over what the writer does not see is none of his: what stands is left alone.
    if (from.kind === 'formula' && !by.every((item) => access.compares(item))) continue;
    const outer = holder ? above(work.form, linked) : [];
    const due = rows.filter((row) => {
      if (field.id in row.given) return false;
      const old = before(row);
      const masked = (item: FieldMeta) =>
        old !== undefined && access.masksIn(work.form, item, (other) => old[other.id] ?? null, work.scope.env);
      if (from.kind === 'formula' && by.some(masked)) return false;
      if (old === undefined || by.some((item) => item.id in row.values && differs(row, old, item.id))) return true;
      const record = outer.length > 0 ? holder?.(row) : undefined;
      return outer.some((item) => !same(record?.now[item.id], record?.was?.[item.id]));
    });
    if (due.length === 0) continue;
    const records = due.map((row) => {
      const record = outer.length > 0 ? holder?.(row) : undefined;
      const standing = Object.fromEntries(outer.map((item) => [item.id, record?.now[item.id] ?? null]));
      return { ...standing, ...before(row), ...row.values };
    });
    const values = await takeLinked(work.tx, work.scope, work.form, linked, records);
    for (const [index, row] of due.entries()) {
      const value = values[index] ?? null;
      if (value !== null || before(row)) row.values[field.id] = value;
    }
  }
}

function differs(row: PreparedRow, old: StoredValues, id: string): boolean {
  return !same(row.values[id], old[id]);
}

function same(a: Json | undefined, b: Json | undefined): boolean {
  return JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
}
