import { type FieldTypeName, fieldTypes } from '@lianke/shared/fields/registry';
import type { FormView } from '@lianke/shared/forms/definition';
import type { Json } from '@lianke/shared/json';
import { insideTypes, publicFormSettings } from '@lianke/shared/public-forms/api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Actor, Cause } from '../src/engine/context.js';
import { FormsService } from '../src/engine/forms/forms.service.js';
import { PublicFormsService } from '../src/engine/public-forms/public-forms.service.js';
import { VisitsService } from '../src/engine/public-forms/visits.service.js';
import { RecordReader } from '../src/engine/records/record-reader.js';
import { RecordWriter } from '../src/engine/records/record-writer.js';
import { AppError } from '../src/kernel/errors/app-error.js';
import { TestTenant } from './support/engine.js';
import { type TestAccount, WholeApp } from './support/whole-app.js';

type Row = Record<string, Json>;
interface BadRow {
  values: Row;
  /** `field: code`, in any order. */
  codes: string[];
}

const nobody = '01a00000-0000-7000-8000-000000000000';
/** Records of another form: one fits the good row, the other does not. */
const fitting = '01a00000-0000-7000-8000-00000000000a';
const unfit = '01a00000-0000-7000-8000-00000000000b';
const options = ['A', 'B', 'C'].map((id) => ({ id, label: id }));
const tree = [{ id: '华东', label: '华东', children: [{ id: '浙江', label: '浙江' }] }];

