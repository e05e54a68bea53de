import type { FieldTypeName } from '@lianke/shared/fields/registry';
import { type Filter, type FilterOp, type FilterValue, filterOps, relativeRanges } from '@lianke/shared/filter/ast';
import { evaluate, type FieldLookup, FilterFault } from '@lianke/shared/filter/evaluate';
import type { FormView } from '@lianke/shared/forms/definition';
import type { RecordId } from '@lianke/shared/ids';
import type { Json } from '@lianke/shared/json';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { TenantContext } from '../src/engine/context.js';
import type { FormMeta } from '../src/engine/forms/form-meta.js';
import { FormRegistry } from '../src/engine/forms/form-registry.js';
import { OrgService } from '../src/engine/org/org.service.js';
import type { StoredRecord } from '../src/engine/records/contracts.js';
import { RecordReader } from '../src/engine/records/record-reader.js';
import { RecordWriter } from '../src/engine/records/record-writer.js';
import { ScopeBuilder } from '../src/engine/records/scope-builder.js';
import { filterFieldOf, type ReadScope } from '../src/engine/records/sql/read-scope.js';
import { AppError } from '../src/kernel/errors/app-error.js';
import { createTestEngine, type TestEngine, TestTenant } from './support/engine.js';
import { newSeed, seeded } from './support/random.js';
import { noteFacts, soaking } from './support/soak.js';

const filters = soaking ? 5000 : 300;
const rowCount = 120;

let engine: TestEngine;
let tenant: TestTenant;
let ctx: TenantContext;
let deals: FormView;
let form: FormMeta;
let scope: ReadScope;
let rows: StoredRecord[];
let companies: Map<string, StoredRecord>;
let pools: Record<string, Json[]>;
const seed = newSeed('filters');

/** What may stand in a field of each type: a few values that meet, miss, or lie just beside one another. */
const texts = [
  '',
  'abc',
  'ABC',
  'ＡＢｃ',
  'abcd',
  '张三',
  '张三丰',
  '50%_x',
  "o'k",
  'é',
  'z',
  '𠮷野',
  '中 文',
  '　全角',
];
const decimals = ['0', '-1', '1', '1.5', '1.50', '99999999.99', '-0.01', '10'];
const dates = [
  '2026-03-03',
  '2026-03-04',
  '2026-03-05',
  '2026-02-28',
  '2026-03-01',
  '2025-12-31',
  '2024-02-29',
  '2026-03-09',
];
const instants = [
  '2026-03-03T15:59:59.999Z',
  '2026-03-03T16:00:00.000Z',
  '2026-03-03T16:30:00.000Z',
  '2026-03-04T15:59:59.999Z',
  '2026-03-04T16:00:00.000Z',
  '2026-02-28T16:00:00.000Z',
  '2025-12-31T16:00:00.000Z',
];
const options = ['A', 'B', 'C'].map((id) => ({ id, label: `${id}级` }));
const regions = ['华东', '华东南'].map((id) => ({
  id,
  label: `${id}区`,
  children: ['A', 'B'].map((inner) => ({ id: inner, label: `${inner}市` })),
}));
const types: Record<string, { type: FieldTypeName; config?: Record<string, Json> }> = {
  text: { type: 'text' },
  long: { type: 'longText' },
  number: { type: 'number', config: { decimals: 2 } },
  money: { type: 'money' },
  date: { type: 'date' },
  instant: { type: 'datetime' },
  choice: { type: 'select', config: { options } },
  choices: { type: 'multiSelect', config: { options } },
  tags: { type: 'tags' },
  done: { type: 'switch' },
  mail: { type: 'email' },
  helper: { type: 'member' },
  part: { type: 'department' },
  home: { type: 'address' },
  spot: { type: 'location' },
  share: { type: 'percent' },
  stars: { type: 'rating', config: { half: true } },
  level: { type: 'slider' },
  clock: { type: 'time', config: { precision: 'second' } },
  period: { type: 'dateRange' },
  region: { type: 'cascader', config: { options: regions, anyLevel: true } },
  story: { type: 'richText' },
  code: { type: 'barcode' },
  helpers: { type: 'members' },
  parts: { type: 'departments' },
};

