import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { FlowId, RecordId, TaskId } from '@lianke/shared/ids';
import { FlowsService } from '../../src/engine/flows/flows.service.js';
import { RecordReader } from '../../src/engine/records/record-reader.js';
import { RecordWriter } from '../../src/engine/records/record-writer.js';
import { ApprovalsService } from '../../src/engine/tasks/approvals.service.js';
import { UndiciHttp } from '../../src/kernel/outbound/undici-http.js';
import { bundled } from './bundled.js';
import { EffectsServer } from './effects-server.js';
import { TestTenant } from './engine.js';
import { innerFlow, type ReferenceForms, referenceFlow, referenceForms, rounds } from './reference-flow.js';
import { type SourceProcess, startSourceProcess } from './source-process.js';
import { WholeApp } from './whole-app.js';

const doomed = fileURLToPath(new URL('doomed-worker.ts', import.meta.url));
const minuteMs = 60_000;

/** What a worker process is told to do: at its `point`-th point it gets the signal; 0 is never. */
export interface Fate {
  point: number;
  signal?: 'SIGKILL' | 'SIGSTOP';
}

/** A company with the reference flow; its runs are carried on by worker processes of their own. */
export class ReferenceApp {
  /** Deals by name. */
  readonly deals = new Map<string, RecordId>();
  /** Started and loaded, waiting for orders: a process takes seconds to begin. */
  private readonly loaded: SourceProcess[] = [];
  private readonly started = new Set<SourceProcess>();

  private constructor(
    readonly whole: WholeApp,
    readonly effects: EffectsServer,
    readonly tenant: TestTenant,
    readonly forms: ReferenceForms,
    private readonly doomed: string,
  ) {}

  static async start(): Promise<ReferenceApp> {
    const effects = await EffectsServer.start();
    const whole = await WholeApp.start({ outbound: new UndiciHttp({ trustedHosts: [effects.origin] }) });
    const account = await whole.company('demo', '演示企业');
    const tenant = new TestTenant(whole, account.tenantId, account.memberId);
    const app = new ReferenceApp(whole, effects, tenant, await referenceForms(tenant), await bundled(doomed));
    const target = effects.origin;
    const inner = await app.publish('子流程', innerFlow(app.forms, target));
    await app.publish('对照流程', referenceFlow(app.forms, { inner, approver: account.memberId, target }));
    return app;
  }

  async close(): Promise<void> {
    await Promise.all([...this.loaded, ...this.started].map((process) => process.kill()));
    await this.whole.close();
    await this.effects.close();
  }

  sql<Row>(text: string, values: string[] = []): Promise<Row[]> {
    return this.whole.kernel.database.withTenant({ tenantId: this.tenant.id }, (tx) => tx.sql<Row>(text, values));
  }

  /** The next worker, a little later than the last: what waited for time to pass is due. */
  async startWorker(fate: Fate): Promise<SourceProcess> {
    while (this.loaded.length < 3) this.loaded.push(this.load());
    const worker = this.loaded.shift() as SourceProcess;
    this.started.add(worker);
    void worker.ended().then(() => this.started.delete(worker));
    await worker.line(/^loaded$/);
    this.whole.kernel.clock.advance(2 * minuteMs);
    worker.say(JSON.stringify({ signal: 'SIGKILL', ...fate, now: this.whole.kernel.clock.now().toISOString() }));
    return worker;
  }

  /** A new deal with its items; its flow waits for a worker. */
  async open(name: string): Promise<RecordId> {
    const writer = this.whole.get(RecordWriter);
    const ctx = await this.tenant.ctx();
    const rows = Array.from({ length: rounds }, (_, index) => ({
      values: { name: `第 ${index + 1} 项`, deal: name, n: index + 1 },
    }));
    await writer.write(ctx, { formId: this.forms.items.id, op: 'create', quiet: true, rows });
    const row = { values: { name, amount: 80_000 } };
    const { id } = await writer.writeOne(ctx, { formId: this.forms.deals.id, op: 'create', row });
    this.deals.set(name, id as RecordId);
    return id as RecordId;
  }

  /** Names of deals whose flow has not come to its end. */
  async going(): Promise<string[]> {
    const rows = await this.sql<{ record_id: RecordId }>(
      `SELECT record_id FROM lianke.run WHERE parent_run_id IS NULL AND state IN ('done','failed','cancelled')`,
    );
    const ended = new Set(rows.map((row) => row.record_id));
    return [...this.deals].filter(([, id]) => !ended.has(id)).map(([name]) => name);
  }

  /** Whether something is left that a worker of this moment can do. */
  async busy(): Promise<boolean> {
    const [row] = await this.sql<{ n: number }>(
      `SELECT (SELECT count(*) FROM lianke.event WHERE state = 'new')::int
            + (SELECT count(*) FROM lianke.run WHERE state IN ('ready','calling') OR wake_parent OR (state = 'waiting' AND due_at <= $1))::int AS n`,
      [this.whole.kernel.clock.now().toISOString()],
    );
    return (row?.n ?? 0) > 0;
  }

