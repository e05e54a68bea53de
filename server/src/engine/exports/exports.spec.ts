import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { FormView } from '@lianke/shared/forms/definition';
import type { AppId, MemberId } from '@lianke/shared/ids';
import { exportBody } from '@lianke/shared/records/exports';
import { read } from 'hucre';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestEngine, type TestTenant } from '../../../test/support/engine.js';
import { ExportWorld, readText } from '../../../test/support/export-world.js';
import { ImportsService } from '../imports/imports.service.js';
import { ImportRunner } from '../imports/run/import-runner.js';
import { OrgService } from '../org/org.service.js';
import { RecordReader } from '../records/record-reader.js';
import { ExportJobs } from './export-jobs.js';
import { ExportRunner } from './export-runner.js';
import { ExportsRepository } from './exports.repository.js';
import { ExportsService } from './exports.service.js';

let world: ExportWorld;
let engine: TestEngine;
let tenant: TestTenant;
let appId: AppId;
let form: FormView;
let rep: MemberId;
beforeAll(async () => {
  world = await ExportWorld.start();
  ({ engine, tenant, appId, form } = world);
  rep = await tenant.memberWith('王芳', {
    [form.id]: { actions: ['view', 'create', 'edit', 'export', 'import'], scope: 'own', fields: { secret: 'hidden' } },
  });
});
afterAll(() => world.close());

const exports = () => engine.get(ExportsService);

describe('an export whose dialog was closed', () => {
  it('tells its maker when it is over, once, and only when he asked (a finished export was lost)', async () => {
    await world.make({ name: '关掉对话框' });
    const ctx = await tenant.ctx(rep);
    await world.make({ name: '关掉对话框二' }, ctx);
    const watched = await world.ask({}, rep);
    expect(world.notices).toEqual([]);
    const left = await exports().create(ctx, form.id, exportBody.parse({}));
    expect(await exports().notify(ctx, left.id)).toMatchObject({ state: 'running' });
    await expect(exports().notify(await tenant.ctx(), left.id)).rejects.toMatchObject({ code: 'not_found' });
    await engine.get(ExportRunner).run(tenant.id, left.id, world.never);
    await engine.get(ExportRunner).run(tenant.id, left.id, world.never);
    expect(world.notices.map((notice) => [notice.to, notice.card.title])).toEqual([[[rep], '导出完成：客户']]);
    expect(await exports().notify(ctx, left.id)).toMatchObject({ state: 'done' });
    const listed = (await exports().list(ctx)).map((item) => item.id);
    expect(listed).toEqual([left.id, watched.id]);
  });
});

describe('an export of chosen rows', () => {
  it('holds these only, within what its maker may see', async () => {
    const [mine, other] = [
      await world.make({ name: '选中甲' }, await tenant.ctx(rep)),
      await world.make({ name: '选中乙' }),
    ];
    await world.make({ name: '没选中' }, await tenant.ctx(rep));
    const text = async (by: MemberId) => {
      const found = await world.ask({ format: 'csv', ids: [mine, other], fields: ['name'] }, by);
      return (await readText(await world.fetchFile(found.id, by))).split('\r\n').slice(1, -1);
    };
    expect((await text(tenant.admin)).sort()).toEqual(['选中乙', '选中甲'].sort());
    expect(await text(rep)).toEqual(['选中甲']);
    const none = await exports().create(
      await tenant.ctx(),
      form.id,
      exportBody.parse({ ids: [mine], search: '选中乙' }),
    );
    expect(none.progress.total).toBe(0);
    expect(exportBody.safeParse({ ids: [] }).success).toBe(false);
  });
});

