import type { FlowDefinition } from '@lianke/shared/flows/definition';
import type { FormView } from '@lianke/shared/forms/definition';
import type { MemberId, RecordId, RoleId } from '@lianke/shared/ids';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Dispatcher } from '../src/engine/flows/dispatcher.js';
import { FlowsService } from '../src/engine/flows/flows.service.js';
import { Runner } from '../src/engine/flows/runner.js';
import { OrgService } from '../src/engine/org/org.service.js';
import { TenantDirectory } from '../src/engine/org/tenant-directory.js';
import { RecordReader } from '../src/engine/records/record-reader.js';
import { RecordWriter } from '../src/engine/records/record-writer.js';
import { ApprovalsService } from '../src/engine/tasks/approvals.service.js';
import { uuid7 } from '../src/kernel/ids/uuid7.js';
import { newSeed, seeded } from './support/random.js';
import { noteFacts, soaking } from './support/soak.js';
import { type TestAccount, WholeApp } from './support/whole-app.js';

const rounds = soaking ? 1000 : 30;

let whole: WholeApp;
let admin: TestAccount;
let contracts: FormView;
let signers: MemberId[];

const ctxOf = (memberId: MemberId) =>
  whole.get(TenantDirectory).context(admin.tenantId, { kind: 'member', memberId }, { door: 'api' });

beforeAll(async () => {
  whole = await WholeApp.start();
  admin = await whole.company('acme', '甲公司');
  const app = (await admin.call('POST', '/api/v1/apps', { name: '合同' })).json;
  contracts = (
    await admin.call('POST', '/api/v1/forms', {
      appId: app.id,
      key: 'contract',
      name: '合同',
      fields: [
        { key: 'name', name: '名称', type: 'text' },
        { key: 'state', name: '状态', type: 'text' },
        { key: 'number', name: '编号', type: 'autonumber' },
      ],
    })
  ).json;
  const org = whole.get(OrgService);
  const roleIds = [admin.adminRoleId] as RoleId[];
  signers = [];
  for (let index = 0; index < 5; index++)
    signers.push(await org.createMember({ tenantId: admin.tenantId }, { name: `会签 ${index}`, roleIds }));
});
afterAll(() => whole.close());

const approval = (mode: 'any' | 'all', ids: MemberId[]): FlowDefinition => ({
  trigger: { type: 'recordCreated', formId: contracts.id },
  nodes: [
    {
      id: 'ok',
      name: '审批',
      type: 'approval',
      approvers: [{ kind: 'member', ids }],
      mode,
      whenEmpty: 'admin',
      title: { kind: 'literal', value: '合同审批' },
      facts: [],
      commentOnReject: false,
    },
    ...(['yes', 'no'] as const).map((id) => ({
      id,
      name: '',
      type: 'updateRecord' as const,
      target: 'trigger',
      assignments: [{ field: 'state', value: { kind: 'literal' as const, value: id } }],
    })),
  ],
  edges: [
    { from: 'trigger', to: 'ok' },
    { from: 'ok', to: 'yes', port: 'approved' },
    { from: 'ok', to: 'no', port: 'rejected' },
  ],
});

async function withFlow(definition: FlowDefinition, work: () => Promise<void>): Promise<void> {
  const flows = whole.get(FlowsService);
  const flow = await flows.create(await ctxOf(admin.memberId), { appId: contracts.appId, name: '审批', definition });
  await flows.publish(await ctxOf(admin.memberId), flow.id);
  try {
    await work();
  } finally {
    await flows.update(await ctxOf(admin.memberId), flow.id, { enabled: false });
  }
}

async function drain(): Promise<void> {
  while ((await whole.get(Dispatcher).work()) || (await whole.get(Runner).work()));
}

const sql = <Row>(text: string, values: string[] = []) =>
  whole.kernel.database.withTenant(admin, (tx) => tx.sql<Row>(text, values));
