import { noteFacts } from './soak.js';

/** Random numbers 0 ≤ x < 1 that a seed repeats (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** The seed of this run: SEED from the environment to repeat one, else `usual`, else a new one. It is printed. */
export function newSeed(test: string, usual?: number): number {
  const seed = Number(process.env.SEED ?? usual ?? (Date.now() + process.pid * 7919) % 2_147_483_648);
  console.info(`${test}: SEED=${seed}`);
  noteFacts(test, { seed });
  return seed;
}
