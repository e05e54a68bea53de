import type { z } from 'zod';
import { bad, isBlank, ok, type Parsed } from '../types.js';
import type { AddressValue } from './schema.js';

/** The parts in reading order, without blanks: what lists show and `contains` looks into. */
export function addressText(value: AddressValue): string {
  return [value.province, value.city, value.district, value.detail].filter(Boolean).join('');
}

/** An address in parts; a plain string becomes its detail. */
export function parseAddress(raw: unknown, shape: z.ZodType<AddressValue>): Parsed<AddressValue> {
  if (isBlank(raw)) return ok(null);
  const parsed = shape.safeParse(typeof raw === 'string' ? { detail: raw.trim() } : raw);
  // Something else than an address must not clear the one that stands there.
  const named = typeof raw !== 'object' || Object.keys(parsed.data ?? {}).some((part) => part in (raw as object));
  if (!parsed.success || !named) return bad('wrong_type', { expected: '地址' });
  return ok(addressText(parsed.data) === '' ? null : parsed.data);
}