beforeAll(async () => {
  // 00:30 of 4 March in the tenant's zone, while it is still 3 March in UTC.
  engine = await createTestEngine('2026-03-03T16:30:00Z');
  const org = engine.get(OrgService);
  const { tenantId, adminRoleId } = await org.createTenant({ key: 'acme', name: 'acme' });
  const inTenant = { tenantId };
  const department = await org.createDepartment(inTenant, { name: '销售部' });
  const me = await org.createMember(inTenant, { name: '我', roleIds: [adminRoleId], departmentIds: [department] });
  tenant = new TestTenant(engine, tenantId, me);
  const other = await org.createMember(inTenant, { name: '他' });
  pools = {
    text: texts,
    long: texts,
    number: decimals,
    money: decimals,
    date: dates,
    instant: instants,
    choice: ['A', 'B', 'C'],
    choices: [['A'], ['A', 'B'], ['C'], []],
    tags: [['重点'], ['重点', 'ABC'], ['ａｂｃ'], []],
    done: [true, false],
    mail: ['a@example.com', 'B@example.com'],
    helper: [me, other],
    part: [department],
    share: ['0', '0.1', '0.15', '-0.5', '1'],
    stars: ['1', '2.5', '5'],
    level: ['0', '50', '100'],
    clock: ['00:00:00', '09:30:00', '09:30:15', '23:59:59', '09:31'],
    period: ['2026-03-04/2026-03-04', '2026-02-28/2026-03-01', '2025-12-31/2026-03-09', '2026-03-05/2026-12-31'],
    region: ['华东', '华东/A', '华东/B', '华东南', '华东南/A'],
    story: ['<p>a<b>b</b>c</p>', '<p>张<em>三</em></p><p>丰 &amp; &lt;p&gt;</p>', '<h2>ABC</h2>', '<p>&amp;lt;</p>'],
    code: ['6901234567892', 'abc', 'ABC'],
    helpers: [[me], [me, other], [other], []],
    parts: [[department], []],
    spot: [
      { lat: 31.2, lng: 121.5 },
      { lat: 30, lng: 120, name: '杭州' },
      { lat: 0, lng: 180 },
      { lat: -0.5, lng: -179.75 },
      { lat: 90, lng: 0 },
    ],
    home: [
      { province: '浙江省', city: '杭州市', district: '', detail: 'ABC 路 1 号' },
      { province: '上海市', city: '上海市', district: '', detail: '' },
      { province: '上海市', city: '', detail: '外滩' },
      { city: '成都', detail: 'abc' },
      { detail: '杭州市' },
    ],
  };
  const appId = await tenant.app();
  const fields = Object.entries(types).map(([key, { type, config }]) => ({
    key,
    name: key,
    type,
    config: config ?? {},
  }));
  const company = await tenant.form({ appId, key: 'company', name: '公司', fields: fields as never });
  deals = await tenant.form({
    appId,
    key: 'deal',
    name: '交易',
    fields: [
      ...fields,
      { key: 'company', name: '公司', type: 'relation', config: { formId: company.id } },
      { key: 'companies', name: '多家公司', type: 'relations', config: { formId: company.id } },
    ] as never,
  });
  ctx = await tenant.ctx(me);
  const random = seeded(seed);
  const pick = <Item>(items: readonly Item[]) => items[Math.floor(random() * items.length)] as Item;
  const someValues = () =>
    Object.fromEntries(
      Object.keys(types).flatMap((key) => (random() < 0.3 ? [] : [[key, pick(pools[key] ?? [])]])),
    ) as Record<string, Json>;
  const write = async (formId: FormView['id'], values: Record<string, Json>[]) => {
    const { results } = await engine
      .get(RecordWriter)
      .write(ctx, { formId, op: 'create', atomic: true, rows: values.map((each) => ({ values: each })) });
    return results.map((result) => result.id as RecordId);
  };
  const stored = async (formId: FormView['id'], ids: RecordId[]) =>
    engine.kernel.database.withTenant(ctx, (tx) => engine.get(RecordReader).stored(tx, ctx, formId, ids));
  const companyIds = await write(company.id, Array.from({ length: 12 }, someValues));
  const dealIds = await write(
    deals.id,
    Array.from({ length: rowCount }, () => ({
      ...someValues(),
      ...(random() < 0.3 ? {} : { company: pick(companyIds) }),
      ...(random() < 0.3 ? {} : { companies: [pick(companyIds), pick(companyIds)] }),
      ...(random() < 0.5 ? { owner: null } : {}),
    })),
  );
  pools.company = companyIds;
  pools.companies = companyIds;
  companies = new Map((await stored(company.id, companyIds)).map((record) => [record.id, record]));
  rows = await stored(deals.id, dealIds);
  form = await engine.get(FormRegistry).form(ctx, deals.id);
  scope = await engine.get(ScopeBuilder).of(ctx);
});
afterAll(() => engine.close());

