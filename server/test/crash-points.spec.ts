import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { FlowId, RecordId, TaskId } from '@lianke/shared/ids';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { FlowsService } from '../src/engine/flows/flows.service.js';
import { RecordReader } from '../src/engine/records/record-reader.js';
import { RecordWriter } from '../src/engine/records/record-writer.js';
import { ApprovalsService } from '../src/engine/tasks/approvals.service.js';
import { EffectsServer } from './support/effects-server.js';
import { TestTenant } from './support/engine.js';
import { newSeed, seeded } from './support/random.js';
import { innerFlow, type ReferenceForms, referenceFlow, referenceForms, rounds } from './support/reference-flow.js';
import { noteFacts, soaking } from './support/soak.js';
import { type SourceProcess, startSourceProcess } from './support/source-process.js';
import { WholeApp } from './support/whole-app.js';

const kills = Number(process.env.KILLS ?? (soaking ? 2000 : 10));
/** Points a worker may pass before its last one; a deal needs about 400. */
const furthest = soaking ? 60 : 90;
const openAtOnce = 2;
const minuteMs = 60_000;
const doomed = fileURLToPath(new URL('support/doomed-worker.ts', import.meta.url));

let whole: WholeApp;
let tenant: TestTenant;
let forms: ReferenceForms;
let effects: EffectsServer;
/** Started and loaded, waiting for orders: a process takes seconds to begin. */
const ready: SourceProcess[] = [];

beforeAll(async () => {
  effects = await EffectsServer.start();
  whole = await WholeApp.start();
  const account = await whole.company('demo', '演示企业');
  tenant = new TestTenant(whole, account.tenantId, account.memberId);
  forms = await referenceForms(tenant);
  const target = effects.origin;
  const inner = await publish('子流程', innerFlow(forms, target));
  await publish('对照流程', referenceFlow(forms, { inner, approver: account.memberId, target }));
});
afterAll(async () => {
  await Promise.all(ready.map((process) => process.kill()));
  await whole.close();
  await effects.close();
});

async function publish(name: string, definition: Parameters<FlowsService['create']>[1]['definition']): Promise<FlowId> {
  const flows = whole.get(FlowsService);
  const flow = await flows.create(await tenant.ctx(), { appId: forms.appId, name, definition });
  await flows.publish(await tenant.ctx(), flow.id);
  return flow.id;
}

const sql = <Row>(text: string, values: string[] = []) =>
  whole.kernel.database.withTenant({ tenantId: tenant.id }, (tx) => tx.sql<Row>(text, values));

function load(): SourceProcess {
  const { ownerUrl, appUrl, systemUrl } = whole.kernel.database.urls;
  return startSourceProcess(doomed, [ownerUrl, appUrl, systemUrl, 'crash-points', effects.origin]);
}

/** The next worker, a little later than the last: what waited for time to pass is due. */
async function startWorker(point: number): Promise<SourceProcess> {
  while (ready.length < 3) ready.push(load());
  const worker = ready.shift() as SourceProcess;
  await worker.line(/^loaded$/);
  whole.kernel.clock.advance(2 * minuteMs);
  worker.say(JSON.stringify({ point, now: whole.kernel.clock.now().toISOString() }));
  return worker;
}

async function open(name: string): Promise<RecordId> {
  const writer = whole.get(RecordWriter);
  const rows = Array.from({ length: rounds }, (_, index) => ({
    values: { name: `第 ${index + 1} 项`, deal: name, n: index + 1 },
  }));
  await writer.write(await tenant.ctx(), { formId: forms.items.id, op: 'create', quiet: true, rows });
  const row = { values: { name, amount: 80_000 } };
  return (await writer.writeOne(await tenant.ctx(), { formId: forms.deals.id, op: 'create', row })).id as RecordId;
}

const isDone = async (deal: RecordId) =>
  (
    await sql(
      `SELECT 1 FROM lianke.run WHERE record_id = $1 AND parent_run_id IS NULL AND state NOT IN ('ready','waiting','calling')`,
      [deal],
    )
  ).length > 0;

/** Whether something is left that a worker of this moment can do. */
async function busy(): Promise<boolean> {
  const [row] = await sql<{ n: number }>(
    `SELECT (SELECT count(*) FROM lianke.event WHERE state = 'new')::int
          + (SELECT count(*) FROM lianke.run WHERE state IN ('ready','calling') OR wake_parent OR (state = 'waiting' AND due_at <= $1))::int AS n`,
    [whole.kernel.clock.now().toISOString()],
  );
  return (row?.n ?? 0) > 0;
}

async function agreeToAll(): Promise<void> {
  for (const { id } of await sql<{ id: TaskId }>(`SELECT id FROM lianke.task WHERE state = 'pending'`))
    await whole.get(ApprovalsService).decide(await tenant.ctx(), id, 'approved', undefined);
}

/** Lets a worker go on until it dies at its point or has nothing to do; answers whether it died by itself. */
async function letWork(worker: SourceProcess): Promise<boolean> {
  const ended = worker.ended().then(() => true);
  await worker.line(/^running$/).catch(() => undefined);
  for (let idle = 0; idle < 3; ) {
    if (await Promise.race([ended, sleep(60).then(() => false)])) return true;
    await agreeToAll();
    idle = (await busy()) ? 0 : idle + 1;
  }
  await worker.kill();
  return false;
}

