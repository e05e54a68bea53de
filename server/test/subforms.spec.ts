import { Readable } from 'node:stream';
import type { Filter } from '@lianke/shared/filter/ast';
import type { FormView } from '@lianke/shared/forms/definition';
import type { BatchId, FormId, MemberId, RecordId } from '@lianke/shared/ids';
import type { Json } from '@lianke/shared/json';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TenantContext } from '../src/engine/context.js';
import { DerivedFields } from '../src/engine/derived/derived-fields.js';
import { RecomputeWorker } from '../src/engine/derived/recompute.worker.js';
import { FilesService } from '../src/engine/files/files.service.js';
import { FormsService } from '../src/engine/forms/forms.service.js';
import { OrgService } from '../src/engine/org/org.service.js';
import { BinService } from '../src/engine/records/bin.service.js';
import { RecordReader } from '../src/engine/records/record-reader.js';
import { RecordWriter } from '../src/engine/records/record-writer.js';
import { RevertService } from '../src/engine/records/revert.service.js';
import { UndoService } from '../src/engine/records/undo.service.js';
import { createTestEngine, type TestEngine, TestTenant } from './support/engine.js';

type Values = Record<string, Json>;
type Row = { id: string; values: Values };

let engine: TestEngine;
let tenant: TestTenant;
let admin: MemberId;
let ctx: TenantContext;
let products: FormView;
let orders: FormView;
let rowsForm: FormId;

beforeAll(async () => {
  engine = await createTestEngine('2026-03-04T02:00:00Z');
  const org = engine.get(OrgService);
  const { tenantId, adminRoleId } = await org.createTenant({ key: 'acme', name: 'acme' });
  admin = await org.createMember({ tenantId }, { name: '王芳', roleIds: [adminRoleId] });
  tenant = new TestTenant(engine, tenantId, admin);
  const appId = await tenant.app();
  products = await tenant.form({
    appId,
    name: '产品',
    fields: [
      { name: '名称', key: 'name', type: 'text' },
      { name: '单价', key: 'price', type: 'money' },
    ],
  });
  orders = await tenant.form({
    appId,
    name: '订单',
    fields: [
      { name: '编号', key: 'no', type: 'text' },
      {
        name: '明细',
        key: 'items',
        type: 'subform',
        config: {
          maxRows: 2000,
          fields: [
            { name: '品名', key: 'name', type: 'text', rules: { required: true } },
            { name: '产品', key: 'product', type: 'relation', config: { formId: products.id, onDelete: 'refuse' } },
            { name: '数量', key: 'count', type: 'number', default: { kind: 'literal', value: '1' } },
            { name: '单价', key: 'price', type: 'money' },
            { name: '金额', key: 'amount', type: 'formula', config: { expression: '{数量}*{单价}', money: true } },
            { name: '附件', key: 'files', type: 'attachment' },
            {
              name: '备注',
              key: 'note',
              type: 'text',
              rules: { requiredWhen: { field: 'count', op: 'gt', value: 100 } },
            },
          ],
        },
      },
      { name: '合计', key: 'total', type: 'formula', config: { expression: 'SUM({明细.金额})', money: true } },
      { name: '行数', key: 'rows', type: 'formula', config: { expression: 'COUNT({明细.品名})', decimals: 0 } },
    ],
  });
  ctx = await tenant.ctx(admin);
  const items = orders.fields.find((field) => field.key === 'items');
  rowsForm = items?.config.formId as FormId;
});
afterAll(() => engine.close());

const write = (op: 'create' | 'update' | 'delete', id: RecordId | undefined, values: Values = {}, batchId?: BatchId) =>
  engine.get(RecordWriter).write(ctx, {
    formId: orders.id,
    op,
    rows: [{ ...(id ? { id } : {}), values }],
    ...(batchId ? { batchId } : {}),
  });
const get = async (id: RecordId) => (await engine.get(RecordReader).get(ctx, orders.id, id)).values;
const itemsOf = async (id: RecordId) => ((await get(id)).items ?? []) as Row[];
async function create(items: Json[], no = 'A'): Promise<RecordId> {
  const { results } = await write('create', undefined, { no, items });
  expect(results[0]?.error).toBeUndefined();
  return results[0]?.id as RecordId;
}
const createIn = async (formId: FormId, values: Values) => {
  const { results } = await engine.get(RecordWriter).write(ctx, { formId, op: 'create', rows: [{ values }] });
  return results[0]?.id as RecordId;
};
const find = async (filter: Filter) =>
  (
    await engine.get(RecordReader).query(ctx, orders.id, { filter, limit: 200, total: false, fields: ['no'] })
  ).items.map((item) => item.id);

