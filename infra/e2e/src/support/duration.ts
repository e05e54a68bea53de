import { performance } from 'node:perf_hooks';

/** Milliseconds until all of these have come true, counted from now. */
export async function millisecondsUntil(...conditions: readonly Promise<unknown>[]): Promise<number> {
  const start = performance.now();
  await Promise.all(conditions);
  return performance.now() - start;
}

/** The one in the middle, so that a single pause of a busy machine does not decide. */
export function median(durations: readonly number[]): number {
  const sorted = [...durations].sort((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (middle === undefined) throw new Error('nothing was measured');
  return middle;
}
