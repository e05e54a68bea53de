import { shiftPoint } from '@lianke/shared/fields/number/numeral';
import { fieldTypes } from '@lianke/shared/fields/registry';
import { sheetFormats } from '@lianke/shared/fields/sheet-registry';
import { emptyValue, type Lookup, type SheetReadContext, type SheetValue } from '@lianke/shared/fields/sheet-types';
import type { Json } from '@lianke/shared/json';
import { departmentLookup } from '@lianke/shared/org/department-lookup';
import { memberLookup } from '@lianke/shared/org/member-lookup';
import type { ReadField } from '../api/queries.js';
import { i18n } from '../i18n/index.js';
import { aside, listing } from '../i18n/punctuation.js';
import { moneyPlaces, moneyUnit, timeZone } from '../shared/format.js';
import './i18n.js';
import type { Links } from './paste-links.js';
import { fieldMessage, type Values } from './values.js';

export interface PastedRow {
  /** Index into the rows that stand below the first pasted one. */
  row: number;
  values: Values;
}

export interface Pasted {
  rows: PastedRow[];
  cells: number;
  skipped: number;
  /** Why cells were skipped: the most frequent reasons, with their counts where there are several. */
  reason: string;
}

/** People and departments are pasted by name, so their lists are needed. */
export interface Names {
  member: Parameters<typeof memberLookup>[0];
  department: Parameters<typeof departmentLookup>[0];
  /** Records by relation field and title. */
  links?: Links;
}

/** Reads a block of pasted texts, as an import reads cells, against the columns it falls on; what a field cannot hold is left out and counted. */
export function readPaste(cells: readonly (readonly string[])[], fields: readonly ReadField[], names: Names): Pasted {
  const out: Pasted = { rows: [], cells: 0, skipped: 0, reason: '' };
  const reasons = new Map<string, number>();
  const [member, department] = [memberLookup(names.member), departmentLookup(names.department)];
  const readers = fields.map((field) =>
    readerOf(field, { timeZone: timeZone(), member, department, record: recordLookup(names.links, field) }),
  );
  const fixed = fields.map((field) => !field.writable || fieldTypes[field.type].kept === true);
  cells.forEach((line, row) => {
    const values: Values = {};
    line.forEach((text, at) => {
      // Nothing over a cell that stays as it is, or beside the table: there is nothing to tell.
      if (text.trim() === '' && fixed[at] !== false) return;
      const field = fields[at];
      const parsed = readers[at]?.(text.trim());
      if (field && parsed?.ok) {
        values[field.key] = parsed.value;
        out.cells++;
        return;
      }
      out.skipped++;
      const reason = parsed && !parsed.ok ? parsed.reason : fieldMessage('not_writable');
      reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    });
    if (Object.keys(values).length > 0) out.rows.push({ row, values });
  });
  out.reason = mostFrequent(reasons);
  return out;
}

const shownReasons = 3;

function mostFrequent(reasons: ReadonlyMap<string, number>): string {
  const sorted = [...reasons].sort(([, a], [, b]) => b - a).slice(0, shownReasons);
  return listing(sorted.map(([reason, count]) => (reasons.size === 1 ? reason : reason + aside(String(count)))));
}

type Read = { ok: true; value: Json } | { ok: false; reason: string };

/** How cells of a column are read; a cell of which only a part can be read is left out whole, with the reason. */
function readerOf(field: ReadField, context: SheetReadContext): (text: string) => Read {
  const type = fieldTypes[field.type];
  const no = (reason: string): Read => ({ ok: false, reason });
  if (type.kept) return () => no(i18n.t('records:pasteKept'));
  if (!field.writable) return () => no(fieldMessage('not_writable'));
  const config = type.config.safeParse(field.config);
  if (!config.success) return () => no(config.error.message);
  const plain = sheetFormats[field.type].reader(config.data as never, context);
  const read = storedAsNumber(field) ? measured(plain, ownUnit(field)) : plain;
  return (text) => {
    const { value, problem } = text === '' ? emptyValue : read(text);
    if (problem) return no(fieldMessage(problem.code, problem.params));
    return value === null && field.rules.required ? no(fieldMessage('required')) : { ok: true, value };
  };
}

const storedAsNumber = ({ type }: ReadField): boolean => fieldTypes[type].storage === 'numeric';

/** The unit a field's numbers are shown in, and how many places it moves their point. */
interface Unit {
  name: string;
  places: number;
}

function ownUnit({ type, config }: ReadField): Unit {
  if (type !== 'money') return { name: typeof config.unit === 'string' ? config.unit : '', places: 0 };
  const display = config.display === 'wan' ? 'wan' : 'yuan';
  const currency = typeof config.currency === 'string' ? config.currency : 'CNY';
  return { name: moneyUnit({ display, currency }), places: moneyPlaces({ display }) };
}

/** A unit behind a number is passed over: the field's own, or any word that is not part of the number as 万 is. */
function measured(read: (cell: string) => SheetValue, own: Unit): (cell: string) => SheetValue {
  return (text) => {
    if (own.name !== '' && text.endsWith(own.name))
      return read(shiftPoint(text.slice(0, -own.name.length).replace(/[,\s]/g, ''), own.places));
    const first = read(text);
    const parts = /^(.*\d)\s*([^\d.,%)）]+)$/.exec(text);
    if (!first.problem || !parts || /[十百千万亿]|^[wk]$/i.test(parts[2] ?? '')) return first;
    return read(parts[1] ?? '');
  };
}

/** Records by the names that were looked up for a column. */
function recordLookup(links: Links | undefined, field: ReadField): Lookup {
  const found = links?.get(field.key);
  return (text) => {
    const name = text.trim();
    const record = found?.get(name);
    if (record) return { value: record.id };
    const code = record === null ? 'ambiguous_record' : 'no_such_record';
    return { value: null, problem: { code, params: { value: name.slice(0, 60) } } };
  };
}
