import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { MemberId } from '@lianke/shared/ids';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { defaultSeed, type Seed } from '../../infra/sandbox/src/seed.js';
import { createSandbox, type RunningSandbox } from '../../infra/sandbox/src/server.js';
import { FlowsService } from '../src/engine/flows/flows.service.js';
import { RecordReader } from '../src/engine/records/record-reader.js';
import { RecordWriter } from '../src/engine/records/record-writer.js';
import { MessageSender } from '../src/modules/chat/message-sender.js';
import { bundled } from './support/bundled.js';
import { connectWecom, freePort } from './support/chat-app.js';
import { TestTenant } from './support/engine.js';
import { comeToRest, type FollowUpForms, followUpFlow, followUpForms } from './support/flows.js';
import { newSeed, seeded } from './support/random.js';
import { noteFacts, soaking } from './support/soak.js';
import { type SourceProcess, startSourceProcess } from './support/source-process.js';
import { WholeApp } from './support/whole-app.js';

const kills = soaking ? 200 : 6;
const runs = soaking ? 500 : 60;
/** Colleagues whose cards come several at a time, and arrive as digests. */
const busyPeople = 8;
/** A worker that does nothing for so long, in ms, is killed as it is. */
const patienceMs = 10_000;
/** How long the platform takes to answer a message, in ms: long enough to be killed in it. */
const answerMs = 40;
let worker: string;

let sandbox: RunningSandbox;
let whole: WholeApp;
let tenant: TestTenant;
let forms: FollowUpForms;
let owners: MemberId[];
const processes = new Set<SourceProcess>();

beforeAll(async () => {
  worker = await bundled(fileURLToPath(new URL('support/worker-child.ts', import.meta.url)));
  const port = await freePort();
  const publicUrl = `http://127.0.0.1:${port}`;
  sandbox = await createSandbox({ port: 0, publicUrl, seed: crowd() });
  whole = await WholeApp.start({ sandbox: { apiBase: sandbox.url, publicUrl } });
  await whole.app.listen(port, '127.0.0.1');
  const account = await whole.company('demo', '演示企业');
  tenant = new TestTenant(whole, account.tenantId, account.memberId);
  await connectWecom({ app: whole.app, sandbox }, tenant.id);
  sandbox.state.faults.add({ path: 'message/send', effect: { kind: 'delay', ms: answerMs } });
  const people = await sql<{ member_id: MemberId }>(
    `SELECT member_id FROM lianke.chat_account WHERE userid LIKE 'rep%' ORDER BY length(userid), userid`,
  );
  owners = people.map((person) => person.member_id);
  forms = await followUpForms(tenant);
  const ctx = await tenant.ctx();
  const flows = whole.get(FlowsService);
  const flow = await flows.create(ctx, { appId: forms.appId, name: '新客户跟进', definition: followUpFlow(forms) });
  await flows.publish(ctx, flow.id);
});
afterAll(async () => {
  await Promise.all([...processes].map((process) => process.kill()));
  await whole.close();
  await sandbox.close();
});

/** The demo company with a person for every run: the platform drops what one person gets too much of. */
function crowd(): Seed {
  const [corp, ...others] = structuredClone(defaultSeed.wecom);
  const [model] = corp?.members ?? [];
  if (!corp || !model) throw new Error('the sandbox has no people');
  const reps = Array.from({ length: runs }, (_, index) => ({
    ...model,
    userid: `rep${index}`,
    name: `销售 ${index}`,
    mobile: `139${String(index).padStart(8, '0')}`,
    email: `rep${index}@demo.example`,
  }));
  return { ...structuredClone(defaultSeed), wecom: [{ ...corp, members: [...corp.members, ...reps] }, ...others] };
}

function startWorker(): SourceProcess {
  const { ownerUrl, appUrl, systemUrl } = whole.kernel.database.urls;
  const { apiBase } = whole.kernel.config.wecom;
  const started = startSourceProcess(worker, [
    ownerUrl,
    appUrl,
    systemUrl,
    'crash',
    apiBase,
    whole.kernel.config.publicUrl,
  ]);
  processes.add(started);
  return started;
}

const sql = <Row>(text: string) => whole.kernel.database.withTenant({ tenantId: tenant.id }, (tx) => tx.sql<Row>(text));

/** Leases run by the database's clock and outlive their holder by up to a minute: this is that minute gone by. */
async function leasesOfTheDeadEnd(): Promise<void> {
  for (const table of ['event', 'run', 'message'])
    await sql(`UPDATE lianke.${table} SET lease_until = clock_timestamp() WHERE lease_until > clock_timestamp()`);
}

/**
 * From before the first claim to about the end of the work: anything may be half done. Half of the moments are by the
 * clock, half by what the worker got done, because on a busy machine the clock alone would only meet the beginning.
 */
async function momentToKill(random: () => number): Promise<void> {
  if (random() < 0.5) return sleep(random() * 750);
  const steps = 1 + Math.floor(random() * 8);
  const { done } = await progress();
  const until = Date.now() + patienceMs;
  for (;;) {
    const now = await progress();
    if (now.done >= done + steps || now.left === 0 || Date.now() > until) return;
    await sleep(random() * 20);
  }
}

/** Steps and messages done, and what waits to be done. */
async function progress(): Promise<{ done: number; left: number }> {
  const [row] = await sql<{ done: number; left: number }>(
    `SELECT (SELECT count(*) FROM lianke.step WHERE state = 'done')::int + (SELECT count(*) FROM lianke.message WHERE state <> 'queued')::int AS done,
            (SELECT count(*) FROM lianke.run WHERE state = 'ready')::int + (SELECT count(*) FROM lianke.event WHERE state = 'new')::int
            + (SELECT count(*) FROM lianke.message WHERE state = 'queued')::int AS left`,
  );
  return row ?? { done: 0, left: 0 };
}

