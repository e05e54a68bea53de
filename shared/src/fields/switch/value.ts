import { bad, isBlank, ok, type Parsed } from '../types.js';

/** true or false; nothing else is guessed. */
export function parseSwitch(raw: unknown): Parsed<boolean> {
  if (isBlank(raw)) return ok(null);
  return typeof raw === 'boolean' ? ok(raw) : bad('wrong_type', { expected: '是/否' });
}