/** Values in memory, as flow conditions read them: the row's own, or those of the related record. */
function lookupIn(row: StoredRecord): FieldLookup {
  return (ref) => {
    const [head = '', tail] = ref.split('.');
    const field = form.field(head);
    if (!field) return undefined;
    if (tail === undefined) return { field: filterFieldOf(field), value: row.values[field.id] };
    const target = scope.forms.get((field.config as { formId: never }).formId);
    const end = target?.field(tail);
    if (!end) return undefined;
    const related = companies.get(String(row.values[field.id]));
    return { field: filterFieldOf(end), value: related?.values[end.id] };
  };
}

const relative = fc.record({ rel: fc.constantFrom(...relativeRanges), n: fc.integer({ min: 0, max: 40 }) });
const special: fc.Arbitrary<FilterValue> = fc.oneof(
  relative as fc.Arbitrary<FilterValue>,
  fc.constant({ me: true } as FilterValue),
  fc.constant({ myDepartment: true } as FilterValue),
  fc.constantFrom<FilterValue>(null, '', 0, true, 'nobody', '01a00000-0000-7000-8000-000000000000'),
);

/** Boxes with edges on the places of the pool, some over the date line, some upside down or no boxes. */
const edge = (...degrees: number[]) => fc.constantFrom(...degrees);
const box: fc.Arbitrary<FilterValue> = fc
  .tuple(
    edge(-180, 0, 120, 121.5, 179),
    edge(-90, -0.5, 0, 30, 31),
    edge(121, 121.5, 180, -179.75, 0),
    edge(31.2, 90, 0, 95),
  )
  .map(([west, south, east, north]) => [west, south, east, north]);

/** Values that belong to the field mostly, and sometimes ones that do not. */
function conditionOn(prefix: string, key: string): fc.Arbitrary<Filter> {
  const pool = (pools[key] ?? []).flat().filter((item) => typeof item !== 'object' || item === null);
  const time = key === 'date' || key === 'instant' || key === 'period';
  const own = fc.constantFrom(...((pool.length > 0 ? pool : ['杭州', 'abc']) as (string | boolean)[]));
  const part = own.chain((item) =>
    fc.nat({ max: 3 }).map((length) => (typeof item === 'string' ? [...item].slice(0, length).join('') : item)),
  );
  const one = time
    ? fc.oneof(own, relative as fc.Arbitrary<FilterValue>, fc.constantFrom(...dates))
    : fc.oneof({ weight: 5, arbitrary: own }, { weight: 1, arbitrary: special });
  const list = fc.array(one, { maxLength: 3 });
  const valueFor = (op: FilterOp, pair: boolean): fc.Arbitrary<FilterValue> => {
    if (op === 'within') return fc.oneof({ weight: 6, arbitrary: box }, { weight: 1, arbitrary: special });
    if (pair) return fc.tuple(fc.option(one), fc.option(one)) as fc.Arbitrary<FilterValue>;
    if (['in', 'nin', 'hasAny', 'hasAll'].includes(op)) return list as fc.Arbitrary<FilterValue>;
    if (op === 'contains' || op === 'startsWith') return part as fc.Arbitrary<FilterValue>;
    return fc.oneof({ weight: 6, arbitrary: one }, { weight: 1, arbitrary: special }) as fc.Arbitrary<FilterValue>;
  };
  const meta = form.field(key);
  const ops = (meta?.type.operators ?? filterOps) as readonly FilterOp[];
  return fc
    .tuple(
      fc.oneof(
        { weight: 12, arbitrary: fc.constantFrom(...ops) },
        { weight: 1, arbitrary: fc.constantFrom(...filterOps) },
      ),
      fc.boolean(),
    )
    .chain(([op, pair]): fc.Arbitrary<Filter> => {
      const field = `${prefix}${key}`;
      if (op === 'empty' || op === 'notEmpty') return fc.constant({ field, op });
      const value = valueFor(op, op === 'between' || (op === 'contains' && key === 'period' && pair));
      return value.map((each) => ({ field, op, value: each }));
    });
}

