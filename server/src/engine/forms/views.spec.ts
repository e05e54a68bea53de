import { type FormView, updateFormBody } from '@lianke/shared/forms/definition';
import { viewDef, viewPatch } from '@lianke/shared/forms/views';
import type { MemberId } from '@lianke/shared/ids';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestEngine, type TestEngine, type TestTenant } from '../../../test/support/engine.js';
import { BinService } from '../records/bin.service.js';
import { FormsService } from './forms.service.js';
import { ViewsService } from './views.service.js';

let engine: TestEngine;
let tenant: TestTenant;
let form: FormView;
let rep: MemberId;

beforeAll(async () => {
  engine = await createTestEngine();
  tenant = await engine.tenant('views');
  form = await tenant.form({
    appId: await tenant.app(),
    name: '客户',
    fields: [
      { key: 'name', name: '名称', type: 'text' },
      { key: 'grade', name: '分级', type: 'select', config: { options: [{ id: 'A', label: 'A' }] } },
      { key: 'since', name: '日期', type: 'date' },
      { key: 'cost', name: '成本', type: 'money' },
      { key: 'until', name: '到期', type: 'datetime' },
      { key: 'term', name: '期限', type: 'dateRange' },
      { key: 'done', name: '完成', type: 'percent' },
      { key: 'spot', name: '定位', type: 'location' },
      { key: 'home', name: '地址', type: 'address' },
      { key: 'safe', name: '保密地址', type: 'address', encrypted: true },
    ],
  });
  rep = await tenant.memberWith('王芳', {
    [form.id]: { actions: ['view'], scope: 'all', fields: { cost: 'hidden', until: 'hidden' } },
  });
});
afterAll(() => engine.close());

const views = () => engine.get(ViewsService);
const make = async (body: object, by: MemberId = tenant.admin) =>
  views().create(await tenant.ctx(by), form.id, viewDef.parse(body));

describe('deleted views', () => {
  const bin = async (by?: MemberId) =>
    (await views().deleted(await tenant.ctx(by), form.id)).map(({ name, shared, deletedBy }) => [
      name,
      shared,
      deletedBy,
    ]);

  it('wait for whoever may have them back, and come back as they were', async () => {
    const mine = await make({ name: '我的旧视图', columns: ['name'], shared: false }, rep);
    const shared = await make({ name: '大家的', sort: [{ field: 'name' }], shared: true });
    const listed = async () => (await views().list(await tenant.ctx(rep), form.id)).map(({ id }) => id);
    const before = await listed();
    await views().remove(await tenant.ctx(rep), form.id, mine.id);
    await views().remove(await tenant.ctx(), form.id, shared.id);
    expect(await listed()).toEqual(before.filter((id) => id !== mine.id && id !== shared.id));
    expect(await bin(rep)).toEqual([['我的旧视图', false, '王芳']]);
    expect(await bin()).toEqual([['大家的', true, '管理员']]);
    const change = viewPatch.parse({ name: '改' });
    await expect(views().update(await tenant.ctx(), form.id, shared.id, change)).rejects.toMatchObject({
      code: 'not_found',
    });
    await expect(views().restore(await tenant.ctx(), form.id, mine.id)).rejects.toMatchObject({ code: 'not_found' });
    await expect(views().restore(await tenant.ctx(rep), form.id, shared.id)).rejects.toMatchObject({
      code: 'forbidden',
    });
    expect(await views().restore(await tenant.ctx(rep), form.id, mine.id)).toEqual(mine);
    expect(await views().restore(await tenant.ctx(), form.id, shared.id)).toEqual(shared);
    expect(await listed()).toEqual(before);
    expect([await bin(rep), await bin()]).toEqual([[], []]);
  });

  it('are gone after 30 days', async () => {
    const old = await make({ name: '过期的', shared: true });
    const kept = await make({ name: '新删的', shared: true });
    await views().remove(await tenant.ctx(), form.id, old.id);
    engine.kernel.clock.advance(29 * 86_400_000);
    await views().remove(await tenant.ctx(), form.id, kept.id);
    engine.kernel.clock.advance(2 * 86_400_000);
    await engine.get(BinService).sweep();
    expect((await bin()).map(([name]) => name)).toEqual(['新删的']);
  });
});