/** Values that each type refuses, with the code that every door answers. */
const badValues: Partial<Record<FieldTypeName, { config?: Row; bad: [Json, string][] }>> = {
  text: {
    config: { maxLength: 5 },
    bad: [
      ['123456', 'too_long'],
      [{ a: 1 }, 'wrong_type'],
      [['x'], 'wrong_type'],
      [true, 'wrong_type'],
    ],
  },
  longText: {
    config: { maxLength: 5 },
    bad: [
      ['123456', 'too_long'],
      [true, 'wrong_type'],
      [{}, 'wrong_type'],
    ],
  },
  richText: {
    config: { maxLength: 5 },
    bad: [
      ['<p>123456</p>', 'too_long'],
      [{}, 'wrong_type'],
      [['<p>'], 'wrong_type'],
      [3, 'wrong_type'],
    ],
  },
  number: {
    config: { min: 0, max: 10, decimals: 2 },
    bad: [
      ['x', 'bad_number'],
      ['1e3', 'bad_number'],
      ['1,000', 'bad_number'],
      [-1, 'too_small'],
      ['10.01', 'too_big'],
      [{}, 'bad_number'],
      [true, 'bad_number'],
    ],
  },
  money: {
    config: { min: 0, max: 100 },
    bad: [
      ['元', 'bad_number'],
      ['--1', 'bad_number'],
      [-0.01, 'too_small'],
      ['100.01', 'too_big'],
      [[], ''],
      [['1'], 'bad_number'],
    ],
  },
  percent: {
    config: { min: 0, max: 100 },
    bad: [
      ['x%', 'bad_number'],
      ['101%', 'too_big'],
      [1.01, 'too_big'],
      ['-1%', 'too_small'],
      [{}, 'bad_number'],
    ],
  },
  rating: {
    bad: [
      [0, 'too_small'],
      [6, 'too_big'],
      [2.5, 'off_step'],
      ['x', 'bad_number'],
      [{}, 'bad_number'],
    ],
  },
  slider: {
    config: { step: 5 },
    bad: [
      [3, 'off_step'],
      [-5, 'too_small'],
      [105, 'too_big'],
      ['x', 'bad_number'],
    ],
  },
  date: {
    bad: [
      ['2026-02-30', 'bad_date'],
      ['x', 'bad_date'],
      [{}, 'bad_date'],
      ['2026-13-01', 'bad_date'],
      [20260101, 'bad_date'],
      ['2026-00-10', 'bad_date'],
    ],
  },
  datetime: {
    bad: [
      ['x', 'bad_date'],
      ['2026-02-30T00:00:00Z', 'bad_date'],
      [{}, 'bad_date'],
      ['2026-01-01T25:00:00Z', 'bad_date'],
    ],
  },
  time: {
    bad: [
      ['24:00', 'bad_time'],
      ['9', 'bad_time'],
      ['9:60', 'bad_time'],
      [930, 'bad_time'],
      [{}, 'bad_time'],
    ],
  },
  dateRange: {
    config: { maxDays: 7 },
    bad: [
      ['2026-01-02/2026-01-01', 'bad_date_range'],
      ['2026-01-01', 'bad_date_range'],
      ['2026-02-30/2026-03-01', 'bad_date_range'],
      ['2026-01-01/2026-01-08', 'too_many_days'],
      [{ start: 1, end: 2 }, 'bad_date_range'],
    ],
  },
  select: {
    config: { options },
    bad: [
      ['D', 'unknown_option'],
      [1, 'wrong_type'],
      [['A'], 'wrong_type'],
      [{}, 'wrong_type'],
    ],
  },
  multiSelect: {
    config: { options },
    bad: [
      [['A', 'D'], 'unknown_option'],
      ['D', 'unknown_option'],
      [[1], 'wrong_type'],
      [{}, 'wrong_type'],
    ],
  },
  cascader: {
    config: { options: tree },
    bad: [
      ['华东', 'not_last_level'],
      ['华南', 'unknown_option'],
      ['华东/北京', 'unknown_option'],
      [1, 'wrong_type'],
      [[1], 'wrong_type'],
    ],
  },
  tags: {
    bad: [
      [[1], 'wrong_type'],
      [{}, 'wrong_type'],
      [[['a']], 'wrong_type'],
    ],
  },
  switch: {
    bad: [
      ['x', 'wrong_type'],
      [2, 'wrong_type'],
      [{}, 'wrong_type'],
      [[true], 'wrong_type'],
    ],
  },
  phone: {
    config: { max: 2 },
    bad: [
      [['123'], 'bad_phone'],
      ['问前台', 'bad_phone'],
      [['13800000000', '13800000001', '13800000002'], 'too_many'],
      [[{}], 'bad_phone'],
    ],
  },
  email: {
    bad: [
      ['x', 'bad_email'],
      ['a@b', 'bad_email'],
      ['a b@c.cn', 'bad_email'],
      ['@c.cn', 'bad_email'],
      [{}, 'bad_email'],
    ],
  },
  url: {
    bad: [
      ['x y', 'bad_url'],
      ['javascript:alert(1)', 'bad_url'],
      ['ftp://a.cn', 'bad_url'],
      [{}, 'bad_url'],
    ],
  },
  idNumber: {
    bad: [
      ['110105194912310021', 'bad_id_number'],
      ['11010519491331002X', 'bad_id_number'],
      ['123', 'bad_id_number'],
      ['010105194912310021', 'bad_id_number'],
      [{}, 'bad_id_number'],
    ],
  },
  creditCode: {
    bad: [
      ['91350100M000100Y44', 'bad_credit_code'],
      ['9135010OM000100Y43', 'bad_credit_code'],
      ['x', 'bad_credit_code'],
      [{}, 'bad_credit_code'],
    ],
  },
  member: {
    bad: [
      [nobody, 'no_such_member'],
      ['x', 'no_such_member'],
      [{}, 'no_such_member'],
      [1, 'no_such_member'],
    ],
  },
  members: {
    config: { max: 1 },
    bad: [
      [[nobody], 'no_such_member'],
      ['x', 'no_such_member'],
      [[{}], 'no_such_member'],
    ],
  },
  department: {
    bad: [
      [nobody, 'no_such_department'],
      ['x', 'no_such_department'],
      [1, 'no_such_department'],
    ],
  },
  departments: {
    bad: [
      [[nobody], 'no_such_department'],
      [[1], 'no_such_department'],
    ],
  },
  attachment: {
    config: { max: 1 },
    bad: [
      [[nobody], 'no_such_file'],
      ['x', 'wrong_type'],
      [['x'], 'no_such_file'],
      [[nobody, '01a00000-0000-7000-8000-000000000001'], 'too_many'],
    ],
  },
  image: {
    bad: [
      [[nobody], 'no_such_file'],
      ['x', 'wrong_type'],
      [[1], 'no_such_file'],
    ],
  },
  signature: {
    bad: [
      [[nobody], 'no_such_file'],
      [{}, 'wrong_type'],
      [[nobody, '01a00000-0000-7000-8000-000000000001'], 'too_many'],
    ],
  },
  barcode: {
    config: { maxLength: 5 },
    bad: [
      ['123456', 'too_long'],
      [{}, 'wrong_type'],
    ],
  },
  location: {
    bad: [
      [{ lat: 91, lng: 0 }, 'wrong_type'],
      ['x', 'wrong_type'],
      [{ lng: 1 }, 'wrong_type'],
    ],
  },
  address: {
    bad: [
      [{ nothing: 1 }, 'wrong_type'],
      [3, 'wrong_type'],
      [{ city: 1 }, 'wrong_type'],
      [['杭州'], 'wrong_type'],
    ],
  },
};

