import type { FormView } from '@lianke/shared/forms/definition';
import type { RecordId } from '@lianke/shared/ids';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestEngine, type TestEngine, type TestTenant } from '../../../test/support/engine.js';
import { uuid7 } from '../../kernel/ids/uuid7.js';
import { RecomputeWorker } from '../derived/recompute.worker.js';
import { RecordReader } from './record-reader.js';
import { RecordWriter } from './record-writer.js';
import { UndoService } from './undo.service.js';

let engine: TestEngine;
let tenant: TestTenant;
let customers: FormView;
let contacts: FormView;

beforeAll(async () => {
  engine = await createTestEngine();
  tenant = await engine.tenant('acme');
  const appId = await tenant.app();
  customers = await tenant.form({
    appId,
    key: 'customer',
    name: '客户信息表',
    fields: [
      { key: 'name', name: '客户名称', type: 'text', rules: { required: true } },
      {
        key: 'grade',
        name: '客户分级',
        type: 'select',
        config: { options: ['A', 'B', 'C'].map((id) => ({ id, label: id })) },
      },
      { key: 'amount', name: '金额', type: 'money' },
      { key: 'tags', name: '标签', type: 'tags' },
      { key: 'since', name: '首次联系日期', type: 'date' },
      { key: 'phone', name: '电话', type: 'phone' },
      { key: 'code', name: '编号', type: 'autonumber', config: { prefix: 'KH' } },
      { key: 'taxId', name: '税号', type: 'text', rules: { unique: true } },
      { key: 'place', name: '地址', type: 'address' },
    ],
  });
  contacts = await tenant.form({
    appId,
    key: 'contact',
    name: '联系人',
    fields: [
      { key: 'name', name: '姓名', type: 'text' },
      { key: 'customer', name: '客户', type: 'relation', config: { formId: customers.id } },
    ],
  });
});
afterAll(() => engine.close());

const writer = () => engine.get(RecordWriter);
const reader = () => engine.get(RecordReader);
const make = async (values: Record<string, never | unknown>) =>
  (
    await writer().writeOne(await tenant.ctx(), {
      formId: customers.id,
      op: 'create',
      row: { values: values as never },
    })
  ).id;

