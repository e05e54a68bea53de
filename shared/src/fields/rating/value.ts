import { Decimal } from 'decimal.js';
import { parseDecimal } from '../number/value.js';
import { bad, type Parsed } from '../types.js';

/** Stars from one (or a half) to `max`. */
export function parseRating(raw: unknown, { max, half }: { max: number; half?: boolean }): Parsed<string> {
  const step = half ? 0.5 : 1;
  const parsed = parseDecimal(raw, { decimals: 8, min: step, max });
  if (!parsed.ok || parsed.value === null) return parsed;
  return new Decimal(parsed.value).mod(step).isZero() ? parsed : bad('off_step', { step });
}
