import { Decimal } from 'decimal.js';
import { bad, isBlank, ok, type Parsed } from '../types.js';

const pattern = /^[+-]?(\d{1,30})(\.\d{1,30})?$/;

/** A decimal string without exponent, rounded half up to `decimals` digits; accepts a finite number or a plain numeral. */
export function parseDecimal(raw: unknown, config: { decimals: number; min?: number; max?: number }): Parsed<string> {
  if (isBlank(raw)) return ok(null);
  const text =
    typeof raw === 'number' && Number.isFinite(raw)
      ? new Decimal(raw).toFixed()
      : typeof raw === 'string'
        ? raw.trim()
        : '';
  if (!pattern.test(text)) return bad('bad_number');
  const value = new Decimal(text).toDecimalPlaces(config.decimals, Decimal.ROUND_HALF_UP);
  if (config.min !== undefined && value.lt(config.min)) return bad('too_small', { min: config.min });
  if (config.max !== undefined && value.gt(config.max)) return bad('too_big', { max: config.max });
  return ok(value.isZero() ? '0' : value.toFixed());
}