describe('an export', () => {
  it('holds real numbers and dates in the tenant’s zone, in the asked order, filtered', async () => {
    await world.make({
      name: '华兴',
      amount: '1200.5',
      since: '2026-01-02',
      at: '2026-01-02T02:30:00Z',
      phone: ['13800138000'],
    });
    await world.make({ name: '博远', amount: '90071992547409931.25' });
    await world.make({ name: '别的' });
    const done = await world.ask({
      filter: { field: 'amount', op: 'notEmpty' },
      sort: [{ field: 'amount', dir: 'asc' }],
      fields: ['name', 'since', 'at', 'amount', 'phone'],
    });
    expect(done).toMatchObject({ state: 'done', progress: { done: 2, total: 2 }, fileName: '客户 2026-03-04.xlsx' });
    const { sheets } = await read(await buffer(await world.fetchFile(done.id)));
    expect(sheets[0]?.rows).toEqual([
      ['名称', '首次联系', '下次联系', '金额', '电话'],
      ['华兴', new Date('2026-01-02T00:00:00Z'), new Date('2026-01-02T10:30:00Z'), 1200.5, '13800138000'],
      // More digits than a spreadsheet's number holds stay a text.
      ['博远', null, null, '90071992547409931.25', null],
    ]);
  });

  it('as CSV disarms what a spreadsheet would run, and reads back as it was', async () => {
    const evil = '=HYPERLINK("http://x","点")';
    await world.make({ name: evil, amount: '-5' });
    const filter = { field: 'name', op: 'startsWith', value: '=' } as const;
    const done = await world.ask({ format: 'csv', filter, fields: ['name', 'amount'], withId: false });
    const text = await readText(await world.fetchFile(done.id));
    expect(text).toBe('\uFEFF名称,金额\r\n"\'=HYPERLINK(""http://x"",""点"")",-5\r\n');
    const uploaded = await engine
      .get(ImportsService)
      .create(
        await tenant.ctx(),
        { appId, formId: form.id },
        { name: 'x.csv', content: Readable.from([Buffer.from(text)]) },
      );
    expect(uploaded.sheets[0]?.columns[0]?.samples).toEqual([evil]);
  });

  it('shows its maker’s rows and fields alone, and refuses a hidden field', async () => {
    const ctx = await tenant.ctx(rep);
    await world.make({ name: '王芳的', amount: '1' }, ctx);
    const done = await world.ask({ format: 'csv', fields: undefined }, rep);
    const text = await readText(await world.fetchFile(done.id, rep));
    expect(text).toContain('王芳的');
    expect(text).not.toContain('华兴');
    expect(text).not.toContain('底价');
    for (const body of [{ fields: ['secret'] }, { sort: [{ field: 'secret', dir: 'asc' as const }] }])
      await expect(world.ask(body, rep)).rejects.toMatchObject({ code: 'unknown_field' });
    await expect(exports().get(await tenant.ctx(), done.id)).rejects.toMatchObject({ code: 'not_found' });
    await expect(world.fetchFile(done.id)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('needs the right to export when it begins, while it runs, and when the file is fetched', async () => {
    const reader = await tenant.memberWith('只看', { [form.id]: { actions: ['view'], scope: 'all' } });
    await expect(world.ask({}, reader)).rejects.toMatchObject({ code: 'forbidden' });
    const held = await tenant.memberWith('临时', { [form.id]: { actions: ['view', 'export'], scope: 'all' } });
    const finished = await world.ask({}, held);
    const running = await exports().create(await tenant.ctx(held), form.id, exportBody.parse({}));
    const { roles } = await engine.kernel.database.withTenant({ tenantId: tenant.id }, async (tx) => ({
      roles: await tx.sql<{ role_id: string }>('SELECT role_id FROM lianke.role_member WHERE member_id = $1', [held]),
    }));
    await engine.get(OrgService).updateRole(await tenant.ctx(), roles[0]?.role_id as never, {
      permissions: {
        admin: false,
        design: false,
        members: false,
        forms: { [form.id]: { actions: ['view'], scope: 'all', fields: {} } },
      },
    });
    await engine.get(ExportRunner).run(tenant.id, running.id, world.never);
    expect(await exports().get(await tenant.ctx(held), running.id)).toMatchObject({
      state: 'failed',
      error: expect.stringContaining('没有权限'),
    });
    await expect(world.fetchFile(finished.id, held)).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('can be stopped, begins anew after its worker died, and is gone after a day', async () => {
    const ctx = await tenant.ctx();
    const stopped = await exports().create(ctx, form.id, exportBody.parse({}));
    expect(await exports().cancel(ctx, stopped.id)).toMatchObject({ state: 'cancelled' });
    const dying = await exports().create(ctx, form.id, exportBody.parse({}));
    await engine.get(ExportRunner).run(tenant.id, dying.id, AbortSignal.abort());
    expect(await exports().get(ctx, dying.id)).toMatchObject({ state: 'running' });
    expect((await engine.get(ExportsRepository).stranded()).map((row) => row.id)).toContain(dying.id);
    await engine.get(ExportRunner).run(tenant.id, dying.id, world.never);
    expect(await exports().get(ctx, dying.id)).toMatchObject({ state: 'done' });
    engine.kernel.clock.advance(25 * 3_600_000);
    await expect(world.fetchFile(dying.id)).rejects.toMatchObject({ code: 'wrong_state' });
    await engine.get(ExportJobs).sweep();
    expect(await exports().get(ctx, dying.id)).toMatchObject({ state: 'expired' });
  });

  it('is in the audit trail, and so is fetching it', async () => {
    const rows = await engine.kernel.database.withTenant(await tenant.ctx(), (tx) =>
      tx.sql<{ action: string }>(
        "SELECT DISTINCT action FROM lianke.audit WHERE action LIKE 'export%' ORDER BY action",
      ),
    );
    expect(rows.map((row) => row.action)).toEqual(['export', 'export.download']);
  });
});

describe('importing an exported file with 数据ID', () => {
  it('changes those very records and nothing else', async () => {
    const ctx = await tenant.ctx();
    const [first, second] = [
      await world.make({ name: '旧名一', amount: '1' }),
      await world.make({ name: '旧名二', amount: '2' }),
    ];
    const filter = { field: 'name', op: 'startsWith', value: '旧名' } as const;
    const done = await world.ask({ format: 'csv', filter, withId: true, sort: [{ field: 'amount', dir: 'asc' }] });
    const mended = (await readText(await world.fetchFile(done.id))).replace('旧名一', '新名一');
    const service = engine.get(ImportsService);
    const name = '客户.csv';
    const uploaded = await service.create(
      ctx,
      { appId, formId: form.id },
      { name, content: Readable.from([Buffer.from(mended)]) },
    );
    expect(uploaded.sheets[0]?.targets).toMatchObject([
      { formId: form.id, mode: 'update', matchOn: ['id'], newFields: [] },
    ]);
    await service.start(ctx, uploaded.id, {});
    await engine.get(ImportRunner).run(tenant.id, uploaded.id, world.never);
    expect(await service.get(ctx, uploaded.id)).toMatchObject({ state: 'done', results: [{ created: 0, failed: 0 }] });
    const reader = engine.get(RecordReader);
    expect(await reader.get(ctx, form.id, first)).toMatchObject({
      version: 2,
      values: { name: '新名一', amount: '1' },
    });
    expect(await reader.get(ctx, form.id, second)).toMatchObject({ version: 1, values: { name: '旧名二' } });
  });

  it('says of a row outside of one’s scope what it says of nobody’s', async () => {
    const ctx = await tenant.ctx(rep);
    const foreign = await world.make({ name: '别人的机密' });
    const content = `数据ID,名称\r\n${foreign},改掉\r\n0190a0b0-0000-7000-8000-000000000000,改掉\r\n`;
    const service = engine.get(ImportsService);
    const upload = { name: '客户.csv', content: Readable.from([Buffer.from(content)]) };
    const uploaded = await service.create(ctx, { appId, formId: form.id }, upload);
    const sheet = uploaded.sheets[0]?.name ?? '';
    const { items } = await service.rows(ctx, uploaded.id, { sheet, kind: 'refused', offset: 0, limit: 10 });
    expect(items.map((item) => item.reason)).toEqual(['没有找到要更新的数据', '没有找到要更新的数据']);
    expect(JSON.stringify(items)).not.toContain('别人的机密');
  });
});
