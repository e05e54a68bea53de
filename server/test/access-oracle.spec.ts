import { describe, expect, it } from 'vitest';
import { AccessWorld } from './support/access-world.js';
import { checkExplanation } from './support/access-world-explanations.js';
import { newSeed, seeded } from './support/random.js';
import { noteFacts, soaking } from './support/soak.js';

const worlds = soaking ? 500 : 12;
const queries = soaking ? 40 : 20;
const explanations = soaking ? 6 : 3;
const first = newSeed('access');
/** Each in a company of its own; `SEEDS=60` goes on through the 59 after the first. */
const seeds = Array.from({ length: Number(process.env.SEEDS ?? 1) }, (_, at) => first + at);

describe('random roles, scopes, shares, prohibitions, fields and rows', () => {
  it.each(seeds)(
    'answer every query as a naive oracle does, row for row, and name the rules that decide (SEED=%i)',
    async (seed) => {
      const world = await AccessWorld.create(seeded(seed));
      const facts = { worlds: 0, queries: 0, refused: 0, rows: 0, explanations: 0, removals: 0 };
      try {
        for (let at = 0; at < worlds; at++) {
          if (at % 10 === 0) await world.newRows();
          await world.newRights();
          facts.worlds++;
          for (let q = 0; q < queries; q++) {
            const { question, expected, actual } = await world.ask();
            expect(actual, `SEED=${seed} world ${at}: ${question}`).toEqual(expected);
            facts.queries++;
            if (typeof expected === 'string') facts.refused++;
            else facts.rows += expected.length;
          }
          for (let e = 0; e < explanations; e++) {
            facts.removals += await checkExplanation(world, `SEED=${seed} world ${at}`);
            facts.explanations++;
          }
        }
      } finally {
        await world.close();
      }
      // A run that refuses or finds nothing everywhere proves nothing.
      expect(facts.rows).toBeGreaterThan(facts.queries / 2);
      expect(facts.refused).toBeGreaterThan(0);
      expect(facts.removals).toBeGreaterThan(0);
      noteFacts('access', facts);
    },
    soaking ? 3_600_000 : 300_000,
  );
});
