import { type FlowDefinition, flowDefinition } from '@lianke/shared/flows/definition';
import type { FormView } from '@lianke/shared/forms/definition';
import type { FlowId, RecordId, RunId, TaskId } from '@lianke/shared/ids';
import { Caller } from '../../src/engine/flows/caller.js';
import { Dispatcher } from '../../src/engine/flows/dispatcher.js';
import { FlowsService } from '../../src/engine/flows/flows.service.js';
import { Runner } from '../../src/engine/flows/runner.js';
import { RunsService } from '../../src/engine/flows/runs.service.js';
import { TenantDirectory } from '../../src/engine/org/tenant-directory.js';
import { RecordReader } from '../../src/engine/records/record-reader.js';
import { RecordWriter } from '../../src/engine/records/record-writer.js';
import { ApprovalsService } from '../../src/engine/tasks/approvals.service.js';
import type { OutboundHttp } from '../../src/kernel/outbound/outbound-http.js';
import { type TestAccount, WholeApp } from './whole-app.js';

export const literal = (value: string) => ({ kind: 'literal', value });
export const ref = (source: string, path: string) => ({ kind: 'ref', ref: { source, path } });
export const note = (id: string, text: string) => ({
  id,
  type: 'updateRecord',
  target: 'trigger',
  assignments: [{ field: 'note', value: literal(text) }],
});

/** A company with customers and visits, whose flows a test publishes and carries on by hand. */
export class BlockFlows {
  private constructor(
    readonly whole: WholeApp,
    private readonly admin: TestAccount,
    readonly customers: FormView,
    readonly visits: FormView,
  ) {}

  static async start(outbound?: OutboundHttp): Promise<BlockFlows> {
    const whole = await WholeApp.start({ start: '2026-03-04T02:00:00Z', ...(outbound ? { outbound } : {}) });
    const admin = await whole.company('acme', '甲公司');
    const app = (await admin.call('POST', '/api/v1/apps', { name: '客户' })).json;
    const form = async (key: string, name: string, fields: unknown[]) =>
      (await admin.call('POST', '/api/v1/forms', { appId: app.id, key, name, fields })).json as FormView;
    const customers = await form('customer', '客户', [
      { key: 'name', name: '名称', type: 'text' },
      { key: 'city', name: '城市', type: 'text' },
      { key: 'note', name: '备注', type: 'text' },
    ]);
    const visits = await form('visit', '拜访', [
      { key: 'title', name: '标题', type: 'text' },
      { key: 'customer', name: '客户', type: 'relation', config: { formId: customers.id } },
    ]);
    return new BlockFlows(whole, admin, customers, visits);
  }

  close(): Promise<void> {
    return this.whole.close();
  }

  ctxOf() {
    const { tenantId, memberId } = this.admin;
    return this.whole.get(TenantDirectory).context(tenantId, { kind: 'member', memberId }, { door: 'api' });
  }

  /** Carries flows on until nothing is ready any more. */
  async drain(): Promise<void> {
    const { whole } = this;
    for (let round = 0; round < 200; round++) {
      const busy = [await whole.get(Dispatcher).work(), await whole.get(Runner).work(), await whole.get(Caller).work()];
      if (!busy.includes(true)) return;
    }
    throw new Error('flows do not come to rest');
  }

  /** Publishes a flow for as long as `work` takes. */
  async withFlow(draft: unknown, work: (flowId: FlowId) => Promise<void>): Promise<void> {
    const flows = this.whole.get(FlowsService);
    const definition: FlowDefinition = flowDefinition.parse(draft);
    const flow = await flows.create(await this.ctxOf(), { appId: this.customers.appId, name: '流程', definition });
    await flows.publish(await this.ctxOf(), flow.id);
    try {
      await work(flow.id);
    } finally {
      await flows.update(await this.ctxOf(), flow.id, { enabled: false });
    }
  }

  async create(form: FormView, values: Record<string, string>): Promise<RecordId> {
    const request = { formId: form.id, op: 'create', row: { values } } as const;
    return (await this.whole.get(RecordWriter).writeOne(await this.ctxOf(), request)).id;
  }

  async valuesOf(form: FormView, id: RecordId) {
    return (await this.whole.get(RecordReader).get(await this.ctxOf(), form.id, id)).values;
  }

  /** The newest run that a customer started. */
  async runOf(record: RecordId) {
    const runs = this.whole.get(RunsService);
    const { items } = await runs.ofRecord(await this.ctxOf(), this.customers.id, record);
    return runs.get(await this.ctxOf(), items[0]?.id as RunId);
  }

  /** Begins with a new customer of this name. */
  startedBy(name: string) {
    return { type: 'recordCreated', formId: this.customers.id, filter: { field: 'name', op: 'eq', value: name } };
  }

  approval(id: string) {
    const approvers = [{ kind: 'member', ids: [this.admin.memberId] }];
    return { id, type: 'approval', approvers, title: literal(id) };
  }

  visit(id: string, title: string) {
    const assignments = [{ field: 'title', value: literal(title) }];
    return { id, type: 'createRecord', formId: this.visits.id, assignments };
  }

  tasksOf(record: RecordId) {
    return this.whole.kernel.database.withTenant(this.admin, (tx) =>
      tx.sql<{ id: TaskId; node: string; state: string; scope: string }>(
        'SELECT id, node, state, scope FROM lianke.task WHERE record_id = $1 ORDER BY node',
        [record],
      ),
    );
  }

  async decide(id: TaskId, decision: 'approved' | 'rejected' = 'approved') {
    return this.whole.get(ApprovalsService).decide(await this.ctxOf(), id, decision, undefined);
  }

  /** How many visits have this title. */
  async count(title: string): Promise<number> {
    const filter = { field: 'title', op: 'eq', value: title } as const;
    const reader = this.whole.get(RecordReader);
    return (await reader.query(await this.ctxOf(), this.visits.id, { filter, limit: 200, total: false })).items.length;
  }

  sql(text: string) {
    return this.whole.kernel.database.withTenant(this.admin, (tx) => tx.sql(text));
  }

  /** Pauses between attempts run by the database's clock: this is that pause gone by. */
  leasesEnd() {
    return this.sql(`UPDATE lianke.run SET lease_until = clock_timestamp() WHERE lease_until > clock_timestamp()`);
  }
}
