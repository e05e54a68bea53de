import type { DashboardDefinition } from '@lianke/shared/dashboards/definition';
import type { FormView } from '@lianke/shared/forms/definition';
import type { AppId, MemberId } from '@lianke/shared/ids';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestEngine, type TestEngine, type TestTenant } from '../../../test/support/engine.js';
import { AppsService } from '../apps/apps.service.js';
import { FieldUses } from '../forms/uses/field-uses.service.js';
import { DashboardDraftsService } from './dashboard-drafts.service.js';
import { DashboardsService } from './dashboards.service.js';

let engine: TestEngine;
let tenant: TestTenant;
let appId: AppId;
let customers: FormView;
let boss: MemberId;

beforeAll(async () => {
  engine = await createTestEngine('2026-03-04T02:00:00Z');
  tenant = await engine.tenant('page-drafts');
  appId = await tenant.app();
  customers = await tenant.form({
    appId,
    name: '客户',
    fields: [
      { key: 'name', name: '名称', type: 'text' },
      { key: 'grade', name: '等级', type: 'text' },
    ],
  });
  boss = await tenant.memberWith('老板', { [customers.id]: { actions: ['view'], scope: 'all' } });
});
afterAll(() => engine.close());

const pages = () => engine.get(DashboardsService);
const drafts = () => engine.get(DashboardDraftsService);
const of = (...ids: string[]): DashboardDefinition => ({
  widgets: ids.map((id) => ({
    id,
    type: 'metric',
    title: '',
    formId: customers.id,
    place: { x: 0, y: 0, w: 6, h: 4 },
    measure: { fn: 'count' },
  })),
});
const made = async (publish = true) =>
  pages().create(await tenant.ctx(), { appId, name: `看板 ${Math.random()}`, definition: of('a'), publish });
const seen = async (id: string) =>
  (await pages().get(await tenant.ctx(boss), id as never)).definition.widgets.map((widget) => widget.id);

it('a page that is being changed stands as it was for its readers until it is published', async () => {
  const ctx = await tenant.ctx();
  const { id } = await made();
  const first = await drafts().get(ctx, id);
  expect(first).toMatchObject({ definition: of('a'), pending: false, revision: 0, savedBy: null });
  const saved = await drafts().save(ctx, id, { ...first, definition: of('a', 'b') });
  expect(saved).toMatchObject({ pending: true, savedBy: { id: tenant.admin }, savedAt: '2026-03-04T02:00:00.000Z' });
  expect(await seen(id)).toEqual(['a']);
  expect(await pages().data(await tenant.ctx(boss), id)).toHaveLength(1);
  expect(await pages().data(ctx, id, undefined, 'draft')).toHaveLength(2);
  await expect(pages().data(await tenant.ctx(boss), id, undefined, 'draft')).rejects.toMatchObject({
    code: 'forbidden',
  });
  expect(await pages().get(ctx, id)).toMatchObject({ hasDraft: true });
  expect(await pages().get(await tenant.ctx(boss), id)).toMatchObject({ hasDraft: false });
  const published = await drafts().publish(ctx, id, saved.revision);
  expect(published).toMatchObject({ hasDraft: false, definition: of('a', 'b') });
  expect(await seen(id)).toEqual(['a', 'b']);
  const { revision } = await drafts().get(ctx, id);
  await expect(drafts().publish(ctx, id, revision)).rejects.toMatchObject({ code: 'wrong_state' });
});

