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
  const plain = plainDecimal(text, config.decimals);
  if (plain !== undefined && config.min === undefined && config.max === undefined) return ok(plain);
  if (!pattern.test(text)) return bad('bad_number');
  const value = new Decimal(text).toDecimalPlaces(config.decimals, Decimal.ROUND_HALF_UP);
  if (config.min !== undefined && value.lt(config.min)) return bad('too_small', { min: config.min });
  if (config.max !== undefined && value.gt(config.max)) return bad('too_big', { max: config.max });
  return ok(value.isZero() ? '0' : value.toFixed());
}

const plainPattern = /^(-?(?:0|[1-9]\d*))(?:\.(\d+))?$/;

/** A numeral that needs no rounding, in its shortest form, found without arithmetic; undefined for any other text. */
function plainDecimal(text: string, decimals: number): string | undefined {
  if (text.length > 30) return undefined;
  const parts = plainPattern.exec(text);
  if (!parts) return undefined;
  const [, whole = '', fraction = ''] = parts;
  if (fraction.length > decimals) return undefined;
  const digits = fraction.replace(/0+$/, '');
  if (digits !== '') return `${whole}.${digits}`;
  return whole === '-0' ? '0' : whole;
}
