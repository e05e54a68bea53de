import { z } from 'zod';
import type { ShapeText } from '../errors/shape-texts.js';

/** Whether a text is an https address without credentials, query and fragment. */
export function isRelayAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  return url.protocol === 'https:' && url.username === '' && url.password === '' && !/[?#]/.test(text);
}

/**
 * Address of another system, on the one domain that the platform sends log-ins back to, which passes them on to ours with
 * all that stands behind the question mark.
 */
export const relayAddress = z
  .string()
  .trim()
  .max(200)
  .refine(isRelayAddress, 'relay_address' satisfies ShapeText);

/** What the other system's nginx needs: our address is fixed in it, so that it sends nobody anywhere else. */
export function relayRule(relay: string, callback: string): string {
  return `location = ${new URL(relay).pathname} {\n  return 302 ${callback}?$args;\n}`;
}
