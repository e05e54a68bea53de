import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Caller } from '../src/engine/flows/caller.js';
import { Dispatcher } from '../src/engine/flows/dispatcher.js';
import { Runner } from '../src/engine/flows/runner.js';
import { newSeed, seeded } from './support/random.js';
import { ReferenceApp, type Remains } from './support/reference-app.js';
import { noteFacts, soaking, timeLeft } from './support/soak.js';

const stops = soaking ? 100 : 1;
const together = soaking ? 40 : 2;

let app: ReferenceApp;
let wanted: Remains;
beforeAll(async () => {
  app = await ReferenceApp.start();
  await app.open('◇平静');
  await app.finish();
  wanted = await app.remains('◇平静');
});
afterAll(() => app.close());

describe('workers', () => {
  it(
    `that stood still past their lease are fenced out when they go on (${stops} times)`,
    async () => {
      const random = seeded(newSeed('fencing'));
      let stopped = 0;
      for (let deal = 0; stopped < stops && timeLeft(); deal += 1) {
        const name = `◇停${deal}号`;
        await app.open(name);
        // Anywhere: it may stand still in the middle of a transaction, whose locks end with its session.
        const zombie = await app.startWorker({ point: 5 + Math.floor(random() * 120), signal: 'SIGSTOP' });
        if (!(await app.standsAtPoint(zombie))) {
          await zombie.kill();
          await app.leasesEnd();
          await app.finish();
          continue;
        }
        try {
          await app.leasesEnd();
          await app.finish();
        } finally {
          zombie.child.kill('SIGCONT');
        }
        // It may do what it likes: nothing of that counts.
        await app.letWork(zombie);
        expect(await app.remains(name), name).toEqual(wanted);
        stopped += 1;
      }
      noteFacts('fencing', { stopped });
    },
    soaking ? 3_600_000 : 240_000,
  );

  it(
    `four at once, and each round begun three times by another: every effect once (${together} deals)`,
    async () => {
      const names = Array.from({ length: together }, (_, index) => `◇同时${index}号`);
      for (const name of names) await app.open(name);
      const workers = await Promise.all(Array.from({ length: 4 }, () => app.startWorker({ point: 0 })));
      const round = () =>
        Promise.all([
          app.whole.get(Dispatcher).work(),
          app.whole.get(Runner).work(),
          app.whole
            .get(Caller)
            .work()
            .catch(() => false),
        ]);
      for (let quiet = 0; quiet < 3; ) {
        await Promise.all([round(), round(), round()]);
        await app.agreeToAll();
        quiet = (await app.busy()) ? 0 : quiet + 1;
      }
      await Promise.all(workers.map((worker) => worker.kill()));
      await app.leasesEnd();
      await app.finish();
      for (const name of names) expect(await app.remains(name), name).toEqual(wanted);
    },
    soaking ? 1_800_000 : 240_000,
  );
});