  /** The approver agrees to whatever waits for him. */
  async agreeToAll(): Promise<void> {
    for (const { id } of await this.sql<{ id: TaskId }>(`SELECT id FROM lianke.task WHERE state = 'pending'`))
      await this.whole.get(ApprovalsService).decide(await this.tenant.ctx(), id, 'approved', undefined);
  }

  /** Lets a worker go on until it dies at its point or has nothing to do; answers whether it died by itself. */
  async letWork(worker: SourceProcess): Promise<boolean> {
    const ended = worker.ended();
    await worker.line(/^running$/).catch(() => undefined);
    if (await this.before(ended, () => this.agreeToAll())) return true;
    await worker.kill();
    return false;
  }

  /** Lets a worker go on until it stands at its point; false when it has nothing more to do before. */
  standsAtPoint(worker: SourceProcess): Promise<boolean> {
    return this.before(worker.line(/^point$/));
  }

  /** Whether something happens to a worker, a process of its own, before three looks in a row find nothing left to do. */
  private async before(happens: Promise<unknown>, meanwhile = async (): Promise<void> => undefined): Promise<boolean> {
    const happened = happens.then(
      () => true,
      () => false,
    );
    for (let idle = 0; idle < 3; ) {
      if (await Promise.race([happened, sleep(60).then(() => false)])) return true;
      await meanwhile();
      idle = (await this.busy()) ? 0 : idle + 1;
    }
    return false;
  }

  /** Leases run by the database's clock and outlive their holder by up to a minute: this is that minute gone by. */
  async leasesEnd(): Promise<void> {
    for (const table of ['event', 'run'])
      await this.sql(
        `UPDATE lianke.${table} SET lease_until = clock_timestamp() WHERE lease_until > clock_timestamp()`,
      );
  }

  /** Workers that are not killed finish what is open. */
  async finish(): Promise<void> {
    for (let round = 0; round < 20; round++) {
      await this.letWork(await this.startWorker({ point: 0 }));
      await this.leasesEnd();
      if ((await this.going()).length === 0) return;
    }
    throw new Error('undisturbed workers do not come to the end');
  }

  /** Everything a deal's flow left behind, without what differs from deal to deal. */
  async remains(name: string): Promise<Remains> {
    const deal = this.deals.get(name) as RecordId;
    const ctx = await this.tenant.ctx();
    const reader = this.whole.get(RecordReader);
    const { deals, items, logs } = this.forms;
    const of = async (form: typeof logs, field: string, value: string, deleted = false) =>
      (
        await reader.query(ctx, form.id, {
          filter: { field, op: 'eq', value },
          limit: 200,
          total: false,
          ...(deleted ? { deleted } : {}),
        })
      ).items;
    const clear = (text: unknown) => String(text).replaceAll(name, '◆');
    const { values, version } = await reader.get(ctx, deals.id, deal);
    const told = await this.sql<{ title: string; n: number }>(
      `SELECT card->>'title' AS title, count(*)::int AS n FROM lianke.message WHERE strpos(card->>'title', $1) > 0 GROUP BY 1 ORDER BY 1`,
      [name],
    );
    return {
      deal: { total: values.total, state: values.state, version },
      items: (await of(items, 'deal', name)).map((item) => [item.values.name, item.values.done, item.version]).sort(),
      logs: (await of(logs, 'deal', deal)).map((log) => [clear(log.values.title), log.version]).sort(),
      dropped: (await of(logs, 'deal', deal, true)).map((log) => clear(log.values.title)),
      runs: await this.sql(
        `SELECT f.name, r.state, r.error FROM lianke.run r JOIN lianke.flow f ON f.tenant_id = r.tenant_id AND f.id = r.flow_id WHERE r.record_id = $1 ORDER BY 1`,
        [deal],
      ),
      steps: await this.sql(
        `SELECT s.node, s.scope, s.iteration, s.state FROM lianke.step s JOIN lianke.run r ON r.tenant_id = s.tenant_id AND r.id = s.run_id WHERE r.record_id = $1 ORDER BY 1, 2, 3`,
        [deal],
      ),
      tasks: await this.sql('SELECT node, state FROM lianke.task WHERE record_id = $1', [deal]),
      messages: told.map((message) => [clear(message.title), message.n]),
      effects: [...this.effects.asked.values()]
        .filter(([body]) => body?.includes(`"${name}"`))
        .map(([body]) => clear(body))
        .sort(),
    };
  }

  private async publish(
    name: string,
    definition: Parameters<FlowsService['create']>[1]['definition'],
  ): Promise<FlowId> {
    const flows = this.whole.get(FlowsService);
    const flow = await flows.create(await this.tenant.ctx(), { appId: this.forms.appId, name, definition });
    await flows.publish(await this.tenant.ctx(), flow.id);
    return flow.id;
  }

  private load(): SourceProcess {
    const { ownerUrl, appUrl, systemUrl } = this.whole.kernel.database.urls;
    return startSourceProcess(this.doomed, [ownerUrl, appUrl, systemUrl, 'reference', this.effects.origin]);
  }
}

export interface Remains {
  deal: { total: unknown; state: unknown; version: number };
  items: unknown[];
  logs: unknown[];
  dropped: string[];
  runs: unknown[];
  steps: unknown[];
  tasks: unknown[];
  messages: unknown[];
  effects: string[];
}
