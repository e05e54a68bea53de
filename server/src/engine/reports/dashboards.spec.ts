import type { FormView } from '@lianke/shared/forms/definition';
import type { AppId, DepartmentId, MemberId } from '@lianke/shared/ids';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestEngine, type TestEngine, type TestTenant } from '../../../test/support/engine.js';
import { OrgService } from '../org/org.service.js';
import { RecordReader } from '../records/record-reader.js';
import { RecordWriter } from '../records/record-writer.js';
import { DashboardsService } from './dashboards.service.js';

let engine: TestEngine;
let tenant: TestTenant;
let appId: AppId;
let customers: FormView;
let visits: FormView;
let east: DepartmentId;
let city: DepartmentId;
let rep: MemberId;
let other: MemberId;

const place = { x: 0, y: 0, w: 6, h: 4 };
const count = (id: string, form: FormView) => ({
  id,
  type: 'metric' as const,
  title: '',
  formId: form.id,
  place,
  measure: { fn: 'count' as const },
});

beforeAll(async () => {
  engine = await createTestEngine('2026-03-04T02:00:00Z');
  tenant = await engine.tenant('pages');
  appId = await tenant.app();
  customers = await tenant.form({
    appId,
    name: '客户',
    fields: [
      { key: 'name', name: '名称', type: 'text' },
      { key: 'signed', name: '签约日期', type: 'date' },
    ],
  });
  visits = await tenant.form({ appId, name: '拜访', fields: [{ key: 'note', name: '内容', type: 'text' }] });
  const org = engine.get(OrgService);
  east = await org.createDepartment({ tenantId: tenant.id }, { name: '华东' });
  city = await org.createDepartment({ tenantId: tenant.id }, { name: '杭州', parentId: east });
  const grant = { actions: ['view', 'create'] as const, scope: 'all' as const };
  rep = await tenant.memberWith('王芳', { [customers.id]: grant, [visits.id]: grant } as never, {
    departmentIds: [city as never],
  });
  other = await tenant.memberWith('陈晨', { [customers.id]: grant, [visits.id]: grant } as never);
  const write = async (as: MemberId, form: FormView, values: Record<string, string>) =>
    engine.get(RecordWriter).writeOne(await tenant.ctx(as), { formId: form.id, op: 'create', row: { values } });
  await write(rep, customers, { name: '甲', signed: '2026-03-01' });
  await write(rep, customers, { name: '乙', signed: '2026-01-15' });
  await write(other, customers, { name: '丙', signed: '2026-03-20' });
  await write(other, visits, { note: '电话' });
});
afterAll(() => engine.close());

async function page(filters?: object[]) {
  const definition = { widgets: [count('a', customers), count('b', visits)], ...(filters ? { filters } : {}) };
  return engine
    .get(DashboardsService)
    .create(await tenant.ctx(), { appId, name: '看板', definition: definition as never });
}
const numbers = async (id: string, values?: object, as?: MemberId) =>
  (await engine.get(DashboardsService).data(await tenant.ctx(as), id as never, values as never)).map(
    (item) => item.kind === 'value' && Number(item.value),
  );

describe('the filter bar', () => {
  it('narrows every component by its own field, and the rows behind a number are the same', async () => {
    const { id } = await page([
      { id: 'time', type: 'date', title: '签约', fields: { [customers.id]: 'signed', [visits.id]: null } },
      { id: 'who', type: 'member', title: '', fields: {} },
    ]);
    expect(await numbers(id)).toEqual([3, 1]);
    expect(await numbers(id, { time: { from: '2026-03-01', to: '2026-03-31' } })).toEqual([2, 1]);
    expect(await numbers(id, { time: { rel: 'thisMonth' }, who: [rep] })).toEqual([1, 0]);
    const ctx = await tenant.ctx();
    const [first] = await engine.get(DashboardsService).data(ctx, id, { who: [other] });
    const drill = first?.kind === 'value' ? first.drill : undefined;
    const rows = await engine.get(RecordReader).query(ctx, customers.id, { filter: drill, limit: 10, total: false });
    expect(rows.items.map((item) => item.label)).toEqual(['丙']);
  });

  it('a page has one without being asked: time, department with those below, owner', async () => {
    const { id } = await page();
    expect(await numbers(id, { department: [east] })).toEqual([2, 0]);
    expect(await numbers(id, { department: [city], member: [other] })).toEqual([0, 0]);
    expect(await numbers(id, { date: { rel: 'today' } })).toEqual([3, 1]);
    expect(await numbers(id, { date: { rel: 'yesterday' } })).toEqual([0, 0]);
  });

  it('opens with what its designer chose; a reader who clears it sees everything', async () => {
    const { id } = await page([
      { id: 'time', type: 'date', title: '', fields: { [customers.id]: 'signed' }, initial: { rel: 'thisMonth' } },
    ]);
    expect(await numbers(id)).toEqual([2, 1]);
    expect(await numbers(id, {})).toEqual([3, 1]);
  });

  it('a field that is gone is named on the component, not passed over', async () => {
    const { id } = await page([{ id: 'time', type: 'date', title: '', fields: { [customers.id]: 'f_gone' } }]);
    const values = { time: { rel: 'today' as const } };
    const [first, second] = await engine.get(DashboardsService).data(await tenant.ctx(), id, values);
    expect(first).toMatchObject({ kind: 'broken', message: '字段“f_gone”已删除' });
    expect(second).toMatchObject({ kind: 'value' });
  });
});

describe('the recycle bin', () => {
  it('a deleted page is gone for everybody, and comes back as it was', async () => {
    const pages = engine.get(DashboardsService);
    const made = await page([{ id: 'who', type: 'member', title: '', fields: {} }]);
    await pages.remove(await tenant.ctx(), made.id);
    await expect(pages.get(await tenant.ctx(), made.id)).rejects.toMatchObject({ code: 'not_found' });
    await expect(pages.data(await tenant.ctx(rep), made.id)).rejects.toMatchObject({ code: 'not_found' });
    const [item] = await pages.deleted(await tenant.ctx(), appId);
    expect(item).toMatchObject({ id: made.id, name: '看板', deletedBy: '管理员', deletedAt: expect.any(String) });
    await expect(pages.restore(await tenant.ctx(rep), made.id)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(pages.deleted(await tenant.ctx(rep), appId)).rejects.toMatchObject({ code: 'forbidden' });
    const stranger = await engine.tenant('other-pages');
    await expect(pages.restore(await stranger.ctx(), made.id)).rejects.toMatchObject({ code: 'not_found' });
    expect(await pages.restore(await tenant.ctx(), made.id)).toEqual(made);
    // Sent twice, it answers the same.
    expect(await pages.restore(await tenant.ctx(), made.id)).toEqual(made);
    expect(await pages.deleted(await tenant.ctx(), appId)).toEqual([]);
  });
});
