import type { Language } from '@lianke/shared/errors/issue-text';
import type { FieldDef } from '@lianke/shared/forms/definition';
import type { FieldId, FormId, MemberId, TenantId } from '@lianke/shared/ids';
import type { Json } from '@lianke/shared/json';
import type { Tx } from '../../../kernel/database/tx.js';
import { gramSeparator, recordGrams } from '../../records/search-grams.js';
import { Params } from '../../records/sql/params.js';
import { RowSource } from '../../records/write/row-source.js';
import { opened, sealed } from '../../sealed/sealed-rows.js';
import { type FieldMeta, type FormMeta, userField } from '../form-meta.js';
import type { ConverterFor } from './convert-names.js';
import { sameStored } from './convert-value.js';

export interface ConversionRow {
  tenant_id: TenantId;
  id: string;
  form_id: FormId;
  field: FieldId;
  source: FieldDef;
  source_column: string;
  target: FieldDef;
  target_column: string;
  mark_column: string;
  undoes: string | null;
  match_by: string | null;
  state: 'running' | 'done' | 'failed' | 'canceled';
  cursor: string | null;
  done: number;
  total: number | null;
  failing: number;
  error: string | null;
  kept: boolean;
  /** The values were in the clear before: what is left of them outside of the new column goes next. */
  purge: boolean;
  created_by: MemberId | null;
  /** Of whoever began it: why it failed, and what the new version is noted for, is told in it. */
  language: Language;
  created_at: string;
  finished_at: string | null;
  epoch: number;
}

/** Both sides of a conversion as fields over the form's table. */
export interface Sides {
  source: FieldMeta;
  target: FieldMeta;
  /** Quoted. */
  mark: string;
}

export function sidesOf(
  form: FormMeta,
  row: Pick<ConversionRow, 'source' | 'source_column' | 'target' | 'target_column' | 'mark_column'>,
): Sides {
  return {
    source: userField(row.source, { [row.source.id]: row.source_column }, form),
    target: userField(row.target, { [row.target.id]: row.target_column }, form),
    mark: `"${row.mark_column}"`,
  };
}

/** Rows whose value is not, or no longer, in both columns. */
export function unconverted({ source, target, mark }: Sides): string {
  return `t.${mark} IS DISTINCT FROM t.version AND (t.${source.column} IS NOT NULL OR t.${target.column} IS NOT NULL)`;
}

/** A conversion ready to run. */
export interface Conversion {
  form: FormMeta;
  /** Whose table holds the values: the form, or that of a subform's rows. */
  holder: FormMeta;
  sides: Sides;
  forth: ConverterFor;
  /** Of one that takes another back: that one's way. A kept value that still says what stands now is kept to the letter. */
  back?: ConverterFor | undefined;
  /** The converted values are searched for; as a title also by their pinyin. */
  searched?: { title: boolean } | undefined;
}

export interface Step {
  /** The last record looked at; null when there was none. */
  cursor: string | null;
  rows: number;
  failing: number;
}

/**
 * Converts the next rows after `after`. A row that someone changes meanwhile is left for the next round: its version is
 * another one by then.
 */
export async function convertRows(
  tx: Tx,
  { holder, sides, forth, back, searched }: Conversion,
  after: string | null,
  limit: number,
): Promise<Step> {
  const { source, target, mark } = sides;
  const rows = await tx.sql<{ id: string; version: number; value: Json; kept: Json }>(
    `SELECT t.id, t.version, t.${source.column} AS value, t.${target.column} AS kept FROM ${holder.table} t
     WHERE ($1::uuid IS NULL OR t.id > $1) AND ${unconverted(sides)} ORDER BY t.id LIMIT ${limit}`,
    [after],
  );
  if (rows.length === 0) return { cursor: null, rows: 0, failing: 0 };
  let failing = 0;
  const read = rows.map((row) => ({ value: opened(source, row.value), kept: opened(target, row.kept) }));
  const convert = await forth(
    tx,
    read.map((row) => row.value),
  );
  const convertBack = await back?.(
    tx,
    read.map((row) => row.kept),
  );
  const values = read.map((row) => {
    if (convertBack && sameStored(convertBack(row.kept).value, row.value)) return row.kept;
    const converted = convert(row.value);
    if (converted.refusal) failing++;
    return converted.value;
  });
  const params = new Params();
  const rowSource = new RowSource(params);
  rowSource.key(
    'id',
    'uuid',
    rows.map((row) => row.id),
  );
  rowSource.key(
    'version',
    'int',
    rows.map((row) => row.version),
  );
  rowSource.set(
    target.column,
    target.storage,
    values.map((value) => sealed(target, value)),
  );
  const sets = rowSource.assignments.map(({ column, select }) => `${column} = ${select}`).join(', ');
  let grams = '';
  if (searched) {
    const world = { searchFields: [target], title: searched.title ? target : undefined };
    rowSource.key(
      'grams',
      'text',
      values.map((value) => recordGrams(world, { [target.id]: value })),
    );
    // A search looks at the values themselves too: grams of the old ones only cost room, until the record is next saved.
    grams = `, search_grams = ARRAY(SELECT unnest(t.search_grams) UNION SELECT unnest(string_to_array(v.grams, '${gramSeparator}')))`;
  }
  await tx.run(
    `UPDATE ${holder.table} t SET ${sets}${grams}, ${mark} = v.version FROM ${rowSource.from} WHERE t.id = v.id AND t.version = v.version`,
    params.values,
  );
  return { cursor: rows.at(-1)?.id ?? null, rows: rows.length, failing };
}

export const conversionColumns =
  'tenant_id, id, form_id, field, source, source_column, target, target_column, mark_column, undoes, match_by, state, cursor, done, total, failing, error, kept, purge, created_by, language, created_at, finished_at, epoch';
