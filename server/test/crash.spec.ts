import { fileURLToPath } from 'node:url';
import type { FlowDefinition } from '@lianke/shared/flows/definition';
import type { FormView } from '@lianke/shared/forms/definition';
import { Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { EngineModule } from '../src/engine/engine.module.js';
import { Dispatcher } from '../src/engine/flows/dispatcher.js';
import { FlowsModule } from '../src/engine/flows/flows.module.js';
import { FlowsService } from '../src/engine/flows/flows.service.js';
import { Runner } from '../src/engine/flows/runner.js';
import { MemberChannels, Notifier } from '../src/engine/ports.js';
import { RecordReader } from '../src/engine/records/record-reader.js';
import { RecordWriter } from '../src/engine/records/record-writer.js';
import { SessionResolver } from '../src/kernel/http/session-resolver.js';
import { KernelModule } from '../src/kernel/kernel.module.js';
import { MessageService } from '../src/modules/chat/message.service.js';
import { TestEngine, type TestTenant, testKernel } from './support/engine.js';
import { newSeed, seeded, soaking } from './support/random.js';
import { type SourceProcess, startSourceProcess } from './support/source-process.js';

const kills = soaking ? 200 : 6;
const runs = soaking ? 500 : 60;
const worker = fileURLToPath(new URL('support/worker-child.ts', import.meta.url));

@Module({
  providers: [
    MessageService,
    { provide: Notifier, useExisting: MessageService },
    { provide: MemberChannels, useValue: { of: async () => new Map() } },
    { provide: SessionResolver, useValue: { resolve: async () => null } },
  ],
  exports: [Notifier, MemberChannels, SessionResolver],
})
class PortsModule {}

let engine: TestEngine;
let tenant: TestTenant;
let customers: FormView;
let tasks: FormView;
const processes = new Set<SourceProcess>();

beforeAll(async () => {
  const kernel = await testKernel();
  const app = await Test.createTestingModule({
    imports: [KernelModule.with(kernel), { module: PortsModule, global: true }, EngineModule, FlowsModule],
  }).compile();
  engine = new TestEngine(app, kernel);
  tenant = await engine.tenant('acme');
  const appId = await tenant.app('客户关系管理');
  customers = await tenant.form({
    appId,
    key: 'customer',
    name: '客户信息表',
    fields: [{ key: 'name', name: '客户名称', type: 'text' }],
  });
  tasks = await tenant.form({
    appId,
    key: 'salesTask',
    name: '销售任务表',
    fields: [
      { key: 'title', name: '任务标题', type: 'text' },
      { key: 'due', name: '截止日期', type: 'date' },
      { key: 'customer', name: '客户', type: 'relation', config: { formId: customers.id } },
    ],
  });
  const ctx = await tenant.ctx();
  const flow = await engine.get(FlowsService).create(ctx, { appId, name: '新客户跟进', definition: tutorial() });
  await engine.get(FlowsService).publish(ctx, flow.id);
});
afterAll(async () => {
  await Promise.all([...processes].map((process) => process.kill()));
  await engine.close();
});

/** The tutorial's flow: a task for the owner, and a card about it. */
const tutorial = (): FlowDefinition => ({
  trigger: { type: 'recordCreated', formId: customers.id },
  nodes: [
    {
      id: 'task',
      name: '',
      type: 'createRecord',
      formId: tasks.id,
      assignments: [
        {
          field: 'title',
          value: { kind: 'text', parts: [{ text: '【新客户跟进】' }, { ref: { source: 'trigger', path: 'name' } }] },
        },
        { field: 'owner', value: { kind: 'ref', ref: { source: 'trigger', path: 'owner' } } },
        { field: 'due', value: { kind: 'now', offset: 3, unit: 'day' } },
        { field: 'customer', value: { kind: 'ref', ref: { source: 'trigger', path: 'id' } } },
      ],
    },
    {
      id: 'card',
      name: '',
      type: 'message',
      kind: 'task',
      to: [{ kind: 'field', ref: { source: 'task', path: 'owner' } }],
      title: { kind: 'ref', ref: { source: 'task', path: 'title' } },
      facts: [],
      record: 'task',
    },
  ],
  edges: [
    { from: 'trigger', to: 'task' },
    { from: 'task', to: 'card', port: 'next' },
  ],
});

function startWorker(): SourceProcess {
  const { ownerUrl, appUrl, systemUrl } = engine.kernel.database.urls;
  const started = startSourceProcess(worker, [ownerUrl, appUrl, systemUrl, 'crash']);
  processes.add(started);
  return started;
}

const sql = <Row>(text: string) =>
  engine.kernel.database.withTenant({ tenantId: tenant.id }, (tx) => tx.sql<Row>(text));

/** Leases run by the database's clock and outlive their holder by up to a minute: this is that minute gone by. */
async function leasesOfTheDeadEnd(): Promise<void> {
  for (const table of ['event', 'run'])
    await sql(`UPDATE lianke.${table} SET lease_until = clock_timestamp() WHERE lease_until > clock_timestamp()`);
}

it(
  `loses no run and doubles none when workers are killed at any moment (${kills} kills during ${runs} runs)`,
  async () => {
    const random = seeded(newSeed('crash'));
    let created = 0;
    const create = async (count: number) => {
      const rows = Array.from({ length: count }, () => ({ values: { name: `客户 ${++created}` } }));
      await engine.get(RecordWriter).write(await tenant.ctx(), { formId: customers.id, op: 'create', rows });
    };
    let next = startWorker();
    let interrupted = 0;
    for (let kill = 0; kill < kills; kill++) {
      const current = next;
      await current.line(/^running$/);
      next = startWorker();
      await create(Math.min(Math.ceil(runs / kills), runs - created));
      // From before the first claim to about the end of the work: anything may be half done.
      await new Promise((resolve) => setTimeout(resolve, random() * 250 + (random() < 0.5 ? 500 : 0)));
      await current.kill();
      processes.delete(current);
      const [open] = await sql<{ n: number }>(
        `SELECT (SELECT count(*)::int FROM lianke.run WHERE state = 'ready') + (SELECT count(*)::int FROM lianke.event WHERE state = 'new') AS n`,
      );
      if (open && open.n > 0) interrupted += 1;
      await leasesOfTheDeadEnd();
    }
    await next.kill();
    processes.delete(next);
    await leasesOfTheDeadEnd();
    while ((await engine.get(Dispatcher).work()) || (await engine.get(Runner).work()));

    // Otherwise nothing was proved.
    expect(interrupted).toBeGreaterThan(0);
    expect(created).toBe(runs);
    expect(await sql(`SELECT state, count(*)::int AS n FROM lianke.run GROUP BY 1`)).toEqual([
      { state: 'done', n: runs },
    ]);
    expect(
      await sql(`SELECT state, count(*)::int AS n FROM lianke.event WHERE form_id = '${customers.id}' GROUP BY 1`),
    ).toEqual([{ state: 'done', n: runs }]);
    expect(
      await sql(`SELECT node, count(*)::int AS n FROM lianke.step WHERE state = 'done' GROUP BY 1 ORDER BY 1`),
    ).toEqual([
      { node: 'card', n: runs },
      { node: 'task', n: runs },
    ]);
    const ctx = await tenant.ctx();
    const perCustomer = await engine.get(RecordReader).aggregate(ctx, tasks.id, {
      groupBy: [{ field: 'customer' }],
      metrics: [{ fn: 'count', as: 'n' }],
      sort: [],
      limit: 1000,
    });
    expect(perCustomer).toHaveLength(runs);
    expect(perCustomer.filter((group) => group.metrics.n !== 1)).toEqual([]);
    const messages = await sql<{ key: string; about_id: string; n: number }>(
      `SELECT key, count(*)::int AS n, count(DISTINCT about_id)::int AS about FROM lianke.message GROUP BY key`,
    );
    expect(messages).toHaveLength(runs);
    expect(messages.filter((message) => message.n !== 1)).toEqual([]);
    const [about] = await sql<{ n: number }>(`SELECT count(DISTINCT about_id)::int AS n FROM lianke.message`);
    expect(about?.n).toBe(runs);
  },
  soaking ? 3_600_000 : 180_000,
);
