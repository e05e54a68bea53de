import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { encryptedType } from '@lianke/shared/fields/encrypted';
import { type FieldTypeName, fieldTypeNames, fieldTypes } from '@lianke/shared/fields/registry';
import { sheetFormats } from '@lianke/shared/fields/sheet-registry';
import type { FilterOp, FilterValue } from '@lianke/shared/filter/ast';
import { evaluate } from '@lianke/shared/filter/evaluate';
import { type FormView, updateFormBody } from '@lianke/shared/forms/definition';
import type { BatchId, RecordId } from '@lianke/shared/ids';
import type { Json } from '@lianke/shared/json';
import { exportBody } from '@lianke/shared/records/exports';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TenantContext } from '../src/engine/context.js';
import { DerivedBuildWorker } from '../src/engine/derived/build.worker.js';
import { RecomputeWorker } from '../src/engine/derived/recompute.worker.js';
import { ExportRunner } from '../src/engine/exports/export-runner.js';
import { ExportsModule } from '../src/engine/exports/exports.module.js';
import { ExportsService } from '../src/engine/exports/exports.service.js';
import { FilesService } from '../src/engine/files/files.service.js';
import { FormRegistry } from '../src/engine/forms/form-registry.js';
import { FormsService } from '../src/engine/forms/forms.service.js';
import { ImportsModule } from '../src/engine/imports/imports.module.js';
import { ImportsService } from '../src/engine/imports/imports.service.js';
import { ImportRunner } from '../src/engine/imports/run/import-runner.js';
import { OrgService } from '../src/engine/org/org.service.js';
import { Notifier } from '../src/engine/ports.js';
import type { StoredRecord } from '../src/engine/records/contracts.js';
import { RecordReader } from '../src/engine/records/record-reader.js';
import { RecordWriter } from '../src/engine/records/record-writer.js';
import { ScopeBuilder } from '../src/engine/records/scope-builder.js';
import { filterFieldOf } from '../src/engine/records/sql/read-scope.js';
import { UndoService } from '../src/engine/records/undo.service.js';
import { uuid7 } from '../src/kernel/ids/uuid7.js';
import { createTestEngine, type TestEngine, TestTenant } from './support/engine.js';

/** What the walk needs of a type: settings, two different values, one that is refused, and how a cell says the first. */
interface Sample {
  config?: Record<string, Json>;
  values: [Json, Json];
  bad: Json;
  /** A cell that reads as the first value; null for types that cells cannot hold. */
  cell: string | number | boolean | null;
  /** Value of conditions where the stored value itself is none. */
  condition?: FilterValue;
  /** What is left of the values when they went through a sheet, which has no formatting. */
  carried?: [Json, Json];
}

const options = ['A', 'B'].map((id) => ({ id, label: `${id}级` }));
const region: Json[] = [
  { id: '华东', label: '华东区', children: ['浙江', '上海'].map((id) => ({ id, label: id })) },
  { id: '华南', label: '华南区' },
];
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
);

let engine: TestEngine;
let tenant: TestTenant;
let ctx: TenantContext;
let form: FormView;
let samples: Record<WrittenType, Sample>;

/** Types that the system keeps: nobody writes them, everything else holds of them too (see the end). */
const keptNames = ['autonumber', 'lastContact', 'formula', 'lookup', 'rollup'] as const;
type KeptType = (typeof keptNames)[number];
type WrittenType = Exclude<FieldTypeName, KeptType>;
const isWritten = (type: FieldTypeName): type is WrittenType => !(keptNames as readonly string[]).includes(type);
const writtenNames = fieldTypeNames.filter(isWritten);

/** A field that is walked: each type as it is, and once more stored encrypted where it may be. */
interface Case {
  name: string;
  key: string;
  type: WrittenType;
  encrypted: boolean;
}
const cases: Case[] = [
  ...writtenNames.map((type) => ({ name: type, key: `${type}1`, type, encrypted: false })),
  ...writtenNames
    .filter((type) => fieldTypes[type].mayBeEncrypted)
    .map((type) => ({ name: `${type}, encrypted`, key: `${type}Sealed`, type, encrypted: true })),
];

