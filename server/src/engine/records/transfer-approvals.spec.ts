import type { FlowDefinition } from '@lianke/shared/flows/definition';
import type { FormView } from '@lianke/shared/forms/definition';
import type { BatchId, MemberId, RecordId } from '@lianke/shared/ids';
import { approvalsAlong } from '@lianke/shared/records/transfer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestEngine, type TestEngine, type TestTenant } from '../../../test/support/engine.js';
import { comeToRest } from '../../../test/support/flows.js';
import { FlowsModule } from '../flows/flows.module.js';
import { FlowsService } from '../flows/flows.service.js';
import { Notifier } from '../ports.js';
import { TransferredApprovals } from '../tasks/transferred-approvals.js';
import { RecordWriter } from './record-writer.js';
import { TransferService } from './transfer.service.js';
import { UndoService } from './undo.service.js';

const silent = { enqueue: async () => undefined, update: async () => undefined };

let engine: TestEngine;
let tenant: TestTenant;
let customers: FormView;
let deals: FormView;
let former: MemberId;
let heir: MemberId;

beforeAll(async () => {
  engine = await createTestEngine(undefined, [FlowsModule], [{ provide: Notifier, useValue: silent }]);
  engine.get(TransferredApprovals).onModuleInit();
  tenant = await engine.tenant('transfer-approvals');
  const appId = await tenant.app();
  customers = await tenant.form({ appId, name: '客户', fields: [{ key: 'name', name: '名称', type: 'text' }] });
  deals = await tenant.form({
    appId,
    name: '商机',
    fields: [
      { key: 'name', name: '名称', type: 'text' },
      { key: 'customer', name: '客户', type: 'relation', config: { formId: customers.id } },
    ],
  });
  const all = { actions: ['view' as const, 'edit' as const], scope: 'all' as const };
  former = await tenant.memberWith('李伟', { [customers.id]: all, [deals.id]: all });
  heir = await tenant.memberWith('王芳', { [customers.id]: all, [deals.id]: all });
  for (const form of [customers, deals]) await publish(appId, form);
});
afterAll(() => engine.close());

/** Every new record of the form waits for its owner's approval. */
async function publish(appId: FormView['appId'], form: FormView): Promise<void> {
  const definition: FlowDefinition = {
    trigger: { type: 'recordCreated', formId: form.id },
    nodes: [
      {
        id: 'approve',
        name: '审批',
        type: 'approval',
        approvers: [{ kind: 'member', ids: [former] }],
        mode: 'any',
        whenEmpty: 'admin',
        title: { kind: 'literal', value: '审批' },
        facts: [],
        commentOnReject: false,
      },
    ],
    edges: [{ from: 'trigger', to: 'approve' }],
  };
  const flow = await engine.get(FlowsService).create(await tenant.ctx(), { appId, name: form.name, definition });
  await engine.get(FlowsService).publish(await tenant.ctx(), flow.id as never);
}

const make = async (form: FormView, values: Record<string, unknown>): Promise<RecordId> => {
  const row = { values: values as never };
  const { id } = await engine.get(RecordWriter).writeOne(await tenant.ctx(), { formId: form.id, op: 'create', row });
  await comeToRest(engine);
  return id;
};
const waiting = async (record: RecordId) =>
  (
    await engine.kernel.database.withTenant(await tenant.ctx(), (tx) =>
      tx.sql<{ member_id: MemberId }>(`SELECT member_id FROM lianke.task WHERE record_id = $1 AND state = 'pending'`, [
        record,
      ]),
    )
  ).map(({ member_id }) => member_id);

describe('open approvals', () => {
  it('are named with their count, go along with records and companions, and come back with an undo', async () => {
    const customer = await make(customers, { name: '华兴', owner: former });
    const deal = await make(deals, { name: '二期', customer, owner: former });
    const service = engine.get(TransferService);
    const { along } = await service.preview(await tenant.ctx(), customers.id, [customer]);
    expect(along.map(({ kind, field, count }) => [kind, field, count])).toEqual([
      ['record', 'customer', 1],
      ['approval', approvalsAlong, 2],
    ]);
    const { batchId, moved } = await service.transfer(await tenant.ctx(), customers.id, {
      ids: [customer],
      to: heir,
      along,
    });
    expect(moved.map(({ kind, done, failed }) => [kind, done, failed])).toEqual([
      ['record', 1, 0],
      ['record', 1, 0],
      ['approval', 2, 0],
    ]);
    expect([await waiting(customer), await waiting(deal)]).toEqual([[heir], [heir]]);
    const report = await engine.get(UndoService).undo(await tenant.ctx(), batchId as BatchId);
    expect(report).toMatchObject({ reversed: 4, kept: 0, failed: 0 });
    expect([await waiting(customer), await waiting(deal)]).toEqual([[former], [former]]);
  });

  it('stay where only the records are chosen', async () => {
    const customer = await make(customers, { name: '只转客户', owner: former });
    const body = { ids: [customer], to: heir, along: [] };
    await engine.get(TransferService).transfer(await tenant.ctx(), customers.id, body);
    expect(await waiting(customer)).toEqual([former]);
  });

  it('of somebody else are no colleague’s to take by making himself the owner', async () => {
    const customer = await make(customers, { name: '想自己批', owner: former });
    const service = engine.get(TransferService);
    const ctx = await tenant.ctx(heir);
    expect((await service.preview(ctx, customers.id, [customer])).along).toEqual([]);
    const along = [{ formId: customers.id as never, field: approvalsAlong }];
    const { moved } = await service.transfer(ctx, customers.id, { ids: [customer], to: heir, along });
    expect(moved.map(({ kind, done }) => [kind, done])).toEqual([
      ['record', 1],
      ['approval', 0],
    ]);
    expect(await waiting(customer)).toEqual([former]);
  });
});