/** Fields whose rules look at one another. */
const stage = { field: 'stage', op: 'eq', value: 'C' } as const;
const ruled = [
  { key: 'name', name: '名称', type: 'text', rules: { required: true, minLength: 2 } },
  {
    key: 'code',
    name: '编码',
    type: 'text',
    rules: { pattern: { regex: '[A-Z]{2}\\d{3}', message: '两个字母加三位数字' } },
  },
  { key: 'stage', name: '阶段', type: 'select', config: { options } },
  { key: 'reason', name: '原因', type: 'longText', rules: { visibleWhen: stage, requiredWhen: stage } },
  {
    key: 'next',
    name: '下一步',
    type: 'text',
    rules: { requiredWhen: { field: 'stage', op: 'in', value: ['A', 'B'] } },
  },
  {
    key: 'kind',
    name: '细分',
    type: 'select',
    config: { options: ['A1', 'A2', 'B1'].map((id) => ({ id, label: id })) },
    rules: { optionsBy: { field: 'stage', allowed: { A: ['A1', 'A2'], B: ['B1'] } } },
  },
  { key: 'start', name: '开始', type: 'date' },
  { key: 'end', name: '结束', type: 'date' },
  { key: 'locked', name: '锁定', type: 'number', rules: { readonlyWhen: stage } },
  {
    key: 'hidden',
    name: '隐藏必填',
    type: 'text',
    rules: { required: true, visibleWhen: { field: 'stage', op: 'eq', value: 'B' } },
  },
] as const;

const good: Row = { name: '很好', stage: 'A', next: '回访', code: 'AB123', kind: 'A1' };
const period = {
  or: [
    { field: 'end', op: 'empty' },
    { field: 'start', op: 'notEmpty' },
  ],
};

function corpus(): BadRow[] {
  const rows: BadRow[] = [];
  for (const [type, { bad }] of Object.entries(badValues)) {
    for (const [value, code] of bad) {
      if (code === '') continue;
      rows.push({ values: { ...good, [`${type}1`]: value }, codes: [`${type}1: ${code}`] });
      // The fault of a value is told along with the others of its row; what only the database knows is asked last.
      const asked = JSON.stringify(value).includes(nobody) && code === 'no_such_file';
      rows.push({
        values: { ...good, name: '', [`${type}1`]: value },
        codes: [...(asked ? [] : [`${type}1: ${code}`]), 'name: required'],
      });
    }
  }
  const rule = (values: Row, ...codes: string[]) => rows.push({ values: { ...good, ...values }, codes });
  rule({ name: null }, 'name: required');
  rule({ name: '  ' }, 'name: required');
  rule({ name: '一' }, 'name: too_short');
  for (const code of ['ab123', 'AB12', 'AB1234', 'ABC123', '12345', ' A B123', 'AB123x'])
    rule({ code }, 'code: bad_pattern');
  rule({ stage: 'C', kind: null, next: null }, 'reason: required');
  rule({ stage: 'C', kind: null, next: null, locked: 1, reason: '价格' }, 'locked: locked_by');
  rule({ stage: 'C', kind: null, next: null, locked: 1 }, 'locked: locked_by', 'reason: required');
  rule({ next: null }, 'next: required');
  rule({ next: '' }, 'next: required');
  rule({ stage: 'B', kind: 'A1', hidden: '有' }, 'kind: unknown_option');
  rule({ kind: 'B1' }, 'kind: unknown_option');
  rule({ stage: 'B', kind: 'B1' }, 'hidden: required');
  rule({ end: '2026-01-01' }, 'end: rule_failed');
  rule({ target: unfit }, 'target: record_does_not_fit');
  rule({ target: unfit, code: 'ZZ998' }, 'target: record_does_not_fit');
  rule({ target: nobody }, 'target: no_such_record');
  rule({ target: 'x' }, 'target: no_such_record');
  rule({ target: unfit, name: null }, 'name: required');
  rule({ nothing: 1 }, 'nothing: unknown_field');
  rule({ createdAt: '2020-01-01T00:00:00Z', code: 'x' }, 'code: bad_pattern', 'createdAt: system_kept');
  return rows;
}