describe('writing and reading records', () => {
  it('creates with defaults, autonumber and owner, and reads labels back', async () => {
    const id = await make({
      name: '华兴科技',
      grade: 'A',
      amount: '1200.5',
      tags: ['高意向', '高意向'],
      since: '2026-01-02',
      phone: ['13800138000', '+86 139-0013-9000'],
      place: { city: '杭州市' },
    });
    const record = await reader().get(await tenant.ctx(), customers.id, id);
    expect(record.label).toBe('华兴科技');
    expect(record.values).toMatchObject({
      grade: 'A',
      amount: '1200.5',
      tags: ['高意向'],
      since: '2026-01-02',
      phone: ['13800138000', '13900139000'],
      code: 'KH202603040001',
      owner: { label: '管理员' },
      place: { city: '杭州市' },
      createdAt: '2026-03-04T02:00:00.000Z',
    });
  });

  it('refuses bad values with one code each and writes nothing', async () => {
    await expect(make({ grade: 'Z', amount: 'abc', nothing: 1, code: 'X' })).rejects.toMatchObject({
      code: 'validation_failed',
      more: {
        fields: expect.arrayContaining([
          { field: 'name', code: 'required' },
          expect.objectContaining({ field: 'grade', code: 'unknown_option' }),
          { field: 'amount', code: 'bad_number' },
          { field: 'nothing', code: 'unknown_field' },
          { field: 'code', code: 'system_kept' },
        ]),
      },
    });
  });

  it('answers the first result when the same id is sent again, and refuses other content', async () => {
    const id = uuid7() as RecordId;
    const send = async (name: string) =>
      writer().writeOne(await tenant.ctx(), { formId: contacts.id, op: 'create', row: { id, values: { name } } });
    expect(await send('甲')).toMatchObject({ id, version: 1 });
    expect(await send('甲')).toMatchObject({ id, version: 1 });
    await expect(send('乙')).rejects.toMatchObject({ code: 'different_content' });
  });

  it('keeps unique values unique, in one batch and against what stands', async () => {
    await make({ name: '甲', taxId: 'T1' });
    await expect(make({ name: '乙', taxId: 'T1' })).rejects.toMatchObject({
      more: { fields: [{ field: 'taxId', code: 'not_unique' }] },
    });
    const { results } = await writer().write(await tenant.ctx(), {
      formId: customers.id,
      op: 'create',
      rows: [{ values: { name: '丙', taxId: 'T2' } }, { values: { name: '丁', taxId: 'T2' } }],
    });
    expect(results.map((result) => result.status)).toEqual(['created', 'failed']);
  });

  it('changes only what differs, counts versions and refuses a stale one with the current values', async () => {
    const id = await make({ name: '版本', grade: 'B' });
    const ctx = await tenant.ctx();
    const update = (values: Record<string, never | unknown>, version?: number) =>
      writer().writeOne(ctx, {
        formId: customers.id,
        op: 'update',
        row: { id, values: values as never, ...(version ? { version } : {}) },
      });
    expect(await update({ grade: 'B' }, 1)).toMatchObject({ status: 'unchanged', version: 1 });
    expect(await update({ grade: 'A', amount: 3 }, 1)).toMatchObject({ status: 'updated', version: 2 });
    await expect(update({ grade: 'C' }, 1)).rejects.toMatchObject({
      code: 'version_conflict',
      more: { current: { version: 2 } },
    });
    const history = await reader().history(ctx, customers.id, id);
    expect(history.items.map((entry) => entry.kind)).toEqual(['update', 'create']);
    expect(history.items[0]?.changes).toEqual(
      expect.arrayContaining([expect.objectContaining({ field: 'grade', before: 'B', after: 'A' })]),
    );
  });

  it('filters, sorts by pinyin, pages without gaps and counts', async () => {
    const ctx = await tenant.ctx();
    await writer().write(ctx, {
      formId: contacts.id,
      op: 'create',
      rows: ['张三', '李四', '王五', '赵六', '安七'].map((name) => ({ values: { name } })),
    });
    const filter = { field: 'name', op: 'in' as const, value: ['张三', '李四', '王五', '赵六', '安七'] };
    const names: string[] = [];
    let cursor: string | null | undefined;
    do {
      const page = await reader().query(ctx, contacts.id, {
        filter,
        sort: [{ field: 'name', dir: 'asc' }],
        limit: 2,
        total: true,
        ...(cursor ? { cursor } : {}),
      });
      expect(page.total).toBe(5);
      names.push(...page.items.map((item) => item.label));
      cursor = page.cursor;
    } while (cursor);
    expect(names).toEqual(['安七', '李四', '王五', '张三', '赵六']);
  });

  it('finds by two characters, by phone tail and by pinyin initials', async () => {
    const id = await make({ name: '星河科技股份', phone: ['13711112222'] });
    const ctx = await tenant.ctx();
    for (const search of ['星河', '2222', 'xhkj', '河科技']) {
      const page = await reader().query(ctx, customers.id, { search, limit: 10, total: true });
      expect(
        page.items.map((item) => item.id),
        search,
      ).toContain(id);
    }
    expect((await reader().query(ctx, customers.id, { search: '河星', limit: 10, total: true })).items).toHaveLength(0);
  });

  it('follows relations in filters and groups with labels', async () => {
    const ctx = await tenant.ctx();
    const customer = await make({ name: '关联公司', grade: 'C' });
    await writer().writeOne(ctx, { formId: contacts.id, op: 'create', row: { values: { name: '小红', customer } } });
    const page = await reader().query(ctx, contacts.id, {
      filter: { field: 'customer.grade', op: 'eq', value: 'C' },
      limit: 10,
      total: true,
    });
    expect(page.items.map((item) => item.values.customer)).toEqual([{ id: customer, label: '关联公司' }]);
    const groups = await reader().aggregate(ctx, contacts.id, {
      filter: { field: 'customer', op: 'notEmpty' },
      groupBy: [{ field: 'customer' }],
      metrics: [{ fn: 'count', as: 'n' }],
      sort: [],
      limit: 10,
    });
    expect(groups).toEqual([{ groups: [{ id: customer, label: '关联公司' }], metrics: { n: 1 } }]);
  });

  it('takes a batch back: reverses, and keeps what was changed since', async () => {
    const ctx = await tenant.ctx();
    const { results, batchId } = await writer().write(ctx, {
      formId: customers.id,
      op: 'create',
      rows: [{ values: { name: '撤一' } }, { values: { name: '撤二' } }],
    });
    await writer().writeOne(ctx, {
      formId: customers.id,
      op: 'update',
      row: { id: results[0]?.id as RecordId, values: { grade: 'A' } },
    });
    expect(await engine.get(UndoService).undo(ctx, batchId)).toMatchObject({
      reversed: 1,
      kept: 1,
      failed: 0,
      rows: [{ outcome: 'kept', reason: '之后由管理员修改' }],
    });
    await expect(reader().get(ctx, customers.id, results[1]?.id as RecordId)).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  it('gives every one of 200 parallel creates its own number', async () => {
    const ctx = await tenant.ctx();
    const ids = await Promise.all(
      Array.from({ length: 200 }, (_, index) =>
        writer().writeOne(ctx, { formId: customers.id, op: 'create', row: { values: { name: `并发 ${index}` } } }),
      ),
    );
    const records = await reader().getMany(
      ctx,
      customers.id,
      ids.map((row) => row.id),
    );
    expect(new Set(records.map((record) => record.values.code)).size).toBe(200);
  });
});

describe('access', () => {
  it('shows and changes only what lies in the scope, and hides fields everywhere', async () => {
    const rep = await tenant.memberWith('王芳', {
      [customers.id]: {
        actions: ['view', 'create', 'edit'],
        scope: 'own',
        fields: { amount: 'hidden', grade: 'read' },
      },
    });
    const ctx = await tenant.ctx(rep);
    const other = await make({ name: '别人的', amount: 99 });
    const own = (
      await writer().writeOne(ctx, { formId: customers.id, op: 'create', row: { values: { name: '我的' } } })
    ).id;
    const page = await reader().query(ctx, customers.id, { limit: 50, total: true });
    expect(page.items.map((item) => item.id)).toEqual([own]);
    expect(page.items[0]?.values).not.toHaveProperty('amount');
    await expect(reader().get(ctx, customers.id, other)).rejects.toMatchObject({ code: 'not_found' });
    await expect(
      writer().writeOne(ctx, { formId: customers.id, op: 'update', row: { id: other, values: { name: '抢' } } }),
    ).rejects.toMatchObject({ code: 'not_found' });
    await expect(
      writer().writeOne(ctx, { formId: customers.id, op: 'update', row: { id: own, values: { owner: tenant.admin } } }),
    ).rejects.toMatchObject({ code: 'outside_scope' });
    await expect(
      writer().writeOne(ctx, { formId: customers.id, op: 'update', row: { id: own, values: { grade: 'A' } } }),
    ).rejects.toMatchObject({ more: { fields: [{ field: 'grade', code: 'not_writable' }] } });
    await expect(
      writer().writeOne(ctx, { formId: customers.id, op: 'update', row: { id: own, values: { amount: 1 } } }),
    ).rejects.toMatchObject({ more: { fields: [{ field: 'amount', code: 'unknown_field' }] } });
    for (const query of [
      { filter: { field: 'amount', op: 'gt' as const, value: 1 } },
      { sort: [{ field: 'amount', dir: 'asc' as const }] },
      { fields: ['amount'] },
    ]) {
      await expect(reader().query(ctx, customers.id, { limit: 10, total: true, ...query })).rejects.toMatchObject({
        code: 'unknown_field',
      });
    }
    await expect(
      reader().aggregate(ctx, customers.id, {
        groupBy: [],
        metrics: [{ fn: 'sum', field: 'amount', as: 's' }],
        sort: [],
        limit: 1,
      }),
    ).rejects.toMatchObject({ code: 'unknown_field' });
    await expect(reader().query(ctx, contacts.id, { limit: 10, total: true })).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  it('keeps tenants apart: a foreign form or record is not found', async () => {
    const stranger = await engine.tenant('other');
    await expect(reader().query(await stranger.ctx(), customers.id, { limit: 10, total: true })).rejects.toMatchObject({
      code: 'not_found',
    });
  });
});

describe('last contact time', () => {
  it('is the latest of its base and the follow-ups, and follows their deletion', async () => {
    const appId = await tenant.app('跟进应用');
    const visits = await tenant.form({
      appId,
      key: 'visit',
      name: '跟进',
      fields: [
        { key: 'at', name: '时间', type: 'datetime' },
        { key: 'note', name: '摘要', type: 'text' },
      ],
    });
    const targets = await tenant.form({
      appId,
      key: 'target',
      name: '对象',
      fields: [{ key: 'name', name: '名称', type: 'text' }],
    });
    const { FormsService } = await import('../forms/forms.service.js');
    const forms = engine.get(FormsService);
    const withRelation = await forms.update(await tenant.ctx(), visits.id, {
      fields: [
        ...visits.fields.filter((field) => !field.system),
        { name: '对象', key: 'target', type: 'relation', config: { formId: targets.id }, rules: {} },
      ] as never,
    });
    const id = (key: string) => withRelation.fields.find((field) => field.key === key)?.id;
    await forms.update(await tenant.ctx(), targets.id, {
      fields: [
        ...targets.fields.filter((field) => !field.system),
        {
          name: '最后联系时间',
          key: 'last',
          type: 'lastContact',
          config: { sources: [{ formId: visits.id, relation: id('target'), time: id('at') }] },
          rules: {},
        },
      ] as never,
    });
    const ctx = await tenant.ctx();
    const record = await writer().write(ctx, {
      formId: targets.id,
      op: 'create',
      trusted: true,
      rows: [{ values: { name: '目标', last: '2026-01-01T00:00:00Z' } }],
    });
    const target = record.results[0]?.id as RecordId;
    const visit = await writer().writeOne(ctx, {
      formId: visits.id,
      op: 'create',
      row: { values: { target, at: '2026-02-01T08:00:00+08:00' } },
    });
    const read = async () => (await reader().get(await tenant.ctx(), targets.id, target)).values.last;
    expect(await read()).toBe('2026-01-01T00:00:00.000Z');
    await engine.get(RecomputeWorker).work();
    expect(await read()).toBe('2026-02-01T00:00:00.000Z');
    await writer().writeOne(ctx, { formId: visits.id, op: 'delete', row: { id: visit.id } });
    await engine.get(RecomputeWorker).work();
    expect(await read()).toBe('2026-01-01T00:00:00.000Z');
  });
});
