import type { FormId } from '@lianke/shared/ids';
import type { Json } from '@lianke/shared/json';
import { isRowsState } from '@lianke/shared/records/rows';
import type { Tx } from '../../kernel/database/tx.js';
import type { FieldMeta } from '../forms/form-meta.js';
import { ownFields } from '../forms/subform-meta.js';
import type { Org } from '../org/org-directory.js';
import { maskedSql, scopeSql } from './sql/filter-sql.js';
import { Params } from './sql/params.js';
import type { ReadScope } from './sql/read-scope.js';
import { holdsRows, storedRows } from './subform-rows.js';

type Row = Record<string, unknown>;
type Column = Pick<FieldMeta, 'type' | 'config' | 'column' | 'part'>;

/** A stored value with stars, in its own shape. Fields that cannot be masked never get here: they are hidden. */
export function masked(field: Pick<FieldMeta, 'type'>, raw: unknown): Json {
  if (raw === null || raw === undefined || !field.type.mask) return null;
  return field.type.mask(raw as Json);
}

/** Labels of the references on one page of rows. */
export class Labels {
  constructor(
    private readonly org: Org,
    private readonly records: ReadonlyMap<FormId, ReadonlyMap<string, string>>,
    private readonly files: ReadonlyMap<string, { name: string; size: number; mime: string }>,
  ) {}

  /** A canonical value as it leaves through the API. */
  value(field: Column, raw: unknown): Json {
    if (raw === null || raw === undefined) return null;
    if (!field.type.refers) return raw as Json;
    if (field.type.refers === 'file')
      return (raw as string[]).flatMap((id) => {
        const file = this.files.get(id);
        return file ? [{ id, ...file }] : [];
      });
    const named = (id: string) => ({ id, label: this.label(field, id) });
    // Groups take lists apart: there a value of a list field is one id.
    return Array.isArray(raw) ? raw.map((id) => named(String(id))) : named(String(raw));
  }

  private label(field: Column, id: string): string {
    switch (field.type.refers) {
      case 'member':
        return this.org.nameOf(id);
      case 'department':
        return this.org.departments.get(id as never)?.name ?? '';
      default:
        return this.records.get(targetOf(field))?.get(id) ?? '';
    }
  }

  /** A group key: references carry their label, everything else is itself. */
  group(field: Column, raw: unknown): string | number | boolean | null | { id: string; label: string } {
    return this.value(field, raw) as string | number | boolean | null | { id: string; label: string };
  }
}

function targetOf(field: Column): FormId {
  return (field.config as { formId: FormId }).formId;
}

function idsIn(rows: readonly Row[], column: Column): string[] {
  const key = column.column.slice(1, -1);
  return [...new Set(rows.flatMap((row) => (row[key] ?? []) as string | string[]))];
}

/** The columns with the rows they are read from; subforms whose rows were read give way to the columns of those rows. */
function spread(columns: readonly Column[], rows: readonly Row[]): (readonly [Column, readonly Row[]])[] {
  return columns.flatMap((column): (readonly [Column, readonly Row[]])[] => {
    const { part } = column;
    const values = part ? rows.map((row) => row[column.column.slice(1, -1)]) : [];
    if (!part || !values.some((value) => holdsRows(value) || isRowsState(value))) return [[column, rows]];
    const inner = values.flatMap((value) => (isRowsState(value) ? value.rows : storedRows(value)));
    const own = ownFields(part);
    const read = inner.map((row) =>
      Object.fromEntries(own.map((field) => [field.column.slice(1, -1), row.values[field.id]])),
    );
    return own.map((field) => [field, read] as const);
  });
}

/** Whether the rows refer to anything whose label has to be read. */
export function hasReferences(columns: readonly Column[], rows: readonly Row[]): boolean {
  return spread(columns, rows).some(([column, at]) => {
    const { refers } = column.type;
    return (refers === 'record' || refers === 'file') && idsIn(at, column).length > 0;
  });
}

/**
 * Loads what the rows' references are called. Titles of related records are read under the reader's own rights on
 * their form: what he may not see has an empty label.
 */
export async function labelsFor(
  tx: Tx,
  columns: readonly Column[],
  rows: readonly Row[],
  scope: ReadScope,
  org: Org,
): Promise<Labels> {
  const wanted = new Map<FormId, Set<string>>();
  const fileIds = new Set<string>();
  for (const [column, at] of spread(columns, rows)) {
    if (column.type.refers === 'record') {
      const ids = wanted.get(targetOf(column)) ?? new Set();
      for (const id of idsIn(at, column)) ids.add(id);
      wanted.set(targetOf(column), ids);
    } else if (column.type.refers === 'file') {
      for (const id of idsIn(at, column)) fileIds.add(id);
    }
  }
  const [records, files] = await Promise.all([
    Promise.all(
      [...wanted].map(async ([formId, ids]) => [formId, await titlesOf(tx, formId, [...ids], scope)] as const),
    ),
    fileIds.size === 0
      ? []
      : tx.sql<{ id: string; name: string; size: number; mime: string }>(
          'SELECT id, name, size, mime FROM lianke.file WHERE id = ANY($1::uuid[])',
          [[...fileIds]],
        ),
  ]);
  return new Labels(org, new Map(records), new Map(files.map(({ id, ...file }) => [id, file])));
}

async function titlesOf(tx: Tx, formId: FormId, ids: string[], scope: ReadScope): Promise<Map<string, string>> {
  const form = scope.forms.get(formId);
  if (!form?.title || ids.length === 0) return new Map();
  const access = scope.accessOf(form);
  if (!access.may('view') || !access.mayRead(form.title)) return new Map();
  const { title } = form;
  const params = new Params();
  const where = [`t.id = ANY(${params.add(ids, 'uuid[]')})`, 't.deleted_at IS NULL'];
  const rowsOf = scopeSql(access.scope, form, 't', scope, params);
  if (rowsOf) where.push(rowsOf);
  const stars = maskedSql(title, form, 't', scope, params) ?? 'false';
  const rows = await tx.sql<{ id: string; label: string | null; stars: boolean }>(
    `SELECT t.id, t.${title.column}::text AS label, ${stars} AS stars FROM ${form.table} t WHERE ${where.join(' AND ')}`,
    params.values,
  );
  const told = (label: string | null, starred: boolean) => String((starred ? masked(title, label) : label) ?? '');
  return new Map(rows.map((row) => [row.id, told(row.label, row.stars)]));
}