let engine: WholeApp;
let account: TestAccount;
let tenant: TestTenant;
let form: FormView;

beforeAll(async () => {
  engine = await WholeApp.start({ start: '2026-03-04T02:00:00Z' });
  account = await engine.company('bad');
  tenant = new TestTenant(engine, account.tenantId, account.memberId);
  const typed = Object.entries(badValues).map(([type, { config }]) => ({
    key: `${type}1`,
    name: `${type} 1`,
    type: type as FieldTypeName,
    config: config ?? {},
  }));
  const appId = await tenant.app();
  const targets = await tenant.form({ appId, name: '对象', fields: [{ key: 'code', name: '编码', type: 'text' }] });
  await engine.get(RecordWriter).write(await tenant.ctx(), {
    formId: targets.id,
    op: 'create',
    rows: [
      { id: fitting as never, values: { code: 'AB123' } },
      { id: unfit as never, values: { code: 'ZZ999' } },
    ],
  });
  const target = {
    key: 'target',
    name: '对象',
    type: 'relation',
    config: { formId: targets.id },
    rules: { pickBy: [{ field: 'code', by: 'code' }] },
  };
  form = await tenant.form({
    appId,
    name: '规则',
    fields: [...ruled, target, ...typed] as never,
    settings: {
      summaryFields: [],
      checks: [{ must: period as never, message: '有结束就要有开始', field: 'end' }],
    },
  });
});
afterAll(() => engine.close());

/** Each door as its own code calls the writer; answers the refusals of every row. */
const doors: Record<string, (rows: readonly Row[]) => Promise<string[][]>> = {
  api: async (rows) => {
    const ctx = await tenant.ctx();
    const found: string[][] = [];
    for (const values of rows)
      found.push(
        await engine
          .get(RecordWriter)
          .writeOne(ctx, { formId: form.id, op: 'create', row: { values } })
          .then(() => ['written'])
          .catch((error: unknown) => {
            if (!(error instanceof AppError)) throw error;
            return (error.more.fields ?? []).map((item) => `${item.field}: ${item.code}`).sort();
          }),
      );
    return found;
  },
  console: (rows) => inBatches(rows, { door: 'console' }),
  'mini-app, one row a batch': async (rows) => {
    const found: string[][] = [];
    for (const row of rows) found.push(...(await inBatches([row], { door: 'miniapp' })));
    return found;
  },
  batch: (rows) => inBatches(rows, { door: 'api' }),
  import: (rows) => inBatches(rows, { door: 'import' }, undefined, true),
  flow: (rows) => inBatches(rows, { door: 'flow' }, { kind: 'system', name: 'flow' }),
  'public form': atPublicForm,
  'open interface by key, one request a row': async (rows) => {
    const call = await byKey();
    const found: string[][] = [];
    for (const values of rows) found.push(codesIn((await call('records', { values })).json));
    return found;
  },
  'open interface by key, one batch': async (rows) => {
    const create = rows.map((values) => ({ values }));
    const { results } = (await (await byKey())('records/batch', { create })).json;
    return results.map((result: { error?: Refusal }) => codesIn(result.error));
  },
};