it('tells how far formulas of rows are, beside those of the form', async () => {
  const builds = await engine.get(DerivedFields).builds(ctx, orders.id);
  expect(builds.map((build) => build.name).sort()).toEqual(['合计', '明细.金额', '行数'].sort());
});

it('rows are written and read in order, with defaults, references and formulas, and add up in the same write', async () => {
  const product = await createIn(products.id, { name: '螺丝', price: '0.1' });
  const id = await create([
    { values: { name: '甲', product, count: '3', price: '0.10' } },
    { values: { name: '乙', price: '0.2' } },
  ]);
  const values = await get(id);
  expect(values).toMatchObject({ total: '0.5', rows: '2' });
  expect((values.items as Row[]).map((row) => row.values)).toMatchObject([
    { name: '甲', product: { id: product, label: '螺丝' }, count: '3', amount: '0.3' },
    { name: '乙', product: null, count: '1', amount: '0.2' },
  ]);
  const page = await engine.get(RecordReader).query(ctx, orders.id, { limit: 200, total: false });
  const listed = page.items.find((item) => item.id === id)?.values.items;
  expect(listed).toMatchObject([{ label: '甲' }, { label: '乙' }]);
  // A list as it was read changes nothing.
  expect((await write('update', id, { items: listed as Json })).results[0]?.status).toBe('unchanged');
  expect((await write('update', id, { items: values.items as Json })).results[0]?.status).toBe('unchanged');
});

it('a list written anew keeps the ids and unnamed values of its rows, drops the others, and says where a fault is', async () => {
  const id = await create([{ values: { name: '甲', price: '1' } }, { values: { name: '乙', price: '2' } }]);
  const [a, b] = (await itemsOf(id)) as [Row, Row];
  await write('update', id, { items: [{ id: b.id, values: { count: '5' } }, { values: { name: '丙', price: '3' } }] });
  const rows = await itemsOf(id);
  expect(rows.map((row) => row.values.name)).toEqual(['乙', '丙']);
  expect(rows[0]).toMatchObject({ id: b.id, values: { count: '5', price: '2', amount: '10' } });
  expect(rows.map((row) => row.id)).not.toContain(a.id);
  expect(await get(id)).toMatchObject({ total: '13', rows: '2' });
  const { results } = await write('update', id, {
    items: [{ id: b.id }, { values: { name: '丁', price: 'x' } }, { values: { name: '', count: '101' } }],
  });
  const faults = results[0]?.error?.fields?.map((error) => [error.field, error.code]);
  expect(faults).toEqual([
    ['items[1].price', 'bad_number'],
    ['items[2].name', 'required'],
    ['items[2].note', 'required'],
  ]);
  expect(await itemsOf(id)).toEqual(rows);
});

it('refuses what is no list of rows, too many rows, unknown fields and a relation to nothing', async () => {
  const ask = async (items: Json) => (await write('create', undefined, { items })).results[0]?.error?.fields?.[0];
  expect(await ask('x')).toMatchObject({ field: 'items', code: 'wrong_type' });
  expect(await ask([1])).toMatchObject({ field: 'items', code: 'wrong_type' });
  expect(await ask(Array.from({ length: 2001 }, () => ({ values: {} })))).toMatchObject({ code: 'too_many_rows' });
  expect(await ask([{ values: { name: '甲', nothing: 1 } }])).toMatchObject({
    field: 'items[0].nothing',
    code: 'unknown_field',
  });
  const stranger = '01a00000-0000-7000-8000-000000000001';
  expect(await ask([{ values: { name: '甲', product: stranger } }])).toMatchObject({
    field: 'items[0].product',
    code: 'no_such_record',
  });
});

it('does not take over the rows of another record', async () => {
  const id = await create([{ values: { name: '甲' } }]);
  const [row] = await itemsOf(id);
  const other = await create([{ id: row?.id ?? '', values: { name: '乙' } }]);
  expect((await itemsOf(other))[0]?.id).not.toBe(row?.id);
  expect((await itemsOf(id))[0]?.values.name).toBe('甲');
});

it('history tells the rows that differ, and each change and batch can be taken back', async () => {
  const id = await create([{ values: { name: '甲', price: '1' } }, { values: { name: '乙', price: '2' } }]);
  const before = await get(id);
  const [a, b] = before.items as [Row, Row];
  const first = await write('update', id, { items: [{ id: a.id, values: { price: '9' } }, { id: b.id }] });
  const history = await engine.get(RecordReader).history(ctx, orders.id, id);
  const change = history.items[0]?.changes.find((item) => item.field === 'items');
  expect([change?.before, change?.after]).toMatchObject([
    [{ id: a.id, at: 0, values: { price: '1' } }],
    [{ id: a.id, at: 0, values: { price: '9' } }],
  ]);
  // The same batch once more: the row goes, another comes.
  await write(
    'update',
    id,
    { items: [{ id: b.id, values: { name: '丙' } }, { values: { name: '丁' } }] },
    first.batchId,
  );
  expect(await engine.get(UndoService).undo(ctx, first.batchId)).toMatchObject({ reversed: 1, kept: 0, failed: 0 });
  expect(await get(id)).toMatchObject({ items: before.items, total: before.total });
});