/** Leases run by the database's clock and outlive their holder by up to a minute: this is that minute gone by. */
async function leasesOfTheDeadEnd(): Promise<void> {
  for (const table of ['event', 'run'])
    await sql(`UPDATE lianke.${table} SET lease_until = clock_timestamp() WHERE lease_until > clock_timestamp()`);
}

/** Everything a deal's flow left behind, without what differs from deal to deal. */
async function remains(deal: RecordId, name: string): Promise<unknown> {
  const ctx = await tenant.ctx();
  const reader = whole.get(RecordReader);
  const of = async (form: typeof forms.logs, field: string, value: string, deleted = false) =>
    (
      await reader.query(ctx, form.id, {
        filter: { field, op: 'eq', value },
        limit: 200,
        total: false,
        ...(deleted ? { deleted } : {}),
      })
    ).items;
  const clear = (text: unknown) => String(text).replaceAll(name, '◆');
  const { values, version } = await reader.get(ctx, forms.deals.id, deal);
  return {
    deal: { total: values.total, state: values.state, version },
    items: (await of(forms.items, 'deal', name))
      .map((item) => [item.values.name, item.values.done, item.version])
      .sort(),
    logs: (await of(forms.logs, 'deal', deal)).map((log) => [clear(log.values.title), log.version]).sort(),
    dropped: (await of(forms.logs, 'deal', deal, true)).map((log) => clear(log.values.title)),
    runs: await sql(
      `SELECT f.name, r.state, r.error FROM lianke.run r JOIN lianke.flow f ON f.tenant_id = r.tenant_id AND f.id = r.flow_id WHERE r.record_id = $1 ORDER BY 1`,
      [deal],
    ),
    steps: await sql(
      `SELECT s.node, s.scope, s.iteration, s.state FROM lianke.step s JOIN lianke.run r ON r.tenant_id = s.tenant_id AND r.id = s.run_id WHERE r.record_id = $1 ORDER BY 1, 2, 3`,
      [deal],
    ),
    tasks: await sql('SELECT node, state FROM lianke.task WHERE record_id = $1', [deal]),
    messages: (
      await sql<{ title: string; n: number }>(
        `SELECT card->>'title' AS title, count(*)::int AS n FROM lianke.message WHERE strpos(card->>'title', $1) > 0 GROUP BY 1 ORDER BY 1`,
        [name],
      )
    ).map((message) => [clear(message.title), message.n]),
    effects: [...effects.asked.values()]
      .filter(([body]) => body?.includes(`"${name}"`))
      .map(([body]) => clear(body))
      .sort(),
  };
}

/** Workers that are not killed finish what is open. */
async function finish(deals: ReadonlyMap<string, RecordId>): Promise<void> {
  for (let round = 0; round < 20; round++) {
    await letWork(await startWorker(0));
    await leasesOfTheDeadEnd();
    if ((await Promise.all([...deals.values()].map(isDone))).every(Boolean)) return;
  }
  throw new Error('undisturbed workers do not come to the end');
}

it(
  `ends as if nothing had happened when workers are killed before and after every commit and request (${kills} kills)`,
  async () => {
    const random = seeded(newSeed('crash-points'));
    const first = new Map([['◇平静', await open('◇平静')]]);
    await finish(first);
    const wanted = await remains(first.get('◇平静') as RecordId, '◇平静');
    expect(wanted).toMatchObject({
      deal: { total: String((rounds * (rounds + 1)) / 2), state: '已批准' },
      effects: ['{"deal":"◆"}', '{"inner":"◆"}'],
    });

    const deals = new Map<string, RecordId>();
    const more = async () => {
      const going = (await Promise.all([...deals.values()].map(isDone))).filter((done) => !done).length;
      for (let n = going; n < openAtOnce; n++) {
        const name = `◇${deals.size + 1}号`;
        deals.set(name, await open(name));
      }
    };
    let killed = 0;
    let idle = 0;
    while (killed < kills) {
      await more();
      const died = await letWork(await startWorker(1 + Math.floor(random() * furthest)));
      await leasesOfTheDeadEnd();
      if (died) killed += 1;
      else idle += 1;
    }
    await finish(deals);
    for (const [name, deal] of deals) expect(await remains(deal, name), name).toEqual(wanted);
    const repeated = [...effects.asked.values()].filter((bodies) => bodies.length > 1);
    for (const bodies of repeated) expect(new Set(bodies).size).toBe(1);
    if (soaking) expect(repeated.length).toBeGreaterThan(0);
    noteFacts('crash-points', {
      kills: killed,
      workersOutOfWork: idle,
      deals: deals.size,
      steps: (wanted as { steps: unknown[] }).steps.length * deals.size,
      keys: effects.asked.size,
      requestsRepeatedWithTheirKey: repeated.length,
    });
  },
  soaking ? 14_400_000 : 300_000,
);