interface Refusal {
  fields?: { field: string; code: string }[];
}
const codesIn = (refusal?: Refusal): string[] =>
  (refusal?.fields ?? []).map((item) => `${item.field}: ${item.code}`).sort();

let keys = 0;
/** Calls routes of the form as another system does, over HTTP with a key. */
async function byKey() {
  const asked = { name: `对接 ${++keys}`, memberId: account.memberId, access: 'write', perMinute: 6000 };
  const made = await account.call('POST', '/api/v1/api-keys', asked);
  const headers = { authorization: `Bearer ${made.json.secret}` };
  return (path: string, body: unknown) => engine.call('POST', `/api/v1/forms/${form.id}/${path}`, { body, headers });
}

/** Fields that visitors of a link may fill in. */
const onPublicPage = () =>
  form.fields.filter((field) => !field.system && field.writable && !insideTypes.includes(field.type));

/** Each row by another visitor, who may not send so many. */
async function atPublicForm(rows: readonly Row[]): Promise<string[][]> {
  const fields = onPublicPage();
  const settings = publicFormSettings.parse({
    name: '登记',
    fields: fields.map((field) => field.id),
    pickers: fields.filter((field) => fieldTypes[field.type].refers === 'record').map((field) => field.id),
    captcha: false,
  });
  const { url } = await engine.get(PublicFormsService).create(await tenant.ctx(), form.id, { settings });
  const token = url.split('/').at(-1) ?? '';
  const found: string[][] = [];
  for (const [at, values] of rows.entries())
    found.push(
      await engine
        .get(VisitsService)
        .submit(token, { mark: `visitor-number-${at}`, address: `10.0.${at >> 8}.${at & 255}` }, { values })
        .then(() => ['written'])
        .catch((error: unknown) => {
          if (!(error instanceof AppError)) throw error;
          return (error.more.fields ?? []).map((item) => `${item.field}: ${item.code}`).sort();
        }),
    );
  return found;
}

async function inBatches(
  rows: readonly Row[],
  cause: Partial<Cause>,
  actor?: Actor,
  trusted = false,
): Promise<string[][]> {
  const ctx = await tenant.ctx(actor ?? tenant.admin, cause);
  const { results } = await engine.get(RecordWriter).write(ctx, {
    formId: form.id,
    op: 'create',
    rows: rows.map((values) => ({ values })),
    ...(trusted ? { trusted } : {}),
  });
  return results.map((result) => (result.error?.fields ?? []).map((item) => `${item.field}: ${item.code}`).sort());
}

describe('bad rows', () => {
  const all = corpus();
  it.each(Object.keys(doors))(`are refused with the same codes by ${'%s'}`, async (door) => {
    expect(all.length).toBeGreaterThanOrEqual(200);
    const shown = new Set(onPublicPage().map((field) => field.key));
    const rows =
      door === 'public form' ? all.filter((row) => Object.keys(row.values).every((key) => shown.has(key))) : all;
    expect(rows.length).toBeGreaterThanOrEqual(door === 'public form' ? 150 : 200);
    const answers = await (doors[door] as (typeof doors)[string])(rows.map((row) => row.values));
    const wrong = rows.flatMap((row, index) => {
      // What only the system may set is exactly what an import is trusted to bring.
      const codes = row.codes.filter((code) => door !== 'import' || !code.endsWith('system_kept')).sort();
      const got = answers[index] ?? [];
      return codes.join() === got.join() ? [] : [{ values: row.values, codes, got }];
    });
    expect(wrong).toEqual([]);
    const page = await engine
      .get(RecordReader)
      .query(await tenant.ctx(), form.id, { fields: [], limit: 1, total: 'exact' });
    expect(page.total).toBe(0);
  });
});

