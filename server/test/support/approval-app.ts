import type { FlowDefinition, FlowNode } from '@lianke/shared/flows/definition';
import type { FormView } from '@lianke/shared/forms/definition';
import type { MemberId, RecordId, RoleId, TaskId } from '@lianke/shared/ids';
import { Dispatcher } from '../../src/engine/flows/dispatcher.js';
import { FlowsService } from '../../src/engine/flows/flows.service.js';
import { Runner } from '../../src/engine/flows/runner.js';
import { OrgService } from '../../src/engine/org/org.service.js';
import { TenantDirectory } from '../../src/engine/org/tenant-directory.js';
import { RecordReader } from '../../src/engine/records/record-reader.js';
import { RecordWriter } from '../../src/engine/records/record-writer.js';
import { type TestAccount, WholeApp } from './whole-app.js';

export type Approval = Extract<FlowNode, { type: 'approval' }>;

/** An approval node that asks the given members. */
export const approvalNode = (id: string, ids: MemberId[], more: Partial<Approval> = {}): Approval => ({
  id,
  name: `审批 ${id}`,
  type: 'approval',
  approvers: [{ kind: 'member', ids }],
  mode: 'any',
  whenEmpty: 'admin',
  title: { kind: 'literal', value: '合同审批' },
  facts: [],
  commentOnReject: false,
  ...more,
});

/** A company whose contracts are approved: `state` becomes yes or no when the flow has come to its end. */
export class ApprovalApp {
  private constructor(
    readonly whole: WholeApp,
    readonly admin: TestAccount,
    readonly contracts: FormView,
    /** Four colleagues with every right. */
    readonly people: MemberId[],
  ) {}

  static async start(): Promise<ApprovalApp> {
    const whole = await WholeApp.start();
    const admin = await whole.company('acme', '甲公司');
    const app = (await admin.call('POST', '/api/v1/apps', { name: '合同' })).json;
    const fields = ['name', 'state'].map((key) => ({ key, name: key, type: 'text' }));
    const form = { appId: app.id, key: 'contract', name: '合同', fields };
    const contracts = (await admin.call('POST', '/api/v1/forms', form)).json;
    const roleIds = [admin.adminRoleId] as RoleId[];
    const people: MemberId[] = [];
    for (const name of ['甲', '乙', '丙', '丁'])
      people.push(await whole.get(OrgService).createMember({ tenantId: admin.tenantId }, { name, roleIds }));
    return new ApprovalApp(whole, admin, contracts, people);
  }

  ctx(memberId: MemberId) {
    return this.whole.get(TenantDirectory).context(this.admin.tenantId, { kind: 'member', memberId }, { door: 'api' });
  }

  /** One approval, or several one after the other. */
  chain(...nodes: Approval[]): FlowDefinition {
    const end = (id: 'yes' | 'no') => ({
      id,
      name: '',
      type: 'updateRecord' as const,
      target: 'trigger',
      assignments: [{ field: 'state', value: { kind: 'literal' as const, value: id } }],
    });
    return {
      trigger: { type: 'recordCreated', formId: this.contracts.id },
      nodes: [...nodes, end('yes'), end('no')],
      edges: [
        { from: 'trigger', to: nodes[0]?.id ?? 'yes' },
        ...nodes.map((node, index) => ({ from: node.id, to: nodes[index + 1]?.id ?? 'yes', port: 'approved' })),
        ...nodes.slice(-1).map((node) => ({ from: node.id, to: 'no', port: 'rejected' })),
      ],
    };
  }

  /** Publishes the flow while `work` runs. */
  async with(definition: FlowDefinition, work: () => Promise<void>): Promise<void> {
    const flows = this.whole.get(FlowsService);
    const ctx = await this.ctx(this.admin.memberId);
    const flow = await flows.create(ctx, { appId: this.contracts.appId, name: '审批', definition });
    await flows.publish(ctx, flow.id);
    try {
      await work();
    } finally {
      await flows.update(ctx, flow.id, { enabled: false });
    }
  }

  /** Until no event and no run can go on by itself. */
  async drain(): Promise<void> {
    while ((await this.whole.get(Dispatcher).work()) || (await this.whole.get(Runner).work()));
  }

  /** A new contract, its flow carried on as far as it goes; the starter is the administrator. */
  async submit(name: string, starter = this.admin.memberId): Promise<RecordId> {
    const row = { formId: this.contracts.id, op: 'create' as const, row: { values: { name } } };
    const { id } = await this.whole.get(RecordWriter).writeOne(await this.ctx(starter), row);
    await this.drain();
    return id as RecordId;
  }

  async state(record: RecordId): Promise<unknown> {
    const reader = this.whole.get(RecordReader);
    return (await reader.get(await this.ctx(this.admin.memberId), this.contracts.id, record)).values.state;
  }

  sql<Row>(text: string, values: string[] = []): Promise<Row[]> {
    return this.whole.kernel.database.withTenant(this.admin, (tx) => tx.sql<Row>(text, values));
  }

  /** The record's tasks in the order they were asked for. */
  tasks(record: RecordId) {
    return this.sql<{ id: TaskId; member_id: MemberId; state: string; node: string; run_id: string }>(
      'SELECT id, member_id, state, node, run_id FROM lianke.task WHERE record_id = $1 ORDER BY created_at, position, id',
      [record],
    );
  }

  /** The member's own pending task about the record. */
  async taskOf(record: RecordId, member: MemberId): Promise<TaskId> {
    const found = (await this.tasks(record)).find((task) => task.member_id === member && task.state === 'pending');
    if (!found) throw new Error('nothing waits for this member');
    return found.id;
  }

  /** Tasks with a card that asks, in order of sending. */
  async cards(record: RecordId): Promise<{ member: MemberId; outcome: string | null }[]> {
    return this.sql(
      `SELECT m.member_id AS member, m.outcome FROM lianke.message m JOIN lianke.task t ON t.tenant_id = m.tenant_id AND t.id::text = m.about_id
       WHERE m.about_kind = 'task' AND t.record_id = $1 ORDER BY m.id`,
      [record],
    );
  }

  /** Calls the API as this member. */
  async as(member: MemberId, method: string, url: string, body: unknown = {}) {
    const account = await this.whole.account(this.admin.tenantId, member);
    return account.call(method, url, body);
  }

  /** The member acts on his task about the record, through the API. */
  async act(record: RecordId, member: MemberId, verb: string, body: unknown = {}) {
    return this.as(member, 'POST', `/api/v1/tasks/${await this.taskOf(record, member)}/${verb}`, body);
  }

  /** The same, which must be let; the flow then goes on as far as it can. Answers what the API answered. */
  async ok(record: RecordId, member: MemberId, verb: string, body: unknown = {}) {
    const answer = await this.act(record, member, verb, body);
    if (answer.status !== 200) throw new Error(`${verb}: ${answer.status} ${answer.text}`);
    await this.drain();
    return answer.json;
  }

  /** Who is asked about the record now: letters a to d for the colleagues in order, s for the administrator who starts. */
  async waiting(record: RecordId): Promise<string> {
    const names = new Map([...this.people, this.admin.memberId].map((id, index) => [id, 'abcds'[index]]));
    return (await this.tasks(record))
      .filter((task) => task.state === 'pending')
      .map((task) => names.get(task.member_id))
      .sort()
      .join('');
  }

  async decide(record: RecordId, member: MemberId, verb: 'approve' | 'reject', comment?: string) {
    const id = await this.taskOf(record, member);
    return this.as(member, 'POST', `/api/v1/tasks/${id}/${verb}`, comment ? { comment } : {});
  }
}