const leaf = () =>
  fc
    .tuple(fc.constantFrom('', '', 'company.'), fc.constantFrom(...Object.keys(types)))
    .chain(([prefix, key]) => conditionOn(prefix, key));
const anyLeaf = () =>
  fc.oneof(
    { weight: 9, arbitrary: leaf() },
    { weight: 1, arbitrary: conditionOn('', 'company') },
    { weight: 1, arbitrary: conditionOn('', 'companies') },
  );

const tree = () =>
  fc.letrec<{ filter: Filter }>((tie) => ({
    filter: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      anyLeaf(),
      fc.array(tie('filter'), { maxLength: 3 }).map((and): Filter => ({ and })),
      fc.array(tie('filter'), { maxLength: 3 }).map((or): Filter => ({ or })),
      tie('filter').map((not): Filter => ({ not })),
    ),
  })).filter;

/** Ids the filter finds, or the code it is refused with; in SQL and in memory. */
async function inSql(filter: Filter): Promise<string[] | string> {
  try {
    const page = await engine
      .get(RecordReader)
      .query(ctx, deals.id, { filter, fields: ['createdAt'], limit: 200, total: false });
    return page.items.map((item) => item.id).sort();
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
}

/** Every condition is looked at, as the SQL compiler does, so that a fault is not hidden behind an `or`. */
function faultIn(filter: Filter, row: StoredRecord): string | undefined {
  if ('and' in filter) return first(filter.and.map((child) => faultIn(child, row)));
  if ('or' in filter) return first(filter.or.map((child) => faultIn(child, row)));
  if ('not' in filter) return faultIn(filter.not, row);
  try {
    evaluate(filter, lookupIn(row), scope.env);
    return undefined;
  } catch (error) {
    if (error instanceof FilterFault) return error.code;
    throw error;
  }
}
const first = (faults: (string | undefined)[]) => faults.find((fault) => fault !== undefined);

function inMemory(filter: Filter): string[] | string {
  const [any] = rows;
  const fault = any && faultIn(filter, any);
  if (fault) return fault;
  return rows
    .filter((row) => evaluate(filter, lookupIn(row), scope.env))
    .map((row) => row.id as string)
    .sort();
}

it(
  `a filter finds the same rows in SQL and in memory (${filters} random filters over every storage kind)`,
  async () => {
    const met = { some: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(fc.constant(null).chain(tree), async (filter) => {
        const sql = await inSql(filter);
        expect(sql).toEqual(inMemory(filter));
        if (typeof sql === 'string') met.refused += 1;
        else if (sql.length > 0 && sql.length < rowCount) met.some += 1;
      }),
      { seed, numRuns: filters, endOnFailure: false },
    );
    // Filters that meet everything, nothing, or are refused would prove little.
    expect(met.some).toBeGreaterThan(filters / 5);
    noteFacts('filters', { filters, findingSomeRows: met.some, refused: met.refused });
  },
  soaking ? 600_000 : 120_000,
);

it('between two open ends finds whatever has a value, instead of failing', async () => {
  for (const field of ['number', 'money', 'date', 'instant']) {
    const filter: Filter = { field, op: 'between', value: [null, null] };
    expect(await inSql(filter)).toEqual(inMemory(filter));
    expect(await inSql({ not: filter })).toEqual(inMemory({ not: filter }));
  }
});