beforeAll(async () => {
  const silent: Notifier = { enqueue: async () => undefined, update: async () => undefined };
  const ports = [{ provide: Notifier, useValue: silent }];
  engine = await createTestEngine('2026-03-04T02:00:00Z', [ImportsModule, ExportsModule], ports);
  const org = engine.get(OrgService);
  const { tenantId, adminRoleId } = await org.createTenant({ key: 'acme', name: 'acme' });
  const department = await org.createDepartment({ tenantId }, { name: '销售部' });
  const other = await org.createDepartment({ tenantId }, { name: '市场部' });
  const me = await org.createMember(
    { tenantId },
    { name: '王芳', roleIds: [adminRoleId], departmentIds: [department] },
  );
  const him = await org.createMember({ tenantId }, { name: '李雷' });
  tenant = new TestTenant(engine, tenantId, me);
  ctx = await tenant.ctx(me);
  const appId = await tenant.app();
  const company = await tenant.form({ appId, name: '公司', fields: [{ name: '名称', key: 'name', type: 'text' }] });
  const made = await engine.get(RecordWriter).write(ctx, {
    formId: company.id,
    op: 'create',
    rows: ['甲', '乙'].map((name) => ({ values: { name } })),
  });
  const [first, second] = made.results.map((result) => String(result.id)) as [string, string];
  const files: string[] = [];
  for (const name of ['一.png', '二.png'])
    files.push((await engine.get(FilesService).upload(ctx, name, Readable.from([png]))).id);
  const [picture = '', another = ''] = files;
  const rowIds = [uuid7(), uuid7()];
  const [me_, him_] = [me as string, him as string];
  samples = {
    text: { values: ['甲', '乙'], bad: 'x'.repeat(201), cell: '甲' },
    longText: { values: ['甲\n乙', '丙'], bad: 'x'.repeat(5001), cell: '甲\n乙' },
    richText: {
      values: ['<p>甲<strong>乙</strong></p>', '<ul><li>丙</li></ul>'],
      bad: 'x'.repeat(10_001),
      cell: null,
      condition: '甲乙',
      carried: ['<p>甲乙</p>', '<p>丙</p>'],
    },
    number: { values: ['1.5', '2'], bad: 'x', cell: 1.5 },
    money: { values: ['100', '200'], bad: 'x', cell: '100元' },
    percent: { values: ['0.15', '0.3'], config: { max: 100 }, bad: '101%', cell: '15%' },
    rating: { values: ['3', '5'], bad: 6, cell: '3星' },
    slider: { values: ['10', '90'], bad: 101, cell: 10 },
    date: { values: ['2026-03-04', '2026-03-05'], bad: '2026-02-30', cell: '2026年3月4日' },
    datetime: { values: ['2026-03-04T00:30:00.000Z', '2026-03-05T00:30:00.000Z'], bad: 'x', cell: '2026-03-04 08:30' },
    time: { values: ['09:30', '18:00'], bad: '25:00', cell: '上午9:30' },
    dateRange: {
      values: ['2026-03-01/2026-03-04', '2026-04-01/2026-04-02'],
      bad: '2026-03-04/2026-03-01',
      cell: '2026-03-01 ~ 2026-03-04',
      condition: '2026-03-01',
    },
    select: { values: ['A', 'B'], config: { options }, bad: 'C', cell: 'A级' },
    multiSelect: {
      values: [['A', 'B'], ['B']],
      config: { options, display: 'checkbox' },
      bad: ['C'],
      cell: 'A级、B级',
    },
    cascader: { values: ['华东/浙江', '华南'], config: { options: region }, bad: '华东', cell: '华东区/浙江' },
    tags: { values: [['重点'], ['老客户']], bad: [[1]], cell: '重点' },
    switch: { values: [true, false], bad: 'x', cell: '是' },
    phone: {
      values: [['13800138000'], ['13900139000']],
      bad: ['123'],
      cell: '138 0013 8000',
      condition: '13800138000',
    },
    email: { values: ['a@b.cn', 'c@d.cn'], bad: 'x', cell: 'a@b.cn' },
    url: { values: ['https://a.cn/', 'https://b.cn/'], bad: 'x y', cell: 'https://a.cn/' },
    idNumber: {
      values: ['11010519491231002X', '440524188001010014'],
      bad: '110105194912310021',
      cell: '11010519491231002x',
    },
    creditCode: {
      values: ['91350100M000100Y43', '91110000600037341L'],
      bad: '91350100M000100Y44',
      cell: '91350100M000100Y43',
    },
    member: { values: [me_, him_], bad: first, cell: '王芳' },
    members: { values: [[me_, him_], [him_]], bad: [first], cell: '王芳、李雷' },
    department: { values: [department, other], bad: first, cell: '销售部' },
    departments: { values: [[department], [other]], bad: [first], cell: '销售部' },
    relation: { values: [first, second], config: { formId: company.id }, bad: me_, cell: '甲' },
    relations: { values: [[first, second], [second]], config: { formId: company.id }, bad: [me_], cell: '甲、乙' },
    subform: {
      values: [
        [{ id: rowIds[0] ?? '', values: { name: '甲', amount: '1.5' } }],
        [{ id: rowIds[1] ?? '', values: { name: '乙', amount: null } }],
      ],
      config: {
        fields: [
          { key: 'name', name: '品名', type: 'text' },
          { key: 'amount', name: '金额', type: 'money' },
        ],
      },
      bad: [{ values: { amount: 'x' } }],
      cell: null,
    },
    attachment: { values: [[picture], [another]], bad: [me_], cell: null },
    image: { values: [[picture, another], [another]], bad: [me_], cell: null },
    signature: { values: [[picture], [another]], bad: [picture, another], cell: null },
    barcode: { values: ['6901234567892', 'LK-1'], bad: 'x'.repeat(201), cell: '6901234567892' },
    location: {
      values: [
        { lat: 30.2, lng: 120.2 },
        { lat: 31, lng: 121, name: '外滩' },
      ],
      bad: { lat: 91, lng: 0 },
      cell: '30.2,120.2',
    },
    address: {
      values: [{ province: '浙江省', city: '杭州市' }, { city: '上海市' }],
      bad: { nothing: 1 },
      cell: null,
      condition: '杭州',
    },
  };
  form = await tenant.form({
    appId,
    name: '全部',
    fields: cases.map(({ key, name, type, encrypted }) => ({
      key,
      name,
      type,
      config: samples[type].config ?? {},
      ...(encrypted ? { encrypted } : {}),
    })),
  });
});
afterAll(async () => {
  await engine.kernel.jobs.stop();
  await engine.close();
});