it('a new page is its designers’ alone until it is published', async () => {
  const { id, published } = await made(false);
  expect(published).toBe(false);
  await expect(seen(id)).rejects.toMatchObject({ code: 'not_found' });
  const listed = async () => (await pages().list(await tenant.ctx(boss), appId)).some((page) => page.id === id);
  const inApp = async (as?: MemberId) =>
    (await engine.get(AppsService).list(await tenant.ctx(as)))
      .find((app) => app.id === appId)
      ?.items.some((item) => item.id === id);
  expect([await listed(), await inApp(boss), await inApp()]).toEqual([false, false, true]);
  const ctx = await tenant.ctx();
  const draft = await drafts().get(ctx, id);
  expect(draft).toMatchObject({ definition: of('a'), pending: true });
  await drafts().publish(ctx, id, draft.revision);
  expect([await listed(), await inApp(boss), await seen(id)]).toEqual([true, true, ['a']]);
});

it('a draft is given up, or undone to what is published, and nothing is left to publish', async () => {
  const ctx = await tenant.ctx();
  const { id } = await made();
  const start = await drafts().get(ctx, id);
  const one = await drafts().save(ctx, id, { ...start, definition: of('b') });
  expect(await drafts().drop(ctx, id)).toMatchObject({ definition: of('a'), pending: false });
  await expect(drafts().save(ctx, id, { ...one, definition: of('c') })).rejects.toMatchObject({
    code: 'version_conflict',
  });
  const two = await drafts().save(ctx, id, { ...(await drafts().get(ctx, id)), definition: of('b') });
  expect(await drafts().save(ctx, id, { ...two, definition: of('a') })).toMatchObject({ pending: false });
});

it('two designers never overwrite each other without being told, a new name does not count', async () => {
  const ctx = await tenant.ctx();
  const { id } = await made();
  const start = await drafts().get(ctx, id);
  const mine = await drafts().save(ctx, id, { ...start, definition: of('mine') });
  const late = drafts().save(ctx, id, { ...start, definition: of('theirs') });
  await expect(late).rejects.toMatchObject({ more: { current: { definition: of('mine') } } });
  await expect(drafts().publish(ctx, id, start.revision)).rejects.toMatchObject({ code: 'version_conflict' });
  await pages().update(ctx, id, { name: '改名' });
  const next = await drafts().save(ctx, id, { ...(await drafts().get(ctx, id)), definition: of('mine', 'b') });
  expect(next.version).toBe(mine.version + 1);
  // Changed past the draft, by the API or an upgrade of the app.
  await pages().update(ctx, id, { definition: of('other') });
  await expect(drafts().publish(ctx, id, next.revision)).rejects.toMatchObject({ code: 'version_conflict' });
  expect(await seen(id)).toEqual(['other']);
  const { version } = await pages().get(ctx, id);
  const over = await drafts().save(ctx, id, { ...next, version, definition: of('mine') });
  await drafts().publish(ctx, id, over.revision);
  expect(await seen(id)).toEqual(['mine']);
});

it('a draft is designers’ business, goes to the bin and comes back with its page, and counts as a use of its fields', async () => {
  const ctx = await tenant.ctx();
  const { id } = await made(false);
  const reader = await tenant.ctx(boss);
  await expect(drafts().get(reader, id)).rejects.toMatchObject({ code: 'not_found' });
  const { id: open } = await made();
  for (const attempt of [
    () => drafts().get(reader, open),
    () => drafts().drop(reader, open),
    () => drafts().publish(reader, open, 0),
  ])
    await expect(attempt()).rejects.toMatchObject({ code: 'forbidden' });
  const grade = customers.fields.find((field) => field.key === 'grade')?.id as string;
  const [metric] = of('a').widgets;
  const widget = { ...metric, title: '等级', measure: { fn: 'countDistinct', field: grade } };
  await drafts().save(ctx, id, { ...(await drafts().get(ctx, id)), definition: { widgets: [widget] } as never });
  await pages().remove(ctx, id);
  const back = await pages().restore(ctx, id);
  expect(back).toMatchObject({ published: false, hasDraft: true });
  const uses = await engine.get(FieldUses).of(ctx, customers.id, [grade]);
  expect(uses).toContainEqual(
    expect.objectContaining({ kind: 'dashboard', id, name: expect.stringContaining('等级') }),
  );
});
