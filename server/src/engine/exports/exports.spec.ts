import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { FormView } from '@lianke/shared/forms/definition';
import type { AppId, ExportId, FormId, MemberId, RecordId } from '@lianke/shared/ids';
import { type ExportBody, exportBody } from '@lianke/shared/records/exports';
import { read, writeXlsx } from 'hucre';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestEngine, type TestEngine, type TestTenant } from '../../../test/support/engine.js';
import { type ChineseNotification, inChinese } from '../../../test/support/in-chinese.js';
import type { Tx } from '../../kernel/database/tx.js';
import type { TenantContext } from '../context.js';
import { ImportsModule } from '../imports/imports.module.js';
import { ImportsService } from '../imports/imports.service.js';
import { ImportRunner } from '../imports/run/import-runner.js';
import { OrgService } from '../org/org.service.js';
import { type Notification, Notifier } from '../ports.js';
import { RecordReader } from '../records/record-reader.js';
import { RecordWriter } from '../records/record-writer.js';
import { ExportJobs } from './export-jobs.js';
import { ExportRunner } from './export-runner.js';
import { ExportsModule } from './exports.module.js';
import { ExportsRepository } from './exports.repository.js';
import { ExportsService } from './exports.service.js';

let engine: TestEngine;
let tenant: TestTenant;
let appId: AppId;
let form: FormView;
let rep: MemberId;
const never = new AbortController().signal;

const notices: ChineseNotification[] = [];

beforeAll(async () => {
  engine = await createTestEngine(
    undefined,
    [ImportsModule, ExportsModule],
    [
      {
        provide: Notifier,
        useValue: {
          enqueue: async (_tx: Tx, _ctx: TenantContext, told: Notification) => void notices.push(inChinese(told)),
          update: async () => undefined,
        },
      },
    ],
  );
  tenant = await engine.tenant('exports');
  appId = await tenant.app();
  form = await tenant.form({
    appId,
    name: '客户',
    fields: [
      { key: 'name', name: '名称', type: 'text' },
      { key: 'amount', name: '金额', type: 'money' },
      { key: 'since', name: '首次联系', type: 'date' },
      { key: 'at', name: '下次联系', type: 'datetime' },
      { key: 'phone', name: '电话', type: 'phone' },
      { key: 'secret', name: '底价', type: 'money' },
    ],
  });
  rep = await tenant.memberWith('王芳', {
    [form.id]: { actions: ['view', 'create', 'edit', 'export', 'import'], scope: 'own', fields: { secret: 'hidden' } },
  });
});
afterAll(async () => {
  await engine.kernel.jobs.stop();
  await engine.close();
});

const exports = () => engine.get(ExportsService);
const make = async (values: Record<string, unknown>, ctx?: TenantContext): Promise<RecordId> =>
  (
    await engine.get(RecordWriter).writeOne(ctx ?? (await tenant.ctx()), {
      formId: form.id,
      op: 'create',
      row: { values: values as never },
    })
  ).id;
const ask = async (body: Partial<ExportBody>, by: MemberId = tenant.admin) => {
  const made = await exports().create(await tenant.ctx(by), form.id, exportBody.parse(body));
  await engine.get(ExportRunner).run(tenant.id, made.id, never);
  return exports().get(await tenant.ctx(by), made.id);
};
/** With the byte order mark that a text decoder would drop. */
const readText = async (stream: Readable) => (await buffer(stream)).toString('utf8');
const fetchFile = async (id: ExportId, by: MemberId = tenant.admin) =>
  (await exports().file(await tenant.ctx(by), id)).stream;

describe('an export whose dialog was closed', () => {
  it('tells its maker when it is over, once, and only when he asked (a finished export was lost)', async () => {
    await make({ name: '关掉对话框' });
    const ctx = await tenant.ctx(rep);
    await make({ name: '关掉对话框二' }, ctx);
    const watched = await ask({}, rep);
    expect(notices).toEqual([]);
    const left = await exports().create(ctx, form.id, exportBody.parse({}));
    expect(await exports().notify(ctx, left.id)).toMatchObject({ state: 'running' });
    await expect(exports().notify(await tenant.ctx(), left.id)).rejects.toMatchObject({ code: 'not_found' });
    await engine.get(ExportRunner).run(tenant.id, left.id, never);
    await engine.get(ExportRunner).run(tenant.id, left.id, never);
    expect(notices.map((notice) => [notice.to, notice.card.title])).toEqual([[[rep], '导出完成：客户']]);
    expect(await exports().notify(ctx, left.id)).toMatchObject({ state: 'done' });
    const listed = (await exports().list(ctx)).map((item) => item.id);
    expect(listed).toEqual([left.id, watched.id]);
  });
});

