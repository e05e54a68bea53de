import type { z } from 'zod';
import { bad, isBlank, ok, type Parsed } from '../types.js';
import type { LocationValue } from './schema.js';

/** A point with optional name and address. */
export function parseLocation(raw: unknown, shape: z.ZodType<LocationValue>): Parsed<LocationValue> {
  if (isBlank(raw)) return ok(null);
  const parsed = shape.safeParse(raw);
  return parsed.success ? ok(parsed.data) : bad('wrong_type', { expected: '定位' });
}