const tasksOf = (record: string) =>
  sql<{ id: never; member_id: MemberId }>(
    `SELECT id, member_id FROM lianke.task WHERE record_id = $1 AND state = 'pending' ORDER BY member_id`,
    [record],
  );
const create = async (name: string) => {
  const written = await whole
    .get(RecordWriter)
    .writeOne(await ctxOf(admin.memberId), { formId: contracts.id, op: 'create', row: { values: { name } } });
  await drain();
  return written.id as RecordId;
};
const stateOf = async (record: RecordId) =>
  (await whole.get(RecordReader).get(await ctxOf(admin.memberId), contracts.id, record)).values.state;

describe('decisions', () => {
  it('100 at the same time on one task: one wins, 99 are told who did', async () => {
    await withFlow(approval('any', [signers[0] as MemberId]), async () => {
      const record = await create('抢着批');
      const [task] = await tasksOf(record);
      const account = await whole.account(admin.tenantId, signers[0] as MemberId);
      const answers = await Promise.all(
        Array.from({ length: 100 }, (_, index) =>
          account.call('POST', `/api/v1/tasks/${task?.id}/${index % 2 ? 'approve' : 'reject'}`, {}),
        ),
      );
      const won = answers.filter((answer) => answer.status === 200);
      const told = answers.filter((answer) => answer.status === 409 && answer.json.code === 'already_handled');
      expect([won.length, told.length]).toEqual([1, 99]);
      expect(told.every((answer) => answer.json.params.who === '会签 0')).toBe(true);
      await drain();
      const approved = answers.findIndex((answer) => answer.status === 200) % 2 === 1;
      expect(await stateOf(record)).toBe(approved ? 'yes' : 'no');
      expect(await sql(`SELECT state FROM lianke.run WHERE record_id = $1`, [record])).toEqual([{ state: 'done' }]);
      noteFacts('decisions', { simultaneous: answers.length, won: won.length, toldWhoDid: told.length });
    });
  });

  it(
    `all signers of an all-of node at the same instant: it completes once and never hangs (${rounds} rounds)`,
    async () => {
      const random = seeded(newSeed('signers'));
      let refusals = 0;
      await withFlow(approval('all', signers), async () => {
        for (let round = 0; round < rounds; round++) {
          const record = await create(`会签 ${round}`);
          const tasks = await tasksOf(record);
          expect(tasks).toHaveLength(signers.length);
          const refuser = random() < 0.3 ? Math.floor(random() * signers.length) : -1;
          const outcomes = await Promise.allSettled(
            tasks.map(async (task, index) =>
              whole
                .get(ApprovalsService)
                .decide(await ctxOf(task.member_id), task.id, index === refuser ? 'rejected' : 'approved', undefined),
            ),
          );
          // After a refusal the others' answers come too late, and are told so.
          for (const outcome of outcomes)
            if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'already_handled' });
          if (refuser < 0) expect(outcomes.every((outcome) => outcome.status === 'fulfilled')).toBe(true);
          else expect(outcomes[refuser]?.status).toBe('fulfilled');
          await drain();
          expect(await stateOf(record)).toBe(refuser < 0 ? 'yes' : 'no');
          expect(
            await sql(
              `SELECT r.state, (SELECT count(*)::int FROM lianke.step s WHERE s.run_id = r.id AND s.state = 'done') AS steps FROM lianke.run r WHERE r.record_id = $1`,
              [record],
            ),
          ).toEqual([{ state: 'done', steps: 2 }]);
          expect(await tasksOf(record)).toEqual([]);
          refusals += refuser < 0 ? 0 : 1;
        }
        noteFacts('signers', { rounds, signersARound: signers.length, roundsWithRefusal: refusals });
      });
    },
    soaking ? 1_800_000 : 120_000,
  );
});

