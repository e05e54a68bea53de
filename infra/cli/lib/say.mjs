import { performance } from 'node:perf_hooks';

/** A failure that the reader can mend: printed as its message alone. */
export class PlainError extends Error {
  plain = true;
}

/** One line for the person at the terminal. */
export function say(line) {
  process.stdout.write(`${line}\n`);
}

/** Seconds with one decimal, since `start` (from `performance.now()`). */
export function seconds(start) {
  return `${((performance.now() - start) / 1000).toFixed(1)} s`;
}

/** Runs a stage and prints its line with the seconds it took. */
export async function stage(name, work) {
  const start = performance.now();
  const result = await work();
  say(`${name}  ${seconds(start)}`);
  return result;
}
