import { Decimal } from 'decimal.js';
import { parseDecimal } from '../number/value.js';
import { bad, type Parsed } from '../types.js';

/** A number on one of the slider's stops, counted from `min`. */
export function parseSlider(
  raw: unknown,
  { min, max, step }: { min: number; max: number; step: number },
): Parsed<string> {
  const parsed = parseDecimal(raw, { decimals: 8, min, max });
  if (!parsed.ok || parsed.value === null) return parsed;
  return new Decimal(parsed.value).minus(min).mod(step).isZero() ? parsed : bad('off_step', { step });
}
