import { fieldTypes } from '@lianke/shared/fields/registry';
import type { Json } from '@lianke/shared/json';
import type { ReadField } from '../api/queries.js';
import { shiftDecimal } from '../shared/format.js';
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
  /** Why the first skipped cell was. */
  reason: string;
}

/** People and departments are pasted by name, so their lists are needed. */
export interface Names {
  member: readonly { id: string; name: string }[];
  department: readonly { id: string; name: string }[];
  /** Records by relation field and title. */
  links?: Links;
}

/** A single copied cell fills the whole chosen block, as spreadsheets do; anything else stays as it is. */
export function spread(
  cells: string[][],
  block: { top: number; bottom: number; left: number; right: number },
): string[][] {
  const [only] = cells;
  if (cells.length !== 1 || only?.length !== 1) return cells;
  const line = Array.from({ length: block.right - block.left + 1 }, () => only[0] ?? '');
  return Array.from({ length: block.bottom - block.top + 1 }, () => [...line]);
}

/** Reads a block of pasted texts against the columns it falls on; what a field cannot hold is left out and counted. */
export function readPaste(cells: readonly (readonly string[])[], fields: readonly ReadField[], names: Names): Pasted {
  const out: Pasted = { rows: [], cells: 0, skipped: 0, reason: '' };
  cells.forEach((line, row) => {
    const values: Values = {};
    line.forEach((text, at) => {
      const field = fields[at];
      const parsed = field ? readCell(field, text.trim(), names) : undefined;
      if (field && parsed?.ok) {
        values[field.key] = parsed.value;
        out.cells++;
        return;
      }
      out.skipped++;
      out.reason ||= parsed && !parsed.ok ? parsed.reason : '';
    });
    if (Object.keys(values).length > 0) out.rows.push({ row, values });
  });
  return out;
}

function readCell(
  field: ReadField,
  text: string,
  names: Names,
): { ok: true; value: Json } | { ok: false; reason: string } {
  if (!field.writable || fieldTypes[field.type].kept) return { ok: false, reason: fieldMessage('not_writable') };
  if (text === '')
    return field.rules.required ? { ok: false, reason: fieldMessage('required') } : { ok: true, value: null };
  if (field.type === 'member' || field.type === 'department') {
    const found = names[field.type].find((item) => item.name === text);
    const code = field.type === 'member' ? 'no_such_member' : 'no_such_department';
    return found ? { ok: true, value: found.id } : { ok: false, reason: fieldMessage(code) };
  }
  if (field.type === 'relation') {
    const found = names.links?.get(field.key)?.get(text);
    return found ? { ok: true, value: found.id } : { ok: false, reason: fieldMessage('no_such_record') };
  }
  const type = fieldTypes[field.type];
  const config = type.config.safeParse(field.config);
  if (!config.success) return { ok: false, reason: config.error.message };
  const parsed = type.parse(rawOf(field, text), config.data);
  return parsed.ok
    ? { ok: true, value: parsed.value }
    : { ok: false, reason: fieldMessage(parsed.code, parsed.params) };
}

function rawOf(field: ReadField, text: string): unknown {
  switch (field.type) {
    case 'number':
      return digitsOf(text);
    case 'money': {
      const digits = digitsOf(text.replace(/[¥￥]/g, ''));
      return /万/.test(text) ? shiftDecimal(digits, 4) : digits;
    }
    case 'date':
    case 'datetime': {
      const match = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T](\d{1,2}):(\d{2}))?/.exec(text);
      if (!match) return text;
      const day = `${match[1]}-${match[2]?.padStart(2, '0')}-${match[3]?.padStart(2, '0')}`;
      return field.type === 'date' ? day : `${day}T${(match[4] ?? '0').padStart(2, '0')}:${match[5] ?? '00'}:00+08:00`;
    }
    case 'switch':
      return /^(是|true|1|yes|✓|√)$/i.test(text) ? true : /^(否|false|0|no)$/i.test(text) ? false : text;
    case 'multiSelect':
    case 'tags':
    case 'phone':
      return text.split(/[、,，;；]/);
    default:
      return text;
  }
}

/** A numeral without separators and unit; text that holds none stays as it is and is refused. */
function digitsOf(text: string): string {
  return text.replace(/[,，\s]/g, '').replace(/[^\d.+-]+$/, '') || text;
}