describe('autonumbers', () => {
  it('have no duplicate among 1,000 parallel creates', async () => {
    const ctx = await ctxOf(admin.memberId);
    const ids = await Promise.all(
      Array.from(
        { length: 1000 },
        async (_, index) =>
          (
            await whole
              .get(RecordWriter)
              .writeOne(ctx, { formId: contracts.id, op: 'create', row: { values: { name: `并发 ${index}` } } })
          ).id,
      ),
    );
    expect(new Set(ids).size).toBe(1000);
    const numbers = new Set<string>();
    let cursor: string | undefined;
    do {
      const page = await whole.get(RecordReader).query(ctx, contracts.id, {
        filter: { field: 'name', op: 'startsWith', value: '并发' },
        fields: ['number'],
        limit: 200,
        total: false,
        ...(cursor ? { cursor } : {}),
      });
      for (const item of page.items) numbers.add(String(item.values.number));
      cursor = page.cursor ?? undefined;
    } while (cursor);
    expect(numbers.size).toBe(1000);
    expect([...numbers].every((number) => /\d/.test(number))).toBe(true);
    noteFacts('autonumbers', { parallelCreates: ids.length, numbers: numbers.size });
  });
});

describe('repeated requests', () => {
  const url = () => `/api/v1/forms/${contracts.id}/records`;
  const count = async (name: string) =>
    (
      await whole.get(RecordReader).query(await ctxOf(admin.memberId), contracts.id, {
        filter: { field: 'name', op: 'eq', value: name },
        limit: 10,
        total: true,
      })
    ).total;

  it('with one Idempotency-Key answer the first result, refuse another body, and write once', async () => {
    const headers = { 'idempotency-key': uuid7() };
    const first = await admin.call('POST', url(), { values: { name: '重试' } }, headers);
    const again = await admin.call('POST', url(), { values: { name: '重试' } }, headers);
    expect([first.status, again.status]).toEqual([200, 200]);
    expect(again.json).toEqual(first.json);
    const other = await admin.call('POST', url(), { values: { name: '别的' } }, headers);
    expect([other.status, other.json.code]).toEqual([422, 'idempotency_key_reused']);
    // The key is the caller’s own: a colleague with the same one is somebody else.
    const colleague = await whole.account(admin.tenantId, signers[1] as MemberId);
    expect((await colleague.call('POST', url(), { values: { name: '同事' } }, headers)).status).toBe(200);
    expect([await count('重试'), await count('别的'), await count('同事')]).toEqual([1, 0, 1]);
  });

  it('20 at the same time with one key write once; the others are told to wait or get the answer', async () => {
    const headers = { 'idempotency-key': uuid7() };
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => admin.call('POST', url(), { values: { name: '同时重试' } }, headers)),
    );
    const done = answers.filter((answer) => answer.status === 200);
    const busy = answers.filter((answer) => answer.status === 409 && answer.json.code === 'request_in_progress');
    expect(done.length).toBeGreaterThan(0);
    expect(done.length + busy.length).toBe(20);
    expect(new Set(done.map((answer) => answer.json.id)).size).toBe(1);
    expect(await count('同时重试')).toBe(1);
  });

  it('a refused request leaves its key free', async () => {
    const headers = { 'idempotency-key': uuid7() };
    expect((await admin.call('POST', url(), { values: { nothing: 1 } }, headers)).status).toBe(400);
    expect((await admin.call('POST', url(), { values: { name: '改好了' } }, headers)).status).toBe(200);
  });

  it('with the client’s own record id answer the first result although the form numbers its records, and refuse other content', async () => {
    const id = uuid7();
    const first = await admin.call('POST', url(), { id, values: { name: '自带编号' } });
    const again = await admin.call('POST', url(), { id, values: { name: '自带编号' } });
    expect([first.status, again.status, again.json.id]).toEqual([200, 200, id]);
    const other = await admin.call('POST', url(), { id, values: { name: '另一个' } });
    expect(other.status).toBe(409);
    expect(await count('自带编号')).toBe(1);
  });
});
