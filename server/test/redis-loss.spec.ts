import { randomBytes } from 'node:crypto';
import { flowDefinition } from '@lianke/shared/flows/definition';
import type { FormView } from '@lianke/shared/forms/definition';
import type { MemberId, RecordId, TaskId } from '@lianke/shared/ids';
import type { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { createSandbox, type RunningSandbox } from '../../infra/sandbox/src/server.js';
import { FlowsService } from '../src/engine/flows/flows.service.js';
import { RecordReader } from '../src/engine/records/record-reader.js';
import { RecordWriter } from '../src/engine/records/record-writer.js';
import { ApprovalsService } from '../src/engine/tasks/approvals.service.js';
import type { KernelParts } from '../src/kernel/kernel.module.js';
import { type Bus, MemoryBus } from '../src/kernel/redis/bus.js';
import { connectRedis } from '../src/kernel/redis/connect.js';
import {
  MemoryRateLimiter,
  type RateAnswer,
  type RateLimiter,
  type RateRule,
} from '../src/kernel/redis/rate-limiter.js';
import { RedisBus } from '../src/kernel/redis/redis-bus.js';
import { RedisRateLimiter } from '../src/kernel/redis/redis-rate-limiter.js';
import { connectWecom, freePort } from './support/chat-app.js';
import { TestTenant } from './support/engine.js';
import { newSeed, seeded } from './support/random.js';
import { noteFacts, soaking } from './support/soak.js';
import { WholeApp } from './support/whole-app.js';

const deals = soaking ? 300 : 8;
const withinMs = soaking ? 3_600_000 : 240_000;
/** How often a use of Redis finds it empty: several times in the life of every deal. */
const share = 0.6;

/** The kernel's parts over Redis, and what happens to them when Redis loses all it holds. */
interface Losing extends Pick<KernelParts, 'bus' | 'rateLimiter'> {
  lose(): Promise<void>;
  close(): Promise<void>;
}

/** Without a Redis: messages on their way are dropped and every count is forgotten, as a flush and a restart do it. */
class LosingBus implements Bus {
  private readonly inner = new MemoryBus();
  private life = 0;

  async publish(channel: string, message: string): Promise<void> {
    const { life } = this;
    setTimeout(() => {
      if (life === this.life) void this.inner.publish(channel, message);
    }, 5);
  }
  subscribe(channel: string, listener: (message: string) => void) {
    return this.inner.subscribe(channel, listener);
  }
  close = () => this.inner.close();
  lose(): void {
    this.life += 1;
  }
}

class LosingLimiter implements RateLimiter {
  private inner = new MemoryRateLimiter();

  take(key: string, rule: RateRule): Promise<RateAnswer> {
    return this.inner.take(key, rule);
  }
  reset(key: string): Promise<void> {
    return this.inner.reset(key);
  }
  lose(): void {
    this.inner = new MemoryRateLimiter();
  }
}

function substitute(): Losing {
  const bus = new LosingBus();
  const rateLimiter = new LosingLimiter();
  return {
    bus,
    rateLimiter,
    lose: async () => {
      bus.lose();
      rateLimiter.lose();
    },
    close: async () => undefined,
  };
}

async function overRedis(url: string): Promise<Losing> {
  const ignore = () => undefined;
  const redis: Redis = await connectRedis(url, ignore);
  const prefix = `lianke-loss-${randomBytes(6).toString('hex')}:`;
  // What it duplicates for its subscriptions is known by this name.
  redis.options.connectionName = prefix;
  return {
    bus: new RedisBus(redis, prefix, ignore),
    rateLimiter: new RedisRateLimiter(redis, prefix, ignore),
    // Subscriptions end too, as when it is started anew. Only what is this test's own: others use the same server.
    lose: async () => {
      const keys = await redis.keys(`${prefix}*`);
      if (keys.length > 0) await redis.del(keys);
      const clients = String(await redis.call('CLIENT', 'LIST', 'TYPE', 'pubsub')).split('\n');
      for (const client of clients.filter((each) => each.includes(` name=${prefix} `)))
        await redis.call('CLIENT', 'KILL', 'ID', /^id=(\d+)/.exec(client)?.[1] ?? '');
    },
    close: async () => {
      redis.disconnect();
    },
  };
}

/** The same, with `before` each use. */
function disturbed({ bus, rateLimiter }: Losing, before: () => Promise<void>): Pick<Losing, 'bus' | 'rateLimiter'> {
  return {
    bus: {
      publish: async (channel, message) => {
        await before();
        await bus.publish(channel, message);
      },
      subscribe: (channel, listener) => bus.subscribe(channel, listener),
      close: () => bus.close(),
    },
    rateLimiter: {
      take: async (key, rule) => {
        await before();
        return rateLimiter.take(key, rule);
      },
      reset: (key) => rateLimiter.reset(key),
    },
  };
}

let losing: Losing;
let beforeUse: () => Promise<void> = async () => undefined;
let sandbox: RunningSandbox;
let whole: WholeApp;
let tenant: TestTenant;
let form: FormView;
let log: FormView;
let reader: MemberId;

beforeAll(async () => {
  losing = process.env.REDIS_URL ? await overRedis(process.env.REDIS_URL) : substitute();
  const port = await freePort();
  const publicUrl = `http://127.0.0.1:${port}`;
  sandbox = await createSandbox({ port: 0, publicUrl });
  const redis = disturbed(losing, () => beforeUse());
  whole = await WholeApp.start({ sandbox: { apiBase: sandbox.url, publicUrl }, redis, role: 'all' });
  await whole.app.listen(port, '127.0.0.1');
  const account = await whole.company('demo', '演示企业');
  tenant = new TestTenant(whole, account.tenantId, account.memberId);
  await connectWecom({ app: whole.app, sandbox }, tenant.id);
  const [wangfang] = await sql<{ member_id: MemberId }>(
    `SELECT member_id FROM lianke.chat_account WHERE userid = 'wangfang'`,
  );
  reader = wangfang?.member_id as MemberId;
  const appId = await tenant.app();
  form = await tenant.form({
    ...{ appId, key: 'deal', name: '商机' },
    fields: [
      { key: 'name', name: '名称', type: 'text' },
      { key: 'state', name: '状态', type: 'text' },
    ],
  });
  log = await tenant.form({
    ...{ appId, key: 'log', name: '记录' },
    fields: [{ key: 'text', name: '内容', type: 'text' }],
  });
  await flowOn();
}, 120_000);
afterAll(async () => {
  await whole.close();
  await losing.close();
  await sandbox.close();
});

const sql = <Row>(text: string, values: string[] = []) =>
  whole.kernel.database.withTenant({ tenantId: tenant.id }, (tx) => tx.sql<Row>(text, values));

/** Writes, a message, two ways at once with an approval in one, and what comes after both. */
async function flowOn(): Promise<void> {
  const named = (word: string) => ({
    kind: 'text',
    parts: [{ text: `${word} ` }, { ref: { source: 'trigger', path: 'name' } }],
  });
  const line = (id: string, word: string) => ({
    ...{ id, type: 'createRecord', formId: log.id },
    assignments: [{ field: 'text', value: named(word) }],
  });
  const definition = flowDefinition.parse({
    trigger: { type: 'recordCreated', formId: form.id },
    nodes: [
      line('begun', '开始'),
      { id: 'tell', type: 'message', to: [{ kind: 'member', ids: [reader] }], title: named('来了') },
      {
        ...{ id: 'both', type: 'parallel', join: 'all' },
        ways: [{ id: 'a' }, { id: 'b' }],
      },
      line('quick', '快的'),
      { id: 'ask', type: 'approval', approvers: [{ kind: 'member', ids: [tenant.admin] }], title: named('请批') },
      {
        ...{ id: 'won', type: 'updateRecord', target: 'trigger' },
        assignments: [{ field: 'state', value: { kind: 'literal', value: '赢了' } }],
      },
      line('over', '完了'),
    ],
    edges: [
      { from: 'trigger', to: 'begun' },
      { from: 'begun', to: 'tell' },
      { from: 'tell', to: 'both' },
      { from: 'both', to: 'quick', port: 'way:a' },
      { from: 'both', to: 'ask', port: 'way:b' },
      { from: 'ask', to: 'won', port: 'approved' },
      { from: 'both', to: 'over', port: 'next' },
    ],
  });
  const flows = whole.get(FlowsService);
  const flow = await flows.create(await tenant.ctx(), { appId: form.appId, name: '对照', definition });
  await flows.publish(await tenant.ctx(), flow.id);
}

/** Opens deals and agrees to what is asked, until every flow has ended and no message waits. */
async function through(names: readonly string[]): Promise<Map<string, RecordId>> {
  const ids = new Map<string, RecordId>();
  for (const name of names) {
    const { id } = await whole
      .get(RecordWriter)
      .writeOne(await tenant.ctx(), { formId: form.id, op: 'create', row: { values: { name } as never } });
    ids.set(name, id as RecordId);
  }
  const settled = async () => {
    // A card that was decided before it went out is not sent any more: he decides on what he has.
    for (const { id } of await sql<{ id: TaskId }>(
      `SELECT t.id FROM lianke.task t WHERE t.state = 'pending' AND EXISTS (
         SELECT 1 FROM lianke.message m WHERE m.tenant_id = t.tenant_id AND m.about_id = t.id::text AND m.state IN ('sent','merged'))`,
    ))
      await whole.get(ApprovalsService).decide(await tenant.ctx(), id, 'approved', undefined);
    const [left] = await sql<{ n: number }>(
      `SELECT (SELECT count(*) FROM lianke.event WHERE state = 'new')::int
         + (SELECT count(*) FROM lianke.run WHERE state NOT IN ('done','failed','cancelled'))::int
         + (SELECT count(*) FROM lianke.message WHERE state = 'queued' OR outcome_state = 'pending')::int AS n`,
    );
    const [made] = await sql<{ n: number }>('SELECT count(*)::int AS n FROM lianke.run WHERE record_id = ANY($1)', [
      `{${[...ids.values()].join(',')}}`,
    ]);
    expect([left?.n, made?.n]).toEqual([0, names.length]);
  };
  await vi.waitFor(settled, { timeout: withinMs, interval: 30 });
  return ids;
}

/** What a deal left behind, without what differs from deal to deal. */
async function remains(name: string, id: RecordId) {
  const ctx = await tenant.ctx();
  const { values, version } = await whole.get(RecordReader).get(ctx, form.id, id);
  const logs = await whole.get(RecordReader).query(ctx, log.id, {
    ...{ limit: 50, total: false },
    filter: { field: 'text', op: 'contains', value: ` ${name}` },
  });
  const clear = (text: unknown) => String(text).replaceAll(name, '◆');
  const messages = await sql<{ id: string; title: string; state: string }>(
    `SELECT id, card->>'title' AS title, state FROM lianke.message WHERE strpos(card->>'title', $1) > 0`,
    [name],
  );
  const delivered = new Map(sandbox.state.recorder.counts({ kind: 'send' }).map((each) => [each.key, each.delivered]));
  return {
    deal: [values.state, version],
    logs: logs.items.map((item) => clear(item.values.text)).sort(),
    runs: await sql('SELECT state, error FROM lianke.run WHERE record_id = $1', [id]),
    steps: await sql(
      `SELECT s.node, s.scope, s.iteration, s.state FROM lianke.step s JOIN lianke.run r ON r.tenant_id = s.tenant_id AND r.id = s.run_id WHERE r.record_id = $1 ORDER BY 1, 2, 3`,
      [id],
    ),
    tasks: await sql('SELECT node, state FROM lianke.task WHERE record_id = $1', [id]),
    // Several of one moment may have become one card.
    messages: messages.map((each) => [clear(each.title), each.state === 'merged' ? 'sent' : each.state]).sort(),
    // More than once on a phone.
    doubled: messages.filter((each) => (delivered.get(each.id) ?? 0) > 1).length,
  };
}

it(
  `Redis emptied at random while ${deals} flows and their messages run changes nothing`,
  async () => {
    const random = seeded(newSeed('redis-loss'));
    const calm = await through(['◇平静']);
    const wanted = await remains('◇平静', calm.get('◇平静') as RecordId);
    expect(wanted).toMatchObject({ deal: ['赢了', 2], runs: [{ state: 'done' }], doubled: 0 });
    expect(wanted.logs).toHaveLength(3);

    let losses = 0;
    beforeUse = async () => {
      if (random() >= share) return;
      losses += 1;
      await losing.lose();
    };
    const names = Array.from({ length: deals }, (_, index) => `◇乱${String(index).padStart(3, '0')}`);
    const ids = await through(names);
    beforeUse = async () => undefined;
    for (const name of names) expect(await remains(name, ids.get(name) as RecordId), name).toEqual(wanted);
    expect(losses).toBeGreaterThan(deals / 2);
    noteFacts('redis', { deals, losses });
  },
  withinMs,
);