/** Sends what is left; whatever waits to be tried again is due now. */
async function emptyOutbox(): Promise<void> {
  await expect
    .poll(
      async () => {
        await whole.get(MessageSender).round();
        await sql(`UPDATE lianke.message SET ready_at = least(ready_at, clock_timestamp()) WHERE attempts > 0`);
        const [left] = await sql<{ n: number }>(`SELECT count(*)::int AS n FROM lianke.message WHERE state = 'queued'`);
        return left?.n;
      },
      { timeout: soaking ? 1_200_000 : 180_000, interval: 50 },
    )
    .toBe(0);
}

/** Messages that reached a phone by their id, which is the task id of their card, each as often as it did. */
function arrivals(): Map<string, number> {
  const found = new Map<string, number>();
  for (const effect of sandbox.state.recorder.list({ kind: 'send' }))
    for (const _ of effect.delivered) found.set(effect.key, (found.get(effect.key) ?? 0) + 1);
  return found;
}

it(
  `loses no run, doubles no task and shows each card once when workers are killed at any moment (${kills} kills during ${runs} runs)`,
  async () => {
    const random = seeded(newSeed('crash'));
    let created = 0;
    const create = async (count: number) => {
      const rows = Array.from({ length: count }, () => {
        const owner = owners[created % 5 === 0 ? (created / 5) % busyPeople : created] as MemberId;
        return { values: { name: `客户 ${++created}`, owner } };
      });
      const { customers } = forms;
      await whole.get(RecordWriter).write(await tenant.ctx(), { formId: customers.id, op: 'create', rows });
    };
    let next = startWorker();
    let interruptedRuns = 0;
    let interruptedMessages = 0;
    for (let kill = 0; kill < kills; kill++) {
      const current = next;
      await current.line(/^running$/);
      next = startWorker();
      await create(Math.floor(((kill + 1) * runs) / kills) - created);
      await momentToKill(random);
      await current.kill();
      processes.delete(current);
      const [open] = await sql<{ runs: number; messages: number }>(
        `SELECT (SELECT count(*)::int FROM lianke.run WHERE state = 'ready')
              + (SELECT count(*)::int FROM lianke.event WHERE state = 'new') AS runs,
                (SELECT count(*)::int FROM lianke.message WHERE state = 'queued' AND lease_until > clock_timestamp()) AS messages`,
      );
      if (open && open.runs > 0) interruptedRuns += 1;
      if (open && open.messages > 0) interruptedMessages += 1;
      await leasesOfTheDeadEnd();
    }
    await next.kill();
    processes.delete(next);
    await leasesOfTheDeadEnd();
    await comeToRest(whole);
    await emptyOutbox();

    // Otherwise nothing was proved.
    expect(interruptedRuns).toBeGreaterThan(0);
    expect(created).toBe(runs);
    expect(await sql(`SELECT state, count(*)::int AS n FROM lianke.run GROUP BY 1`)).toEqual([
      { state: 'done', n: runs },
    ]);
    expect(
      await sql(
        `SELECT state, count(*)::int AS n FROM lianke.event WHERE form_id = '${forms.customers.id}' GROUP BY 1`,
      ),
    ).toEqual([{ state: 'done', n: runs }]);
    expect(
      await sql(`SELECT node, count(*)::int AS n FROM lianke.step WHERE state = 'done' GROUP BY 1 ORDER BY 1`),
    ).toEqual([
      { node: 'card', n: runs },
      { node: 'task', n: runs },
    ]);
    const perCustomer = await whole.get(RecordReader).aggregate(await tenant.ctx(), forms.tasks.id, {
      groupBy: [{ field: 'customer' }],
      metrics: [{ fn: 'count', as: 'n' }],
      sort: [],
      limit: 1000,
    });
    expect(perCustomer).toHaveLength(runs);
    expect(perCustomer.filter((group) => group.metrics.n !== 1)).toEqual([]);

    const messages = await sql<{ id: string; key: string; state: string; about_id: string; digest_id: string | null }>(
      `SELECT id, key, state, about_id, digest_id FROM lianke.message`,
    );
    const ofRuns = messages.filter((message) => !message.key.startsWith('digest:'));
    expect(new Set(ofRuns.map((message) => message.key)).size).toBe(runs);
    expect(new Set(ofRuns.map((message) => message.about_id)).size).toBe(runs);
    expect(ofRuns).toHaveLength(runs);
    // What the person behind the key saw on the phone: its own card once, or once the digest that tells of it.
    const seen = arrivals();
    const timesSeen = ofRuns.map((message) => ({ key: message.key, times: seen.get(message.digest_id ?? message.id) }));
    expect(timesSeen.filter(({ times }) => times !== 1)).toEqual([]);
    // And nothing beside it.
    const sent = messages.filter((message) => message.state === 'sent');
    expect(sent.map((message) => message.id).sort()).toEqual([...seen.keys()].sort());
    const repeated = sandbox.state.recorder.counts({ kind: 'send' }).filter((count) => count.asked > 1).length;
    if (soaking) expect(repeated).toBeGreaterThan(0);
    noteFacts('crash', {
      kills,
      killsWithRunsOpen: interruptedRuns,
      killsWhileSending: interruptedMessages,
      runs,
      tasks: perCustomer.length,
      idempotencyKeys: timesSeen.length,
      cardsOnPhones: seen.size,
      digests: messages.length - ofRuns.length,
      sendsRepeatedByTheNextWorker: repeated,
    });
  },
  soaking ? 7_200_000 : 240_000,
);