const sampleOf = (type: WrittenType) => samples[type];
const write = (op: 'create' | 'update', rows: { id?: RecordId; values: Record<string, Json> }[], batchId?: BatchId) =>
  engine.get(RecordWriter).write(ctx, { formId: form.id, op, rows, ...(batchId ? { batchId } : {}) });
const bare = (value: Json | undefined): Json => {
  if (Array.isArray(value)) return value.map(bare);
  // Rows of subforms are read as they were written, in history with their place besides.
  if (typeof value === 'object' && value !== null && 'values' in value)
    return { id: value.id, values: value.values } as Json;
  return typeof value === 'object' && value !== null && 'id' in value ? (value.id as Json) : (value ?? null);
};
/** As text, whatever the order of an object's properties. */
const inOneOrder = (value: Json): string =>
  JSON.stringify(value, (_, item) =>
    typeof item === 'object' && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  );
const withoutIds = (value: Json | undefined): Json =>
  Array.isArray(value) ? value.map((row) => (row as { values: Json }).values) : (value ?? null);
const stored = async (ids: RecordId[]): Promise<StoredRecord[]> =>
  engine.kernel.database.withTenant(ctx, (tx) => engine.get(RecordReader).stored(tx, ctx, form.id, ids));

/** The samples are of every written type (the compiler asks for them); what is left are the kept ones, walked at the end. */
it('walks every field type', () => {
  expect(Object.keys(samples).sort()).toEqual([...writtenNames].sort());
  expect(fieldTypeNames.filter((name) => fieldTypes[name].kept).sort()).toEqual([...keptNames].sort());
  expect(fieldTypeNames.length).toBeGreaterThanOrEqual(34);
  expect(cases.filter((item) => item.encrypted).length).toBeGreaterThanOrEqual(11);
});