describe('an export of chosen rows', () => {
  it('holds these only, within what its maker may see', async () => {
    const [mine, other] = [await make({ name: '选中甲' }, await tenant.ctx(rep)), await make({ name: '选中乙' })];
    await make({ name: '没选中' }, await tenant.ctx(rep));
    const text = async (by: MemberId) => {
      const found = await ask({ format: 'csv', ids: [mine, other], fields: ['name'] }, by);
      return (await readText(await fetchFile(found.id, by))).split('\r\n').slice(1, -1);
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
    await make({
      name: '华兴',
      amount: '1200.5',
      since: '2026-01-02',
      at: '2026-01-02T02:30:00Z',
      phone: ['13800138000'],
    });
    await make({ name: '博远', amount: '90071992547409931.25' });
    await make({ name: '别的' });
    const done = await ask({
      filter: { field: 'amount', op: 'notEmpty' },
      sort: [{ field: 'amount', dir: 'asc' }],
      fields: ['name', 'since', 'at', 'amount', 'phone'],
    });
    expect(done).toMatchObject({ state: 'done', progress: { done: 2, total: 2 }, fileName: '客户 2026-03-04.xlsx' });
    const { sheets } = await read(await buffer(await fetchFile(done.id)));
    expect(sheets[0]?.rows).toEqual([
      ['名称', '首次联系', '下次联系', '金额', '电话'],
      ['华兴', new Date('2026-01-02T00:00:00Z'), new Date('2026-01-02T10:30:00Z'), 1200.5, '13800138000'],
      // More digits than a spreadsheet's number holds stay a text.
      ['博远', null, null, '90071992547409931.25', null],
    ]);
  });

  it('has the rows of subforms below one another, on the line of their record', async () => {
    const orders = await tenant.form({
      appId,
      name: '订单',
      fields: [
        { name: '编号', key: 'no', type: 'text' },
        {
          name: '明细',
          key: 'items',
          type: 'subform',
          config: {
            fields: [
              { name: '品名', key: 'name', type: 'text' },
              { name: '数量', key: 'count', type: 'number' },
            ],
          },
        },
      ],
    });
    const items = [{ values: { name: '甲', count: '1' } }, { values: { name: '乙', count: '2' } }];
    await engine.get(RecordWriter).write(await tenant.ctx(), {
      formId: orders.id,
      op: 'create',
      rows: [{ values: { no: 'A', items } }, { values: { no: 'B' } }],
    });
    const lines = async (withId: boolean) => {
      const body = exportBody.parse({ fields: ['no', 'items'], sort: [{ field: 'no', dir: 'asc' }], withId });
      const made = await exports().create(await tenant.ctx(), orders.id, body);
      await engine.get(ExportRunner).run(tenant.id, made.id, never);
      const { sheets } = await read(await buffer(await fetchFile(made.id)));
      return sheets[0]?.rows.map((row) => row.slice(withId ? 1 : 0));
    };
    const header = ['编号', '明细.品名', '明细.数量'];
    expect(await lines(false)).toEqual([header, ['A', '甲', 1], [null, '乙', 2], ['B', null, null]]);
    const id = expect.stringMatching(/^[0-9a-f-]{36}$/);
    expect(await lines(true)).toEqual([
      ['编号', '明细.数据ID', '明细.品名', '明细.数量'],
      ['A', id, '甲', 1],
      ['A', id, '乙', 2],
      ['B', null, null, null],
    ]);
  });

  it('has subforms and related forms on sheets of their own on wish, as far as its maker may see and export them', async () => {
    const orders = await tenant.form({
      appId,
      name: '订单二',
      fields: [
        { name: '编号', key: 'no', type: 'text' },
        {
          name: '明细',
          key: 'items',
          type: 'subform',
          config: { fields: [{ name: '品名', key: 'name', type: 'text' }] },
        },
      ],
    });
    const [pays, groups] = await Promise.all([
      tenant.form({
        appId,
        name: '回款/一',
        fields: [
          { name: '单号', key: 'no', type: 'text' },
          { name: '订单', key: 'order', type: 'relation', config: { formId: orders.id } },
          { name: '金额', key: 'amount', type: 'money' },
        ],
      }),
      tenant.form({
        appId,
        name: '批次',
        fields: [
          { name: '名称', key: 'name', type: 'text' },
          { name: '订单', key: 'orders', type: 'relations', config: { formId: orders.id } },
        ],
      }),
    ]);
    const writer = engine.get(RecordWriter);
    const create = async (formId: FormId, rows: object[]) =>
      (
        await writer.write(await tenant.ctx(), {
          formId,
          op: 'create',
          rows: rows.map((values) => ({ values })) as never,
        })
      ).results.map(({ id }) => id);
    const [a, b, c] = await create(orders.id, [
      { no: 'A', items: [{ values: { name: '甲' } }, { values: { name: '乙' } }] },
      { no: 'B', items: [{ values: { name: '丙' } }] },
      { no: 'C' },
    ]);
    await create(pays.id, [{ no: '1', order: a, amount: '12.5' }, { no: '2', order: c, amount: '1' }, { no: '3' }]);
    await create(groups.id, [
      { name: '早', orders: [a, b] },
      { name: '晚', orders: [c] },
    ]);
    const body = exportBody.parse({
      filter: { field: 'no', op: 'in', value: ['A', 'B'] },
      sort: [{ field: 'no', dir: 'asc' }],
      fields: ['no', 'items'],
      subforms: 'sheets',
      related: [pays.id, groups.id],
    });
    const made = await exports().create(await tenant.ctx(), orders.id, body);
    await engine.get(ExportRunner).run(tenant.id, made.id, never);
    const { sheets } = await read(await buffer(await fetchFile(made.id)));
    expect(sheets.map(({ name }) => name)).toEqual(['订单二', '明细', '回款 一', '批次']);
    expect(sheets[0]?.rows).toEqual([['编号'], ['A'], ['B']]);
    expect(sheets[1]?.rows).toEqual([
      ['订单二', '品名'],
      ['A', '甲'],
      ['A', '乙'],
      ['B', '丙'],
    ]);
    expect(sheets[2]?.rows.map((row) => row.slice(0, 3))).toEqual([
      ['单号', '订单', '金额'],
      ['1', 'A', 12.5],
    ]);
    expect(sheets[3]?.rows.map((row) => row[0])).toEqual(['名称', '早']);
    const ask = async (by: MemberId, more: object) =>
      exports().create(await tenant.ctx(by), orders.id, exportBody.parse(more));
    await expect(ask(tenant.admin, { format: 'csv', related: [pays.id] })).rejects.toMatchObject({
      code: 'invalid_request',
    });
    await expect(ask(tenant.admin, { related: [form.id] })).rejects.toMatchObject({ code: 'invalid_request' });
    const seller = await tenant.memberWith('小李', {
      [orders.id]: { actions: ['view', 'export'], scope: 'all' },
      [pays.id]: { actions: ['view'], scope: 'all' },
    });
    await expect(ask(seller, { related: [pays.id] })).rejects.toMatchObject({ code: 'forbidden' });
    await expect(ask(seller, { related: [groups.id] })).rejects.toMatchObject({ code: 'not_found' });
  });

  it('with 数据ID and lines comes back: only the line that was mended changes', async () => {
    const orders = await tenant.form({
      appId,
      name: '订单三',
      fields: [
        { name: '编号', key: 'no', type: 'text' },
        {
          name: '明细',
          key: 'items',
          type: 'subform',
          config: {
            fields: [
              { name: '品名', key: 'name', type: 'text' },
              { name: '数量', key: 'count', type: 'number' },
            ],
          },
        },
      ],
    });
    const items = [{ values: { name: '甲', count: '1' } }, { values: { name: '乙', count: '2' } }];
    const ctx = await tenant.ctx();
    const { results } = await engine.get(RecordWriter).write(ctx, {
      formId: orders.id,
      op: 'create',
      rows: [{ values: { no: 'A', items } }, { values: { no: 'B', items } }],
    });
    const linesIn = async (at: number) =>
      (await engine.get(RecordReader).get(ctx, orders.id, results[at]?.id as RecordId)).values.items as {
        id: string;
      }[];
    const before = [await linesIn(0), await linesIn(1)];
    const made = await exports().create(
      ctx,
      orders.id,
      exportBody.parse({ format: 'csv', withId: true, fields: ['no', 'items'] }),
    );
    await engine.get(ExportRunner).run(tenant.id, made.id, never);
    const mended = (await readText(await fetchFile(made.id))).replace('甲,1', '甲,9');
    const service = engine.get(ImportsService);
    const upload = { name: '订单.csv', content: Readable.from([Buffer.from(mended)]) };
    const uploaded = await service.create(ctx, { appId, formId: orders.id }, upload);
    await service.start(ctx, uploaded.id, {});
    await engine.get(ImportRunner).run(tenant.id, uploaded.id, never);
    expect(await service.get(ctx, uploaded.id)).toMatchObject({ state: 'done', results: [{ created: 0, failed: 0 }] });
    const after = [await linesIn(0), await linesIn(1)];
    expect(after.map((lines) => lines.map(({ id }) => id))).toEqual(before.map((lines) => lines.map(({ id }) => id)));
    const counts = after
      .flat()
      .map((line) => (line as unknown as { values: { count: string } }).values.count)
      .sort();
    expect(counts).toEqual(['1', '2', '2', '9']);
  });

  it('with 数据ID and lines apart comes back: lines change, are added and go with the record they name', async () => {
    const orders = await tenant.form({
      appId,
      name: '订单四',
      fields: [
        { name: '编号', key: 'no', type: 'text' },
        {
          name: '明细',
          key: 'items',
          type: 'subform',
          config: {
            fields: [
              { name: '品名', key: 'name', type: 'text' },
              { name: '数量', key: 'count', type: 'number' },
            ],
          },
        },
      ],
    });
    const items = [{ values: { name: '甲', count: '1' } }, { values: { name: '乙', count: '2' } }];
    const ctx = await tenant.ctx();
    const { results } = await engine.get(RecordWriter).write(ctx, {
      formId: orders.id,
      op: 'create',
      rows: ['A', 'B', 'C'].map((no) => ({ values: { no, items } })),
    });
    const linesIn = async (at: number) =>
      (await engine.get(RecordReader).get(ctx, orders.id, results[at]?.id as RecordId)).values.items as {
        id: string;
        values: { name: string; count: string };
      }[];
    const said = async (at: number) => (await linesIn(at)).map(({ values }) => `${values.name} ${values.count}`);
    const before = await linesIn(0);
    const body = exportBody.parse({ withId: true, fields: ['no', 'items'], subforms: 'sheets' });
    const made = await exports().create(ctx, orders.id, body);
    await engine.get(ExportRunner).run(tenant.id, made.id, never);
    const { sheets } = await read(await buffer(await fetchFile(made.id)));
    const rows = (sheets[1]?.rows ?? []) as (string | number | null)[][];
    expect(rows[0]).toEqual(['订单四.数据ID', '订单四', '明细.数据ID', '品名', '数量']);
    // A: one line changes and one is added under it; B: one goes; C is not in the file.
    const of = (no: string) => rows.filter((row) => row[1] === no);
    const [first, second] = of('A');
    const mended = [
      rows[0] ?? [],
      [...(first ?? []).slice(0, 4), 9],
      second ?? [],
      [null, null, null, '丙', 3],
      ...of('B').slice(1),
    ];
    const content = Buffer.from(await writeXlsx({ sheets: [{ name: '明细', rows: mended }] }));
    const service = engine.get(ImportsService);
    const upload = { name: '订单明细.xlsx', content: Readable.from([content]) };
    const uploaded = await service.create(ctx, { appId, formId: orders.id }, upload);
    expect(uploaded.sheets[0]?.columns.map(({ to }) => to.field)).toEqual([
      'id',
      null,
      'items.id',
      'items.name',
      'items.count',
    ]);
    expect(uploaded.check?.counts).toMatchObject([{ rows: 2, updates: 2, refused: 0 }]);
    await service.start(ctx, uploaded.id, {});
    await engine.get(ImportRunner).run(tenant.id, uploaded.id, never);
    expect(await service.get(ctx, uploaded.id)).toMatchObject({ state: 'done', results: [{ updated: 2, failed: 0 }] });
    expect([await said(0), await said(1), await said(2)]).toEqual([
      ['甲 9', '乙 2', '丙 3'],
      ['乙 2'],
      ['甲 1', '乙 2'],
    ]);
    expect((await linesIn(0)).slice(0, 2).map(({ id }) => id)).toEqual(before.map(({ id }) => id));
  });

  it('as CSV disarms what a spreadsheet would run, and reads back as it was', async () => {
    const evil = '=HYPERLINK("http://x","点")';
    await make({ name: evil, amount: '-5' });
    const filter = { field: 'name', op: 'startsWith', value: '=' } as const;
    const done = await ask({ format: 'csv', filter, fields: ['name', 'amount'], withId: false });
    const text = await readText(await fetchFile(done.id));
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
    await make({ name: '王芳的', amount: '1' }, ctx);
    const done = await ask({ format: 'csv', fields: undefined }, rep);
    const text = await readText(await fetchFile(done.id, rep));
    expect(text).toContain('王芳的');
    expect(text).not.toContain('华兴');
    expect(text).not.toContain('底价');
    for (const body of [{ fields: ['secret'] }, { sort: [{ field: 'secret', dir: 'asc' as const }] }])
      await expect(ask(body, rep)).rejects.toMatchObject({ code: 'unknown_field' });
    await expect(exports().get(await tenant.ctx(), done.id)).rejects.toMatchObject({ code: 'not_found' });
    await expect(fetchFile(done.id)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('needs the right to export when it begins, while it runs, and when the file is fetched', async () => {
    const reader = await tenant.memberWith('只看', { [form.id]: { actions: ['view'], scope: 'all' } });
    await expect(ask({}, reader)).rejects.toMatchObject({ code: 'forbidden' });
    const held = await tenant.memberWith('临时', { [form.id]: { actions: ['view', 'export'], scope: 'all' } });
    const finished = await ask({}, held);
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
    await engine.get(ExportRunner).run(tenant.id, running.id, never);
    expect(await exports().get(await tenant.ctx(held), running.id)).toMatchObject({
      state: 'failed',
      error: expect.stringContaining('没有权限'),
    });
    await expect(fetchFile(finished.id, held)).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('can be stopped, begins anew after its worker died, and is gone after a day', async () => {
    const ctx = await tenant.ctx();
    const stopped = await exports().create(ctx, form.id, exportBody.parse({}));
    expect(await exports().cancel(ctx, stopped.id)).toMatchObject({ state: 'cancelled' });
    const dying = await exports().create(ctx, form.id, exportBody.parse({}));
    await engine.get(ExportRunner).run(tenant.id, dying.id, AbortSignal.abort());
    expect(await exports().get(ctx, dying.id)).toMatchObject({ state: 'running' });
    expect((await engine.get(ExportsRepository).stranded()).map((row) => row.id)).toContain(dying.id);
    await engine.get(ExportRunner).run(tenant.id, dying.id, never);
    expect(await exports().get(ctx, dying.id)).toMatchObject({ state: 'done' });
    engine.kernel.clock.advance(25 * 3_600_000);
    await expect(fetchFile(dying.id)).rejects.toMatchObject({ code: 'wrong_state' });
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
    const [first, second] = [await make({ name: '旧名一', amount: '1' }), await make({ name: '旧名二', amount: '2' })];
    const filter = { field: 'name', op: 'startsWith', value: '旧名' } as const;
    const done = await ask({ format: 'csv', filter, withId: true, sort: [{ field: 'amount', dir: 'asc' }] });
    const mended = (await readText(await fetchFile(done.id))).replace('旧名一', '新名一');
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
    await engine.get(ImportRunner).run(tenant.id, uploaded.id, never);
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
    const foreign = await make({ name: '别人的机密' });
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