it('a record goes back to an earlier moment with the rows it had then, changed, removed and added ones alike', async () => {
  const id = await create([{ values: { name: '甲', price: '1' } }, { values: { name: '乙', price: '2' } }]);
  const before = await get(id);
  const [a, b] = before.items as [Row, Row];
  await write('update', id, { items: [{ id: a.id, values: { price: '9' } }, { id: b.id }] });
  await write('update', id, { items: [{ id: b.id, values: { name: '丙' } }, { values: { name: '丁', price: '5' } }] });
  const { items: history } = await engine.get(RecordReader).history(ctx, orders.id, id);
  const [second, first] = history;
  const revert = (body: object) => engine.get(RevertService).revert(ctx, orders.id, id, body as never);
  // One step back: what the second change did to the rows is gone, what the first did stays.
  expect(await revert({ before: second?.id, fields: ['items'] })).toMatchObject({ restored: ['items'], skipped: [] });
  expect(await get(id)).toMatchObject({
    items: [
      { id: a.id, values: { name: '甲', price: '9', amount: '9' } },
      { id: b.id, values: { name: '乙' } },
    ],
    total: '11',
  });
  await revert({ before: first?.id });
  expect(await get(id)).toMatchObject({ items: before.items, total: before.total });
});

it('goes to the recycle bin with its record, comes back with it, and is gone for good with it', async () => {
  const id = await create([{ values: { name: '回收', price: '7' } }]);
  const count = async () =>
    (
      await engine.get(RecordReader).aggregate(ctx, rowsForm, {
        filter: { field: 'name', op: 'eq', value: '回收' },
        groupBy: [],
        metrics: [
          { fn: 'count', as: 'n' },
          { fn: 'sum', field: 'amount', as: 'sum' },
        ],
        sort: [],
        limit: 1,
      })
    )[0]?.metrics;
  expect(await count()).toEqual({ n: 1, sum: '7' });
  await write('delete', id);
  expect(await count()).toMatchObject({ n: 0 });
  await engine.get(BinService).restore(ctx, orders.id, [id]);
  expect(await count()).toMatchObject({ n: 1 });
  expect(await itemsOf(id)).toHaveLength(1);
  await write('delete', id);
  await engine.get(BinService).purge(ctx, orders.id, [id]);
  const [left] = await engine.kernel.database.withTenant(ctx, (tx) =>
    tx.sql<{ n: number }>(
      `SELECT count(*)::int AS n FROM "t_${ctx.tenantId.replaceAll('-', '')}"."f_${rowsForm.replaceAll('-', '')}" WHERE deleted_at IS NOT NULL`,
    ),
  );
  expect(left?.n).toBe(0);
});

it('records are found by any of their rows, and rows are reported on and filtered by their record', async () => {
  const id = await create([{ values: { name: '铜管', price: '8' } }, { values: { name: '铜线', price: '3' } }], 'C-1');
  await create([{ values: { name: '铁管', price: '8' } }], 'C-2');
  expect(await find({ field: 'items.name', op: 'eq', value: '铜线' })).toEqual([id]);
  expect(
    await find({
      and: [
        { field: 'items.name', op: 'startsWith', value: '铜' },
        { field: 'no', op: 'eq', value: 'C-2' },
      ],
    }),
  ).toEqual([]);
  const rows = await engine.get(RecordReader).query(ctx, rowsForm, {
    filter: { field: 'parent.no', op: 'eq', value: 'C-1' },
    sort: [{ field: 'position', dir: 'asc' }],
    limit: 200,
    total: true,
  });
  expect(rows.total).toBe(2);
  expect(rows.items.map((row) => row.values)).toMatchObject([
    { name: '铜管', position: '1', parent: { id, label: 'C-1' } },
    { name: '铜线', position: '2' },
  ]);
});

