import { separators } from '@lianke/shared/fields/tags/sheet';
import type { Json } from '@lianke/shared/json';
import type { Tx } from '../../../kernel/database/tx.js';
import { opened } from '../../sealed/sealed-rows.js';
import type { FieldMeta, FormMeta } from '../form-meta.js';
import type { ConverterFor } from './convert-names.js';
import { inWords, type Refusal } from './convert-value.js';

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
  /** Values that several records would have. */
  repeats: number;
}

/** How the values that stand in a field would fare as another type. */
export async function scanValues(
  tx: Tx,
  form: FormMeta,
  source: FieldMeta,
  convertFor: ConverterFor,
  timeZone: string,
): Promise<Scan> {
  const words = inWords(source.def, timeZone);
  const [count] = await tx.sql<{ n: number }>(
    `SELECT count(${source.column})::int AS n FROM ${form.table} WHERE deleted_at IS NULL`,
  );
  const scan: Scan = { total: count?.n ?? 0, scanned: 0, failing: 0, failures: [], repeats: 0 };
  const met = new Map<string, number>();
  for (let after: string | null = null; scan.scanned < scanned; ) {
    const rows: { id: string; value: Json }[] = await tx.sql<{ id: string; value: Json }>(
      `SELECT id, ${source.column} AS value FROM ${form.table}
       WHERE ($1::uuid IS NULL OR id > $1) AND deleted_at IS NULL AND ${source.column} IS NOT NULL ORDER BY id LIMIT ${step}`,
      [after],
    );
    const read = rows.map(({ id, value }) => ({ id, value: opened(source, value) }));
    const convert = await convertFor(
      tx,
      read.map((row) => row.value),
    );
    for (const { id, value } of read) {
      const { refusal, value: converted } = convert(value);
      if (!refusal && converted !== null) {
        const text = JSON.stringify(converted);
        const times = (met.get(text) ?? 0) + 1;
        met.set(text, times);
        if (times === 2) scan.repeats++;
      }
      if (!refusal) continue;
      scan.failing++;
      if (scan.failures.length < shownFailures) scan.failures.push({ id, value: words(value).slice(0, 100), refusal });
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