describe.each(cases)('$name', ({ key, type, encrypted }) => {
  const behaviour = encrypted ? encryptedType(type) : fieldTypes[type];
  let ids: RecordId[];
  beforeAll(async () => {
    const { values } = sampleOf(type);
    const { results } = await write(
      'create',
      [...values, null].map((value) => ({ values: { [key]: value } })),
    );
    expect(results.map((result) => result.error)).toEqual([undefined, undefined, undefined]);
    ids = results.map((result) => result.id as RecordId);
  });

  it('is read as it was written, references with their names', async () => {
    const page = await engine.get(RecordReader).getMany(ctx, form.id, ids);
    const byId = new Map(page.map((record) => [record.id, record.values[key]]));
    const [a, b] = sampleOf(type).values;
    expect(ids.map((id) => bare(byId.get(id)))).toEqual([a, b, null]);
    const references = [byId.get(ids[0] as string)].flat() as { label?: string; name?: string }[];
    if (fieldTypes[type].refers && type !== 'subform')
      for (const each of references) expect(each.label ?? each.name).toBeTruthy();
  });

  it('is refused with a code of its own', async () => {
    const { results } = await write('create', [{ values: { [key]: sampleOf(type).bad } }]);
    expect(results[0]).toMatchObject({
      status: 'failed',
      error: {
        code: 'validation_failed',
        fields: [{ field: type === 'subform' ? `${key}[0].amount` : key }],
      },
    });
  });

  it('is filtered by each operator in SQL as in memory', async () => {
    const registry = await engine.get(FormRegistry).form(ctx, form.id);
    const scope = await engine.get(ScopeBuilder).of(ctx);
    const field = registry.field(key);
    if (!field) throw new Error(type);
    const rows = await stored(ids);
    const value = sampleOf(type).condition ?? ([sampleOf(type).values[0]].flat()[0] as FilterValue);
    const valueFor = (op: FilterOp): FilterValue | undefined => {
      if (op === 'empty' || op === 'notEmpty') return undefined;
      if (op === 'between') return [value as string, value as string];
      if (op === 'within') return [120, 30, 120.5, 30.5];
      return ['in', 'nin', 'hasAny', 'hasAll'].includes(op) ? [value as string] : value;
    };
    for (const op of field.type.operators) {
      const condition = {
        field: key,
        op,
        ...(valueFor(op) === undefined ? {} : { value: valueFor(op) as FilterValue }),
      };
      const page = await engine
        .get(RecordReader)
        .query(ctx, form.id, { filter: condition, fields: [], limit: 200, total: true });
      const found = page.items.map((item) => item.id).filter((id) => ids.includes(id as RecordId));
      const meant = rows
        .filter((row) =>
          evaluate(condition, () => ({ field: filterFieldOf(field), value: row.values[field.id] }), scope.env),
        )
        .map((row) => row.id as string);
      expect([op, found.sort()]).toEqual([op, meant.sort()]);
      // Every operator tells the three records apart: none is always or never met.
      expect([op, meant.length > 0 && meant.length < 3]).toEqual([
        op,
        op !== 'gt' && op !== 'lt' ? true : meant.length > 0,
      ]);
    }
  });

  it('sorts, groups and aggregates where it says so, and refuses it elsewhere', async () => {
    const reader = engine.get(RecordReader);
    const mine = { field: key, op: 'notEmpty' as const };
    const sorted = reader.query(ctx, form.id, {
      sort: [{ field: key, dir: 'asc' }],
      filter: mine,
      fields: [],
      limit: 200,
      total: false,
    });
    if (behaviour.sortable) {
      const order = (await sorted).items.map((item) => item.id);
      const back = await reader.query(ctx, form.id, {
        sort: [{ field: key, dir: 'desc' }],
        filter: mine,
        fields: [],
        limit: 200,
        total: false,
      });
      expect(order).toEqual(expect.arrayContaining(ids.slice(0, 2)));
      expect(back.items[0]?.id).toBe(order.at(-1));
    } else await expect(sorted).rejects.toMatchObject({ code: 'operator_not_allowed' });
    const base = { sort: [], limit: 100, filter: mine };
    const grouped = reader.aggregate(ctx, form.id, {
      ...base,
      groupBy: [{ field: key }],
      metrics: [{ fn: 'count', as: 'n' }],
    });
    if (behaviour.groupable) expect((await grouped).length).toBeGreaterThanOrEqual(2);
    else await expect(grouped).rejects.toMatchObject({ code: 'operator_not_allowed' });
    for (const fn of ['count', 'countDistinct', 'sum', 'avg', 'min', 'max'] as const) {
      const asked = reader.aggregate(ctx, form.id, {
        ...base,
        groupBy: [],
        metrics: [{ fn, field: key, as: 'm' }],
      });
      if (behaviour.aggregates.includes(fn)) expect((await asked)[0]?.metrics.m).not.toBeNull();
      else await expect(asked).rejects.toMatchObject({ code: 'operator_not_allowed' });
    }
  });

  it('keeps its history, and a batch that changed it can be taken back', async () => {
    const [id] = ids as [RecordId];
    const [before, after] = sampleOf(type).values;
    const { batchId } = await write('update', [{ id, values: { [key]: after } }]);
    const { items } = await engine.get(RecordReader).history(ctx, form.id, id);
    const change = items[0]?.changes.find((item) => item.field === key);
    // An id that is another record's row is not taken over.
    const told = type === 'subform' ? withoutIds : bare;
    expect([told(change?.before), told(change?.after)]).toEqual([told(before), told(after)]);
    const report = await engine.get(UndoService).undo(ctx, batchId);
    expect(report).toMatchObject({ reversed: 1, kept: 0, failed: 0 });
    const [now] = await stored([id]);
    const meta = (await engine.get(FormRegistry).form(ctx, form.id)).field(key);
    if (type === 'subform') {
      const record = await engine.get(RecordReader).get(ctx, form.id, id);
      expect(bare(record.values[key])).toEqual(before);
    } else expect(now?.values[meta?.id ?? '']).toEqual(before);
  });

  it('comes from a cell and goes into one', async () => {
    const { cell, values, config } = sampleOf(type);
    const names = new Map<string, string>([
      ['王芳', String(sampleOf('member').values[0])],
      ['李雷', String(sampleOf('member').values[1])],
      ['销售部', String(sampleOf('department').values[0])],
      ['甲', String(sampleOf('relation').values[0])],
      ['乙', String(sampleOf('relation').values[1])],
    ]);
    const lookup = (text: string) => ({ value: names.get(text) ?? null });
    const parsed = fieldTypes[type].config.parse(config ?? {}) as never;
    const context = { timeZone: 'Asia/Shanghai', member: lookup, department: lookup, record: lookup };
    const read = sheetFormats[type].reader(parsed, context);
    if (cell !== null) expect(read(cell).value).toEqual(values[0]);
    const nameOf = (id: string) => [...names].find((entry) => entry[1] === id)?.[0] ?? id;
    const written = sheetFormats[type].write(values[0], parsed, { timeZone: 'Asia/Shanghai', nameOf });
    expect(written).not.toBeNull();
    if (fieldTypes[type].refers === 'file' || type === 'richText' || type === 'subform') return;
    const again = read(written).value;
    if (type === 'address') expect(again).toMatchObject(values[0] as object);
    else expect(again).toEqual(values[0]);
  });
});

