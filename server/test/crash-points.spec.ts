import { afterAll, beforeAll, expect, it } from 'vitest';
import { newSeed, seeded } from './support/random.js';
import { ReferenceApp } from './support/reference-app.js';
import { rounds } from './support/reference-flow.js';
import { noteFacts, soaking, timeLeft } from './support/soak.js';

const kills = Number(process.env.KILLS ?? (soaking ? 2000 : 6));
/** Points a worker may pass before its last one; a deal needs about 400. */
const furthest = soaking ? 60 : 90;
const openAtOnce = 2;

let app: ReferenceApp;
beforeAll(async () => {
  app = await ReferenceApp.start();
});
afterAll(() => app.close());

it(
  `ends as if nothing had happened when workers are killed before and after every commit and request (${kills} kills)`,
  async () => {
    const random = seeded(newSeed('crash-points'));
    await app.open('◇平静');
    await app.finish();
    const wanted = await app.remains('◇平静');
    expect(wanted).toMatchObject({
      deal: { total: String((rounds * (rounds + 1)) / 2), state: '已批准' },
      dropped: ['草稿'],
      effects: ['{"deal":"◆"}', '{"inner":"◆"}'],
    });

    let killed = 0;
    let idle = 0;
    while (killed < kills && timeLeft()) {
      for (let n = (await app.going()).length; n < openAtOnce; n++) await app.open(`◇${app.deals.size}号`);
      const died = await app.letWork(await app.startWorker({ point: 1 + Math.floor(random() * furthest) }));
      await app.leasesEnd();
      if (died) killed += 1;
      else idle += 1;
    }
    await app.finish();
    for (const name of app.deals.keys()) expect(await app.remains(name), name).toEqual(wanted);
    const repeated = [...app.effects.asked.values()].filter((bodies) => bodies.length > 1);
    for (const bodies of repeated) expect(new Set(bodies).size).toBe(1);
    if (soaking) expect(repeated.length).toBeGreaterThan(0);
    noteFacts('crash-points', {
      kills: killed,
      workersOutOfWork: idle,
      deals: app.deals.size,
      steps: wanted.steps.length * app.deals.size,
      keys: app.effects.asked.size,
      requestsRepeatedWithTheirKey: repeated.length,
    });
  },
  soaking ? 14_400_000 : 300_000,
);
