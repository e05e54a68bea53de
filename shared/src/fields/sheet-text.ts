import { Decimal } from 'decimal.js';
import { fold } from '../filter/fold.js';
import type { Json } from '../json.js';
import { civilClock, civilDate, civilOfUtc } from '../time/civil.js';
import type { SheetCell, SheetValue } from './sheet-types.js';
import type { Parsed } from './types.js';

/** The cell as a person reads it in the sheet: numbers without exponent, dates `YYYY-MM-DD` with the time if there is one. */
export function cellText(cell: SheetCell): string {
  if (cell === null) return '';
  if (typeof cell === 'string') return cell;
  if (typeof cell === 'boolean') return cell ? '是' : '否';
  if (typeof cell === 'number') return numberText(cell);
  if (Number.isNaN(cell.getTime())) return '';
  const civil = civilOfUtc(new Date(Math.round(cell.getTime() / 1000) * 1000));
  const clock = civilClock(civil);
  return clock === '00:00' ? civilDate(civil) : `${civilDate(civil)} ${clock}`;
}

/** Up to fifteen significant digits, as a spreadsheet holds them: 0.1 + 0.2 reads 0.3. */
function numberText(value: number): string {
  if (!Number.isFinite(value)) return '';
  if (Number.isSafeInteger(value)) return String(value);
  const text = String(Number(value.toPrecision(15)));
  return text.includes('e') ? new Decimal(text).toFixed() : text;
}

/** Text for comparing names and options: outer and inner blanks gone, full-width forms and capitals folded. */
export function bare(text: string): string {
  return fold(text).replace(/[\s\u00a0\u200b\ufeff]+/gu, '');
}

/** True for what people type into a cell to say "nothing". */
export function saysNothing(text: string): boolean {
  return /^(?:[-—–/\\、.。\s]+|无|暂无|没有|n\/?a|null|nil|none|空)?$/i.test(text.trim());
}

/** The answer of a field type's own parser as a cell's answer. */
export function fromParsed<Value extends Json>(parsed: Parsed<Value>): SheetValue {
  return parsed.ok ? { value: parsed.value } : { value: null, problem: { code: parsed.code, params: parsed.params } };
}

/** What stands between 、,; and line breaks. */
export function partsOf(text: string): string[] {
  return text
    .split(/[、,，;；\n]+/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
