import { Decimal } from 'decimal.js';
import { fold } from '../../filter/fold.js';
import { cellText, fromParsed, saysNothing } from '../sheet-text.js';
import { emptyValue, refused, type SheetCell, type SheetFormat, type SheetValue } from '../sheet-types.js';
import type { Parsed } from '../types.js';
import type { NumberConfig } from './schema.js';
import { parseDecimal } from './value.js';

const units: Record<string, number> = {
  十: 10,
  百: 100,
  千: 1e3,
  万: 1e4,
  w: 1e4,
  k: 1e3,
  百万: 1e6,
  千万: 1e7,
  亿: 1e8,
};
const numeral = /^([+-]?)(\d{1,3}(?:,\d{3})+|\d+|)(\.\d+)?$/;
const shape = /^([^百千万亿十wk元%]*)(百万|千万|[十百千万亿wk])?(元|rmb|cny)?(整)?(%)?$/;

/** A number as people write it, and which unit it named itself: 万 (or 元) in the cell goes before the header's unit. */
export interface SheetNumber {
  value: Decimal;
  unit: boolean;
  percent: boolean;
}

/**
 * Reads `12.5万`, `125,000元`, `￥1,200.00`, `１２３`, `(300)`, `约20万`, `15%`; undefined for anything that is not exactly one
 * number, as `10-20万` or `待定`.
 */
export function readNumber(text: string): SheetNumber | undefined {
  let body = fold(text)
    .replace(/[\s，]/g, (char) => (char === '，' ? ',' : ''))
    .replace(/^(约|大约|共|计|人民币|rmb|cny)+/, '')
    .replace(/(左右|上下)$/, '')
    .replace(/^([+-]?)[¥￥$]/, '$1');
  const bracketed = /^\((.+)\)$/.exec(body);
  if (bracketed) body = `-${bracketed[1] ?? ''}`;
  const parts = shape.exec(body);
  const digits = numeral.exec(parts?.[1] ?? '');
  if (!parts || !digits || !(digits[2] || digits[3])) return undefined;
  if ((digits[2] ?? '').length + (digits[3] ?? '').length > 30) return undefined;
  const plain = new Decimal(`${digits[1] ?? ''}${(digits[2] ?? '').replaceAll(',', '') || '0'}${digits[3] ?? ''}`);
  const unit = parts[2] ?? '';
  return {
    value: plain.mul(units[unit] ?? 1),
    unit: unit !== '' || parts[3] !== undefined,
    percent: parts[5] !== undefined,
  };
}

/** A numeric cell in the field's own unit as a decimal text, or why not. `factor` applies unless the cell names its unit. */
export function readAmount(cell: SheetCell, factor: number): { text: string | null } | { problem: string } {
  if (cell === null) return { text: null };
  if (typeof cell === 'number') {
    if (!Number.isFinite(cell)) return { problem: String(cell) };
    if (factor === 1 && Math.abs(cell) < 1e15) return { text: cellText(cell) };
    return { text: new Decimal(cell.toPrecision(15)).mul(factor).toFixed() };
  }
  if (typeof cell !== 'string') return { problem: '' };
  if (saysNothing(cell)) return { text: null };
  const found = readNumber(cell);
  if (!found) return { problem: cell };
  return { text: (found.unit ? found.value : found.value.mul(factor)).toFixed() };
}

/** Differences below this share of a number are none: what is left over of a spreadsheet's binary arithmetic. */
const noise = 1e-12;

/** The answer of a parser that rounds, for the number that the cell says; `shown`: how people read what is kept. */
export function fromRounded(
  text: string,
  parsed: Parsed<string>,
  shown: (value: string) => string = (value) => value,
): SheetValue {
  const answer = fromParsed(parsed);
  if (!parsed.ok || parsed.value === null || parsed.value === text || !text.includes('.')) return answer;
  const said = new Decimal(text);
  const lost = said.minus(parsed.value).abs();
  return lost.lte(said.abs().mul(noise)) ? answer : { ...answer, rounded: shown(parsed.value) };
}

export const numberSheet: SheetFormat<NumberConfig> = {
  reader:
    (config, { factor = 1 }) =>
    (cell) => {
      // 15 % is 15 where the field counts per cent, else 0.15.
      if (typeof cell === 'string') {
        const found = readNumber(cell);
        if (found?.percent) {
          const text = (config.unit === '%' ? found.value : found.value.div(100)).toFixed();
          return fromRounded(text, parseDecimal(text, config));
        }
      }
      const amount = readAmount(cell, factor);
      if ('problem' in amount) return refused('bad_number');
      return amount.text === null ? emptyValue : fromRounded(amount.text, parseDecimal(amount.text, config));
    },
  write: (value) => decimalCell(value),
};

/** Decimals become numbers as long as a spreadsheet holds all their digits, else text. */
export function decimalCell(value: unknown): SheetCell {
  if (value === null || value === undefined) return null;
  const text = String(value);
  const number = Number(text);
  return new Decimal(text).eq(new Decimal(number.toPrecision(15))) ? number : text;
}
