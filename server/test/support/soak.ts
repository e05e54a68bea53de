import { appendFileSync } from 'node:fs';

/** Full counts instead of the suite's small ones: `npm run soak`. */
export const soaking = process.env.SOAK === '1';

/** Processes that do a part's full counts together: each does its share. */
export const shares = Number(process.env.SOAK_SHARES ?? 1);

const minutes = Number(process.env.SOAK_MINUTES ?? Number.POSITIVE_INFINITY);

/**
 * False once the minutes given to this run are over, or the `share` of them that its first parts may use: the report then shows
 * how far it came.
 */
export const timeLeft = (share = 1): boolean => performance.now() < minutes * 60_000 * share;

/** Hands what a test did to the report of `npm run soak`: counts by name. A part that never gets here shows none. */
export function noteFacts(part: string, facts: Record<string, number>): void {
  const file = process.env.SOAK_FACTS;
  if (file) appendFileSync(file, `${JSON.stringify({ part, facts })}\n`);
}