it('a relation of a row guards what it names, and a rollup over rows follows them', async () => {
  const product = await createIn(products.id, { name: '受保护' });
  const id = await create([{ values: { name: '甲', product, count: '4', price: '2' } }]);
  const refusedDelete = await engine
    .get(RecordWriter)
    .write(ctx, { formId: products.id, op: 'delete', rows: [{ id: product }] });
  expect(refusedDelete.results[0]?.error?.code).toBe('in_use');
  const inner = orders.fields.find((field) => field.key === 'items')?.config.fields as { id: string; key: string }[];
  const relation = inner.find((field) => field.key === 'product');
  const changed = await engine.get(FormsService).update(ctx, products.id, {
    fields: [
      ...products.fields.filter((field) => !field.system),
      {
        name: '订购',
        key: 'ordered',
        type: 'rollup',
        rules: {},
        config: { formId: rowsForm, relation: relation?.id ?? '', fn: 'sum', field: 'count' },
      },
    ],
  });
  expect(changed.fields.map((field) => field.key)).toContain('ordered');
  ctx = await tenant.ctx(admin);
  await write('update', id, { items: [...(await itemsOf(id)).map((row) => ({ id: row.id, values: { count: '6' } }))] });
  while (await engine.get(RecomputeWorker).work());
  expect((await engine.get(RecordReader).get(ctx, products.id, product)).values.ordered).toBe('6');
  await write('delete', id);
  while (await engine.get(RecomputeWorker).work());
  expect((await engine.get(RecordReader).get(ctx, products.id, product)).values.ordered).toBe('0');
});

it('a file in a row is read by whoever reads the row', async () => {
  const files = engine.get(FilesService);
  const file = await files.upload(ctx, 'a.txt', Readable.from([Buffer.from('x')]));
  const id = await create([{ values: { name: '甲', files: [file.id] } }]);
  expect((await itemsOf(id))[0]?.values.files).toMatchObject([{ id: file.id, name: 'a.txt' }]);
  await expect(files.open(ctx, file.id as never)).resolves.toBeDefined();
  await write('delete', id);
  await expect(files.open(ctx, file.id as never)).rejects.toMatchObject({ code: 'not_found' });
});

describe('rights', () => {
  it('hide and lock fields of rows; rows of records out of reach are out of reach', async () => {
    const inner = orders.fields.find((field) => field.key === 'items')?.config.fields as { id: string; key: string }[];
    const idOf = (key: string) => inner.find((field) => field.key === key)?.id ?? '';
    const him = await tenant.memberWith('李雷', {
      [orders.id]: {
        actions: ['view', 'create', 'edit', 'delete'],
        scope: 'own',
        fields: { [idOf('note')]: 'hidden', [idOf('price')]: 'read' },
      },
    });
    ctx = await tenant.ctx(admin);
    const id = await create([{ values: { name: '甲', price: '5', note: '秘密' } }]);
    await write('update', id, { owner: him });
    const other = await create([{ values: { name: '别人的', price: '5' } }]);
    const his = await tenant.ctx(him);
    const record = await engine.get(RecordReader).get(his, orders.id, id);
    const [row] = record.values.items as [Row];
    expect(Object.keys(row.values)).not.toContain('note');
    const change = (values: Values) =>
      engine
        .get(RecordWriter)
        .write(his, { formId: orders.id, op: 'update', rows: [{ id, values: { items: [{ id: row.id, values }] } }] });
    expect((await change({ price: '1' })).results[0]?.error?.fields?.[0]).toMatchObject({
      field: 'items[0].price',
      code: 'not_writable',
    });
    expect((await change({ note: 'x' })).results[0]?.error?.fields?.[0]).toMatchObject({
      field: 'items[0].note',
      code: 'unknown_field',
    });
    expect((await change({ name: '新' })).results[0]?.status).toBe('updated');
    expect((await itemsOf(id))[0]?.values).toMatchObject({ name: '新', note: '秘密', price: '5' });
    const rows = await engine.get(RecordReader).query(his, rowsForm, { limit: 200, total: true });
    expect(rows.items.map((item) => item.values.name)).toEqual(['新']);
    await expect(
      engine
        .get(RecordReader)
        .query(his, rowsForm, { filter: { field: 'note', op: 'eq', value: '秘密' }, limit: 1, total: false }),
    ).rejects.toMatchObject({ code: 'unknown_field' });
    expect(other).toBeDefined();
    const direct = engine
      .get(RecordWriter)
      .write(ctx, { formId: rowsForm, op: 'delete', rows: [{ id: row.id as RecordId }] });
    await expect(direct).rejects.toMatchObject({ code: 'wrong_state' });
  });
});

it('a thousand rows are written, changed in one place and read back exactly', async () => {
  const id = await create(Array.from({ length: 1000 }, (_, at) => ({ values: { name: `行${at}`, price: '0.01' } })));
  expect(await get(id)).toMatchObject({ total: '10', rows: '1000' });
  const rows = await itemsOf(id);
  await write('update', id, {
    items: rows.map((row, at) => ({ id: row.id, ...(at === 500 ? { values: { price: '1.01' } } : {}) })),
  });
  expect(await get(id)).toMatchObject({ total: '11' });
  const { items } = await engine.get(RecordReader).history(ctx, orders.id, id);
  expect(items[0]?.changes.find((item) => item.field === 'items')?.after).toHaveLength(1);
});