describe('an exported workbook', () => {
  /** What a sheet of the form itself does not hold: files are named in it, rows of subforms have sheets of their own. */
  const elsewhere = (type: WrittenType) => fieldTypes[type].refers === 'file' || type === 'subform';
  const never = new AbortController().signal;

  it('holds every type, and imported again makes the same records', async () => {
    const carried = cases.filter(({ type }) => !elsewhere(type));
    const rows = [0, 1].map((at) => ({
      values: Object.fromEntries(carried.map(({ key, type }) => [key, sampleOf(type).values[at as 0 | 1]])),
    }));
    const { results } = await write('create', rows);
    expect(results.map(({ error }) => error)).toEqual([undefined, undefined]);
    const ids = results.map(({ id }) => id as RecordId);
    const body = exportBody.parse({ ids, fields: carried.map(({ key }) => key) });
    const { id } = await engine.get(ExportsService).create(ctx, form.id, body);
    await engine.get(ExportRunner).run(tenant.id, id, never);
    const file = await buffer((await engine.get(ExportsService).file(ctx, id)).stream);

    const upload = { name: '全部.xlsx', content: Readable.from([file]) };
    const imports = engine.get(ImportsService);
    const everything = async () =>
      (await engine.get(RecordReader).query(ctx, form.id, { limit: 200, total: false })).items;
    const before = new Set((await everything()).map((record) => record.id));
    const view = await imports.create(ctx, { appId: form.appId, formId: form.id }, upload);
    const matched = view.sheets[0]?.columns.map(({ to }) => to.field);
    expect(matched).toEqual(carried.map(({ key }) => key));
    expect(view.check?.issues).toEqual([]);
    const sheets = view.sheets.map((sheet) => ({
      ...sheet,
      targets: sheet.targets.map((target) => ({ ...target, mode: 'insert' })),
    }));
    const options = { ...view.options, duplicates: 'create', badCells: 'refuse' } as const;
    await imports.start(ctx, view.id, { sheets: sheets as never, options });
    await engine.get(ImportRunner).run(tenant.id, view.id, never);
    expect(await imports.get(ctx, view.id)).toMatchObject({ state: 'done', errorRows: 0, results: [{ created: 2 }] });
    const made = (await everything()).filter((record) => !before.has(record.id));
    for (const item of carried) {
      const found = made.map(({ values }) => inOneOrder(bare(values[item.key])));
      const sample = sampleOf(item.type);
      const meant = (sample.carried ?? sample.values).map(inOneOrder);
      expect([item.name, ...found.sort()]).toEqual([item.name, ...meant.sort()]);
    }
  });
});

