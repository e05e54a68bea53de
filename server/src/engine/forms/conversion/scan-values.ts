import { separators } from '@lianke/shared/fields/tags/sheet';
import type { Json } from '@lianke/shared/json';
import type { Tx } from '../../../kernel/database/tx.js';
import { opened } from '../../sealed/sealed-rows.js';
import type { FieldMeta, FormMeta } from '../form-meta.js';
import { parentOf } from '../subform-meta.js';
import type { ConverterFor } from './convert-names.js';
import { inWords, type Refusal } from './convert-value.js';
import { RepeatCount } from './repeat-count.js';

/** A preview looks at so many values at most. */
const scanned = 200_000;
const step = 5_000;
const shownFailures = 200;
export const maxOptions = 200;

export interface Scan {
  total: number;
  scanned: number;
  failing: number;
  failures: { id: string; value: string; refusal: Refusal }[];
  /** What would repeat and may not: the field's own values, and those of sets it is part of. */
  repeats: RepeatCount[];
}

type ScannedRow = { id: string; value: Json; record: string | null } & Record<string, Json>;

/** A column as text that is the same where the database takes values for the same: 1.50 and 1.5 are one number. */
function comparable({ column, storage }: FieldMeta): string {
  return storage === 'numeric' ? `trim_scale(${column})::text` : `${column}::text`;
}

/** How the values that stand in a field would fare as another type, and what of `together` would repeat then. */
export async function scanValues(
  tx: Tx,
  form: FormMeta,
  source: FieldMeta,
  convertFor: ConverterFor,
  timeZone: string,
  /** Fields whose values may not repeat, taken together; the converted field is one of each. */
  together: readonly (readonly FieldMeta[])[] = [],
): Promise<Scan> {
  const words = inWords(source.def, timeZone);
  const [count] = await tx.sql<{ n: number }>(
    `SELECT count(${source.column})::int AS n FROM ${form.table} WHERE deleted_at IS NULL`,
  );
  const scan: Scan = { total: count?.n ?? 0, scanned: 0, failing: 0, failures: [], repeats: [] };
  const ofRows = form.owner !== undefined;
  const record = ofRows ? parentOf(form).column : 'NULL::uuid';
  scan.repeats = together.map((fields) => new RepeatCount(fields, shownFailures, ofRows));
  const others = [...new Set(together.flat())].filter((field) => field.id !== source.id);
  const columns = others.map((field, index) => `, ${comparable(field)} AS o${index}`).join('');
  for (let after: string | null = null; scan.scanned < scanned; ) {
    const rows: ScannedRow[] = await tx.sql<ScannedRow>(
      `SELECT id, ${source.column} AS value, ${record} AS record${columns} FROM ${form.table}
       WHERE ($1::uuid IS NULL OR id > $1) AND deleted_at IS NULL AND ${source.column} IS NOT NULL ORDER BY id LIMIT ${step}`,
      [after],
    );
    const read = rows.map((row) => ({ row, value: opened(source, row.value) }));
    const convert = await convertFor(
      tx,
      read.map((item) => item.value),
    );
    for (const { row, value } of read) {
      const { refusal, value: converted } = convert(value);
      const said = () => words(value).slice(0, 100);
      const afterwards = (field: FieldMeta) =>
        field.id === source.id ? converted : (row[`o${others.indexOf(field)}`] ?? null);
      for (const repeats of refusal ? [] : scan.repeats)
        repeats.add(row.id, repeats.fields.map(afterwards), said, row.record);
      if (!refusal) continue;
      scan.failing++;
      if (scan.failures.length < shownFailures) scan.failures.push({ id: row.id, value: said(), refusal });
    }
    scan.scanned += rows.length;
    after = rows.at(-1)?.id ?? null;
    if (rows.length < step) break;
  }
  return scan;
}

/** The different texts that stand in a field, as options; undefined when there are too many to choose among. */
export async function distinctWords(
  tx: Tx,
  form: FormMeta,
  source: FieldMeta,
  many: boolean,
  timeZone: string,
): Promise<string[] | undefined> {
  const rows = await tx.sql<{ value: Json }>(
    `SELECT DISTINCT ${source.column} AS value FROM ${form.table} WHERE deleted_at IS NULL AND ${source.column} IS NOT NULL LIMIT 5000`,
  );
  const words = inWords(source.def, timeZone);
  const found = new Set<string>();
  for (const row of rows) {
    const value = opened(source, row.value);
    for (const word of many ? words(value).split(separators) : [words(value)]) {
      const label = word.trim();
      if (label !== '' && label.length <= 60) found.add(label);
    }
  }
  return rows.length < 5000 && found.size <= maxOptions ? [...found].sort() : undefined;
}
