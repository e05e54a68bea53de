import type { FlowDefinition } from '@lianke/shared/flows/definition';
import type { FormView } from '@lianke/shared/forms/definition';
import type { AppId, MemberId } from '@lianke/shared/ids';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestEngine, type TestEngine, type TestTenant } from '../../../test/support/engine.js';
import { comeToRest } from '../../../test/support/flows.js';
import { AppsService } from '../apps/apps.service.js';
import { FlowsModule } from '../flows/flows.module.js';
import { FlowsService } from '../flows/flows.service.js';
import { Notifier } from '../ports.js';
import { RecordReader } from '../records/record-reader.js';
import { RecordWriter } from '../records/record-writer.js';
import { TrialsModule } from './trials.module.js';
import { TrialsService } from './trials.service.js';

let engine: TestEngine;
let tenant: TestTenant;
let appId: AppId;
let customers: FormView;
let orders: FormView;
let tester: MemberId;
let other: MemberId;
const silent = { enqueue: async () => undefined, update: async () => undefined };

beforeAll(async () => {
  engine = await createTestEngine(undefined, [FlowsModule, TrialsModule], [{ provide: Notifier, useValue: silent }]);
  tenant = await engine.tenant('trials');
  appId = await tenant.app('新应用');
  customers = await tenant.form({
    appId,
    key: 'customer',
    name: '客户',
    fields: [{ key: 'name', name: '名称', type: 'text' }],
  });
  orders = await tenant.form({
    appId,
    key: 'order',
    name: '订单',
    fields: [
      { key: 'no', name: '单号', type: 'text' },
      {
        key: 'customer',
        name: '客户',
        type: 'relation',
        config: { formId: customers.id, onDelete: 'refuse' } as never,
      },
    ],
  });
  const grant = { actions: ['view', 'create'], scope: 'all' } as const;
  const rights = { [customers.id]: { ...grant, actions: [...grant.actions] } };
  [tester, other] = [await tenant.memberWith('试用人', rights), await tenant.memberWith('同事', rights)];
});
afterAll(() => engine.close());

const trials = () => engine.get(TrialsService);
const appsOf = async (member: MemberId) =>
  (await engine.get(AppsService).list(await tenant.ctx(member))).map(({ name, trial }) => ({ name, trial }));
const make = async (form: FormView, values: Record<string, unknown>) =>
  (
    await engine.get(RecordWriter).writeOne(await tenant.ctx(), {
      ...{ formId: form.id, op: 'create', row: { values: values as never } },
    })
  ).id;
const count = async (form: FormView) =>
  (await engine.get(RecordReader).query(await tenant.ctx(), form.id, { limit: 10, total: 'exact' })).total;

describe('试运行', () => {
  it('is open to its testers only, at the next request, and to all again when it ends', async () => {
    expect(await appsOf(other)).toEqual([{ name: '新应用', trial: false }]);
    const trial = await trials().start(await tenant.ctx(), appId, [{ kind: 'member', id: tester }]);
    expect(trial).toMatchObject({ on: true, records: 0, testers: [{ id: tester, label: '试用人' }] });
    expect(await appsOf(tester)).toEqual([{ name: '新应用', trial: true }]);
    expect(await appsOf(other)).toEqual([]);
    const read = engine.get(RecordReader).query(await tenant.ctx(other), customers.id, { limit: 10, total: false });
    await expect(read).rejects.toMatchObject({ code: 'not_found' });
    await trials().end(await tenant.ctx(), appId);
    expect(await appsOf(other)).toEqual([{ name: '新应用', trial: false }]);
  });

  it('is its designers’ to begin and end', async () => {
    const ctx = await tenant.ctx(tester);
    await expect(trials().start(ctx, appId, [{ kind: 'member', id: tester }])).rejects.toMatchObject({
      code: 'forbidden',
    });
    await expect(trials().clear(ctx, appId)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(trials().end(await tenant.ctx(), appId)).rejects.toMatchObject({ code: 'wrong_state' });
  });

  it('takes back in one step what was written since, records that others refer to too, and nothing older', async () => {
    await make(customers, { name: '老客户' });
    const definition: FlowDefinition = {
      trigger: { type: 'recordCreated', formId: orders.id },
      nodes: [
        {
          ...{ id: 'ok', name: '审批', type: 'approval', mode: 'any', whenEmpty: 'admin', facts: [] },
          approvers: [{ kind: 'member', ids: [tenant.admin] }],
          title: { kind: 'literal', value: '审批' },
          commentOnReject: false,
        },
      ],
      edges: [{ from: 'trigger', to: 'ok' }],
    };
    const flow = await engine.get(FlowsService).create(await tenant.ctx(), { appId, name: '订单审批', definition });
    await engine.get(FlowsService).publish(await tenant.ctx(), flow.id);

    engine.kernel.clock.advance(60_000);
    await trials().start(await tenant.ctx(), appId, [{ kind: 'member', id: tester }]);
    engine.kernel.clock.advance(60_000);
    const customer = await make(customers, { name: '试用客户' });
    await make(orders, { no: '1', customer });
    await comeToRest(engine);
    expect(await trials().get(await tenant.ctx(), appId)).toMatchObject({ records: 2 });

    expect(await trials().clear(await tenant.ctx(), appId)).toEqual({
      ...{ deleted: 2, failed: 0, reason: '', cancelled: 1 },
    });
    await comeToRest(engine);
    expect([await count(customers), await count(orders)]).toEqual([1, 0]);
    expect(await trials().get(await tenant.ctx(), appId)).toMatchObject({ on: true, records: 0 });
  });

  it('hears its testers, and nobody else', async () => {
    const said = await trials().say(await tenant.ctx(tester), appId, { text: '很好用', page: '/apps' });
    expect(said.by.label).toBe('试用人');
    expect((await trials().feedbacks(await tenant.ctx(), appId)).map(({ text }) => text)).toEqual(['很好用']);
    const outside = trials().say(await tenant.ctx(other), appId, { text: '看不到', page: '' });
    await expect(outside).rejects.toMatchObject({ code: 'not_found' });
    await expect(trials().feedbacks(await tenant.ctx(tester), appId)).rejects.toMatchObject({ code: 'forbidden' });
  });
});