describe('saved views', () => {
  it('keep everything that a change leaves out', async () => {
    const made = await make(
      { name: '我的', sort: [{ field: 'name' }], columns: ['name'], look: { rowHeight: 'large' }, shared: false },
      rep,
    );
    const renamed = await views().update(await tenant.ctx(rep), form.id, made.id, viewPatch.parse({ name: '改名' }));
    expect(renamed).toMatchObject({
      name: '改名',
      sort: [{ field: 'name', dir: 'asc' }],
      columns: ['name'],
      look: { rowHeight: 'large' },
      shared: false,
      mine: true,
    });
  });

  it('are boards, calendars and galleries over fields that can carry them', async () => {
    expect(await make({ name: '看板', type: 'kanban', look: { lane: 'grade', sum: 'cost' } })).toMatchObject({
      type: 'kanban',
    });
    for (const [type, look] of [
      ['kanban', {}],
      ['kanban', { lane: 'name' }],
      ['calendar', { start: 'grade' }],
      ['gallery', { cover: 'name' }],
    ] as const)
      await expect(make({ name: '不成', type, look })).rejects.toMatchObject({ code: 'invalid_definition' });
    await expect(make({ name: '偷看', shared: false, look: { sum: 'cost' } }, rep)).rejects.toMatchObject({
      code: 'unknown_field',
    });
  });

  it('are Gantt charts and maps over fields that can carry them', async () => {
    const whole = { start: 'since', end: 'until', lane: 'owner', color: 'grade', progress: 'done', scale: 'week' };
    expect(await make({ name: '排期', type: 'gantt', look: whole })).toMatchObject({ type: 'gantt', look: whole });
    expect(await make({ name: '期限', type: 'gantt', look: { start: 'term' } })).toMatchObject({ type: 'gantt' });
    for (const place of ['spot', 'home'])
      expect(await make({ name: '地图', type: 'map', look: { place, color: 'grade' } })).toMatchObject({ type: 'map' });
    for (const [type, look] of [
      ['gantt', {}],
      ['gantt', { start: 'name' }],
      ['gantt', { start: 'term', end: 'since' }],
      ['gantt', { start: 'since', end: 'term' }],
      ['gantt', { start: 'since', progress: 'cost' }],
      ['gantt', { start: 'since', lane: 'name' }],
      ['gantt', { start: 'since', color: 'owner' }],
      ['map', {}],
      ['map', { place: 'name' }],
      ['map', { place: 'safe' }],
      ['map', { place: 'spot', color: 'owner' }],
    ] as const)
      await expect(make({ name: '不成', type, look }), JSON.stringify([type, look])).rejects.toMatchObject({
        code: 'invalid_definition',
      });
    await expect(
      make({ name: '偷看', type: 'gantt', shared: false, look: { start: 'since', end: 'until' } }, rep),
    ).rejects.toMatchObject({ code: 'unknown_field' });
  });

  it('outlive a field they are made of, and are mended part by part', async () => {
    const own = await tenant.form({
      appId: form.appId,
      name: '项目',
      fields: [
        { key: 'name', name: '名称', type: 'text' },
        { key: 'from', name: '开始', type: 'date' },
        { key: 'begin', name: '动工', type: 'date' },
      ],
    });
    const ctx = await tenant.ctx();
    const body = { name: '工期', type: 'gantt', columns: ['from'], look: { start: 'from' } };
    const view = await views().create(ctx, own.id, viewDef.parse(body));
    const fields = own.fields.filter((field) => !field.system && field.key !== 'from');
    await engine.get(FormsService).update(ctx, own.id, updateFormBody.parse({ fields }));
    const change = async (part: object) => views().update(await tenant.ctx(), own.id, view.id, viewPatch.parse(part));
    expect(await change({ name: '改名' })).toMatchObject({ name: '改名', look: { start: 'from' } });
    await expect(change({ look: { start: 'never' } })).rejects.toMatchObject({ code: 'unknown_field' });
    await expect(change({ look: {} })).rejects.toMatchObject({ code: 'invalid_definition' });
    expect(await change({ look: { start: 'begin' } })).toMatchObject({ look: { start: 'begin' } });
  });

  it('change no more once locked, until a designer unlocks them', async () => {
    const made = await make({ name: '锁定', locked: true });
    const ctx = await tenant.ctx();
    const change = (body: object) => views().update(ctx, form.id, made.id, viewPatch.parse(body));
    await expect(change({ name: '改' })).rejects.toMatchObject({ code: 'wrong_state' });
    await expect(views().remove(ctx, form.id, made.id)).rejects.toMatchObject({ code: 'wrong_state' });
    await expect(views().update(await tenant.ctx(rep), form.id, made.id, { locked: false })).rejects.toMatchObject({
      code: 'forbidden',
    });
    expect(await change({ locked: false })).toMatchObject({ locked: false });
    expect(await change({ name: '改' })).toMatchObject({ name: '改' });
  });
});
