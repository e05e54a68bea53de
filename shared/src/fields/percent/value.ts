import { Decimal } from 'decimal.js';
import { parseDecimal } from '../number/value.js';
import { bad, type Parsed } from '../types.js';

/**
 * A share as a decimal string: 15 % is `0.15`, as spreadsheets hold it and formulas multiply by it. `"15%"` is read too.
 * Refusals count per cent, as the person typed it.
 */
export function parsePercent(
  raw: unknown,
  { decimals, min, max }: { decimals: number; min?: number; max?: number },
): Parsed<string> {
  const typed = typeof raw === 'string' ? /^\s*([+-]?[\d.]+)\s*[%％]\s*$/.exec(raw) : null;
  const plain = parseDecimal(typed ? typed[1] : raw, { decimals: typed ? decimals : decimals + 2 });
  if (!plain.ok || plain.value === null) return plain;
  const share = new Decimal(plain.value).div(typed ? 100 : 1);
  const percent = share.mul(100);
  if (min !== undefined && percent.lt(min)) return bad('too_small', { min: `${min}%` });
  if (max !== undefined && percent.gt(max)) return bad('too_big', { max: `${max}%` });
  return { ok: true, value: share.isZero() ? '0' : share.toFixed() };
}

/** `0.15` as `15`: the figure that people read and type. */
export function percentOf(share: string): string {
  return /^[+-]?\d+(\.\d+)?$/.test(share) ? new Decimal(share).mul(100).toFixed() : share;
}

/** `15` as `0.15`. */
export function shareOf(percent: string): string {
  return /^[+-]?\d+(\.\d+)?$/.test(percent) ? new Decimal(percent).div(100).toFixed() : percent;
}