describe('rules', () => {
  const write = async (op: 'create' | 'update', values: Row, id?: string) => {
    const { results } = await engine
      .get(RecordWriter)
      .write(await tenant.ctx(), { formId: form.id, op, rows: [{ values, ...(id ? { id: id as never } : {}) }] });
    const [result] = results;
    return {
      id: String(result?.id),
      codes: (result?.error?.fields ?? []).map((item) => `${item.field}: ${item.code}`).sort(),
    };
  };
  const read = async (id: string) =>
    (await engine.get(RecordReader).get(await tenant.ctx(), form.id, id as never)).values;

  it('look at the record as it would be after a change, and forgive what nobody touched', async () => {
    const { id, codes } = await write('create', { ...good, locked: 5 });
    expect(codes).toEqual([]);
    expect((await write('update', { stage: 'C', kind: null }, id)).codes).toEqual(['reason: required']);
    expect((await write('update', { stage: 'C', kind: null, reason: '价格', locked: 6 }, id)).codes).toEqual([]);
    // From now on the stage locks the number, whoever writes it.
    expect((await write('update', { locked: 7 }, id)).codes).toEqual(['locked: locked_by']);
    expect((await write('update', { locked: 6, name: '新名' }, id)).codes).toEqual([]);
  });

  it('keep the values of hidden fields, or empty them where the form says so', async () => {
    const { id } = await write('create', { ...good, stage: 'C', kind: null, next: null, reason: '价格' });
    await write('update', { stage: 'A', next: '回访' }, id);
    expect((await read(id)).reason).toBe('价格');
    const service = engine.get(FormsService);
    await service.update(await tenant.ctx(), form.id, { settings: { ...form.settings, hiddenValues: 'clear' } });
    await write('update', { name: '改名' }, id);
    expect((await read(id)).reason).toBeNull();
    form = await service.update(await tenant.ctx(), form.id, { settings: { ...form.settings, hiddenValues: 'keep' } });
  });

  it('refuse a combination that another record or another row of the batch has', async () => {
    const service = engine.get(FormsService);
    form = await service.update(await tenant.ctx(), form.id, {
      settings: { ...form.settings, uniqueSets: [{ fields: ['code', 'start'] }] },
    });
    const first = await write('create', { ...good, code: 'ZZ100', start: '2026-01-01' });
    expect(first.codes).toEqual([]);
    expect((await write('create', { ...good, code: 'ZZ100', start: '2026-01-01' })).codes).toEqual([
      'code: set_not_unique',
    ]);
    expect((await write('create', { ...good, code: 'ZZ100', start: '2026-01-02' })).codes).toEqual([]);
    expect((await write('create', { ...good, code: 'ZZ100' })).codes).toEqual([]);
    const other = await write('create', { ...good, code: 'ZZ100' });
    expect((await write('update', { start: '2026-01-01' }, other.id)).codes).toEqual(['code: set_not_unique']);
    expect((await write('update', { name: '同一条' }, first.id)).codes).toEqual([]);
    const { results } = await engine.get(RecordWriter).write(await tenant.ctx(), {
      formId: form.id,
      op: 'create',
      rows: [1, 2].map(() => ({ values: { ...good, code: 'ZZ200', start: '2026-01-01' } })),
    });
    expect(results.map((result) => result.status)).toEqual(['created', 'failed']);
  });

  it.each([
    ['a condition on a field that is not there', { visibleWhen: { field: 'gone', op: 'empty' } }],
    ['an operator the type does not know', { visibleWhen: { field: 'stage', op: 'gt', value: 1 } }],
    ['a value that is none', { requiredWhen: { field: 'start', op: 'eq', value: 'x' } }],
    ['options by a field without options', { optionsBy: { field: 'code', allowed: {} } }],
  ])('are refused when they hold %s', async (_, rules) => {
    const service = engine.get(FormsService);
    const fields = form.fields
      .filter((field) => !field.system)
      .map((field) => (field.key === 'name' ? { ...field, rules } : field));
    await expect(service.update(await tenant.ctx(), form.id, { fields: fields as never })).rejects.toMatchObject({
      code: 'invalid_definition',
    });
  });

  it('keep a field that a check needs from being removed', async () => {
    const fields = form.fields.filter((field) => !field.system && field.key !== 'start');
    await expect(
      engine.get(FormsService).update(await tenant.ctx(), form.id, { fields: fields as never }),
    ).rejects.toMatchObject({ code: 'invalid_definition' });
  });
});