it('a condition reaches through a relation to many records: any of them counts', async () => {
  const { values } = sampleOf('relations');
  const { results } = await write('create', [
    { values: { relations1: values[0] } },
    { values: { relations1: values[1] } },
  ]);
  const ask = async (name: string) => {
    const filter = { field: 'relations1.name', op: 'eq' as const, value: name };
    const page = await engine.get(RecordReader).query(ctx, form.id, { filter, fields: [], limit: 200, total: false });
    return results.map((result) => page.items.some((item) => item.id === result.id));
  };
  expect([await ask('甲'), await ask('乙'), await ask('丙')]).toEqual([
    [true, false],
    [true, true],
    [false, false],
  ]);
  const sorted = engine
    .get(RecordReader)
    .query(ctx, form.id, { sort: [{ field: 'relations1.name', dir: 'asc' }], limit: 1, total: false });
  await expect(sorted).rejects.toMatchObject({ code: 'unknown_field' });
});

describe('types that the system keeps', () => {
  let kept: FormView;
  let ids: RecordId[];
  const keys: Record<KeptType, string> = {
    autonumber: 'code',
    lastContact: 'contact',
    formula: 'double',
    lookup: 'firm',
    rollup: 'count',
  };

  beforeAll(async () => {
    const appId = await tenant.app('系统维护');
    const firmForm = await engine.get(FormRegistry).form(ctx, String(sampleOf('relation').config?.formId));
    kept = await tenant.form({
      appId,
      name: '客户',
      fields: [
        { key: 'name', name: '名称', type: 'text' },
        { key: 'code', name: '编号', type: 'autonumber' },
        { key: 'amount', name: '数', type: 'number' },
        { key: 'double', name: '两倍', type: 'formula', config: { expression: '{数}*2' } },
        { key: 'company', name: '公司', type: 'relation', config: { formId: firmForm.id } },
        { key: 'firm', name: '公司名', type: 'lookup', config: { relation: 'company', field: 'name' } },
        { key: 'contact', name: '最后联系', type: 'lastContact' },
      ] as never,
    });
    const visits = await tenant.form({
      appId,
      name: '拜访',
      fields: [
        { key: 'customer', name: '客户', type: 'relation', config: { formId: kept.id } },
        { key: 'at', name: '时间', type: 'datetime' },
      ] as never,
    });
    const count = { formId: visits.id, relation: 'customer', fn: 'count' };
    kept = await engine.get(FormsService).update(
      await tenant.ctx(),
      kept.id,
      updateFormBody.parse({
        fields: [
          ...kept.fields.filter((field) => !field.system),
          { key: 'count', name: '拜访次数', type: 'rollup', config: count },
        ],
      }),
    );
    ctx = await tenant.ctx();
    const [a, b] = sampleOf('relation').values;
    const { results } = await engine.get(RecordWriter).write(ctx, {
      formId: kept.id,
      op: 'create',
      trusted: true,
      rows: [
        { values: { name: '一', amount: '1', company: a, contact: '2026-03-01T00:00:00.000Z' } },
        { values: { name: '二', amount: '2', company: b, contact: '2026-03-02T00:00:00.000Z' } },
        { values: { name: '三' } },
      ] as never,
    });
    expect(results.map((result) => result.error)).toEqual([undefined, undefined, undefined]);
    ids = results.map((result) => result.id as RecordId);
    await engine.get(RecordWriter).write(ctx, {
      formId: visits.id,
      op: 'create',
      rows: [{ values: { customer: ids[1] as string, at: null } }],
    });
    while ((await engine.get(RecomputeWorker).work()) || (await engine.get(DerivedBuildWorker).work()));
  });

  it.each(keptNames)(
    '%s: is read, written by nobody, filtered, sorted, grouped, summed up and exported',
    async (type) => {
      const key = keys[type];
      const reader = engine.get(RecordReader);
      const field = (await engine.get(FormRegistry).form(ctx, kept.id)).field(key);
      if (!field) throw new Error(key);
      const rows = await engine.kernel.database.withTenant(ctx, (tx) =>
        engine.get(RecordReader).stored(tx, ctx, kept.id, ids),
      );
      const values = ids.map((id) => rows.find((row) => row.id === id)?.values[field.id] ?? null);
      expect(values.slice(0, 2).every((value) => value !== null)).toBe(true);
      await expect(
        engine.get(RecordWriter).writeOne(ctx, {
          formId: kept.id,
          op: 'update',
          row: { id: ids[0] as RecordId, values: { [key]: values[1] ?? null } },
        }),
      ).rejects.toMatchObject({ more: { fields: [{ field: key, code: 'system_kept' }] } });

      const scope = await engine.get(ScopeBuilder).of(ctx);
      for (const op of field.type.operators) {
        const one = values[1] as FilterValue;
        const value = ['in', 'nin'].includes(op)
          ? [one as string]
          : op === 'between'
            ? [one as string, one as string]
            : one;
        const condition = { field: key, op, ...(['empty', 'notEmpty'].includes(op) ? {} : { value }) };
        const page = await reader.query(ctx, kept.id, { filter: condition, fields: [], limit: 10, total: true });
        const meant = rows.filter((row) =>
          evaluate(condition, () => ({ field: filterFieldOf(field), value: row.values[field.id] }), scope.env),
        );
        expect([op, page.items.map((item) => item.id).sort()]).toEqual([
          op,
          meant.map((row) => row.id as string).sort(),
        ]);
      }
      const sorted = await reader.query(ctx, kept.id, {
        sort: [{ field: key, dir: 'asc' }],
        fields: [],
        limit: 10,
        total: true,
      });
      expect(sorted.items.map((item) => item.id)).toHaveLength(3);
      const metrics = field.type.aggregates.map((fn) => ({ fn, field: key, as: fn }));
      const [all] = await reader.aggregate(ctx, kept.id, { groupBy: [], metrics, sort: [], limit: 5 });
      for (const fn of field.type.aggregates) expect([fn, all?.metrics[fn] ?? null]).not.toEqual([fn, null]);
      const groups = reader.aggregate(ctx, kept.id, {
        groupBy: [{ field: key }],
        metrics: [{ fn: 'count', as: 'n' }],
        sort: [],
        limit: 5,
      });
      if (field.type.groupable) expect((await groups).length).toBeGreaterThanOrEqual(2);
      else await expect(groups).rejects.toMatchObject({ code: 'operator_not_allowed' });

      const cell = sheetFormats[field.typeName].write(values[0] ?? null, field.config, {
        timeZone: 'Asia/Shanghai',
        nameOf: (id) => id,
      });
      expect(cell).not.toBeNull();
      const { items } = await reader.history(ctx, kept.id, ids[0] as RecordId);
      expect(items.flatMap((item) => item.changes.map((change) => change.field))).not.toContain(key);
    },
  );
});
