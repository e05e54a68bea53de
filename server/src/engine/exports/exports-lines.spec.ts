import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { FormView } from '@lianke/shared/forms/definition';
import type { AppId, FormId, MemberId, RecordId } from '@lianke/shared/ids';
import { exportBody } from '@lianke/shared/records/exports';
import { read, writeXlsx } from 'hucre';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestEngine, type TestTenant } from '../../../test/support/engine.js';
import { ExportWorld, readText } from '../../../test/support/export-world.js';
import { ImportsService } from '../imports/imports.service.js';
import { ImportRunner } from '../imports/run/import-runner.js';
import { RecordReader } from '../records/record-reader.js';
import { RecordWriter } from '../records/record-writer.js';
import { ExportRunner } from './export-runner.js';
import { ExportsService } from './exports.service.js';

let world: ExportWorld;
let engine: TestEngine;
let tenant: TestTenant;
let appId: AppId;
let form: FormView;
beforeAll(async () => {
  world = await ExportWorld.start();
  ({ engine, tenant, appId, form } = world);
});
afterAll(() => world.close());

const exports = () => engine.get(ExportsService);

describe('an export of records with rows', () => {
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
      await engine.get(ExportRunner).run(tenant.id, made.id, world.never);
      const { sheets } = await read(await buffer(await world.fetchFile(made.id)));
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
    await engine.get(ExportRunner).run(tenant.id, made.id, world.never);
    const { sheets } = await read(await buffer(await world.fetchFile(made.id)));
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
        values: { count: string };
      }[];
    const before = [await linesIn(0), await linesIn(1)];
    const made = await exports().create(
      ctx,
      orders.id,
      exportBody.parse({ format: 'csv', withId: true, fields: ['no', 'items'] }),
    );
    await engine.get(ExportRunner).run(tenant.id, made.id, world.never);
    const mended = (await readText(await world.fetchFile(made.id))).replace('甲,1', '甲,9');
    const service = engine.get(ImportsService);
    const upload = { name: '订单.csv', content: Readable.from([Buffer.from(mended)]) };
    const uploaded = await service.create(ctx, { appId, formId: orders.id }, upload);
    await service.start(ctx, uploaded.id, {});
    await engine.get(ImportRunner).run(tenant.id, uploaded.id, world.never);
    expect(await service.get(ctx, uploaded.id)).toMatchObject({ state: 'done', results: [{ created: 0, failed: 0 }] });
    const after = [await linesIn(0), await linesIn(1)];
    expect(after.map((lines) => lines.map(({ id }) => id))).toEqual(before.map((lines) => lines.map(({ id }) => id)));
    const counts = after
      .flat()
      .map((line) => line.values.count)
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
    await engine.get(ExportRunner).run(tenant.id, made.id, world.never);
    const { sheets } = await read(await buffer(await world.fetchFile(made.id)));
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
    await engine.get(ImportRunner).run(tenant.id, uploaded.id, world.never);
    expect(await service.get(ctx, uploaded.id)).toMatchObject({ state: 'done', results: [{ updated: 2, failed: 0 }] });
    expect([await said(0), await said(1), await said(2)]).toEqual([
      ['甲 9', '乙 2', '丙 3'],
      ['乙 2'],
      ['甲 1', '乙 2'],
    ]);
    expect((await linesIn(0)).slice(0, 2).map(({ id }) => id)).toEqual(before.map(({ id }) => id));
  });
});
