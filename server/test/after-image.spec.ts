import type { MemberId } from '@lianke/shared/ids';
import type { ImportView } from '@lianke/shared/imports/api';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ImportRunner } from '../src/engine/imports/run/import-runner.js';
import { comeToRest } from './support/flows.js';
import { sound } from './support/paired-world.js';
import { type TestAccount, WholeApp } from './support/whole-app.js';

let whole: WholeApp;
let admin: TestAccount;
let rep: Omit<TestAccount, 'adminRoleId'>;
let appId: string;
let form: string;
let mine: MemberId;
let company = 0;

beforeAll(async () => {
  whole = await WholeApp.start();
}, 120_000);
afterAll(() => whole.close());

const actions = ['view', 'create', 'edit', 'delete', 'bulk', 'import'];
const cells = { level: '级别', region: '地区', name: '名称' };
type Values = Record<string, string>;
const eq = (field: string, value: string) => ({ field, op: 'eq', value });

/** Ways to say which rows are a rep's, each with values that are in it and values that take a row out of it. */
const scopes: Record<string, { rows: object; inside(): Values; outside(): Values }> = {
  'his own': {
    rows: { scope: 'own' },
    inside: () => ({ owner: mine }),
    outside: () => ({ owner: admin.memberId }),
  },
  'those of a filter': {
    rows: { scope: 'none', filter: { or: [eq('level', 'A'), eq('region', '东')] } },
    inside: () => ({ level: 'A', region: '西' }),
    outside: () => ({ level: 'B', region: '西' }),
  },
};

async function openWith(rows: object = {}): Promise<void> {
  admin = await whole.company(`after${++company}`);
  const post = async (url: string, body: unknown) => sound(await admin.call('POST', `/api/v1${url}`, body)).json;
  appId = (await post('/apps', { name: '销售' })).id;
  const fields = [
    { key: 'name', name: cells.name, type: 'text' },
    { key: 'level', name: cells.level, type: 'text' },
    { key: 'region', name: cells.region, type: 'text' },
  ];
  form = (await post('/forms', { appId, name: '客户', fields })).id;
  const role = await post('/roles', { name: '销售', permissions: { forms: { [form]: { actions, ...rows } } } });
  mine = (await post('/members', { name: '王芳', roleIds: [role.id] })).id;
  rep = await whole.account(admin.tenantId, mine);
}

const records = (path = '') => `/api/v1/forms/${form}/records${path}`;
/** A row, as the administrator makes it. */
async function row(values: Values): Promise<string> {
  return sound(await admin.call('POST', records(), { values })).json.id;
}
const valuesOf = async (id: string) => sound(await admin.call('GET', records(`/${id}`))).json.values;
const all = async () => sound(await admin.call('POST', records('/query'), { total: 'exact' })).json.total;

async function imported(header: readonly (keyof typeof cells)[], rows: readonly Values[], update: boolean) {
  const lines = [header.map((key) => cells[key]), ...rows.map((values) => header.map((key) => values[key] ?? ''))];
  const file = Buffer.from(lines.map((line) => line.join(',')).join('\n'));
  const made: ImportView = sound(
    await rep.upload(`/api/v1/imports?appId=${appId}&formId=${form}`, '客户.csv', file),
  ).json;
  const sheets = made.sheets.map((sheet) => ({
    ...sheet,
    targets: sheet.targets.map((target) => ({
      ...target,
      ...(update ? { mode: 'update', matchOn: ['name'] } : { mode: 'insert', matchOn: [] }),
    })),
  }));
  sound(await rep.call('POST', `/api/v1/imports/${made.id}/start`, { sheets }));
  await whole.get(ImportRunner).run(admin.tenantId, made.id, new AbortController().signal);
  return sound(await rep.call('GET', `/api/v1/imports/${made.id}`)).json as ImportView;
}

describe.each(Object.entries(scopes))('a row that would leave %s', (_, { rows, inside, outside }) => {
  beforeEach(() => openWith(rows));

  it('is not created, alone, in a batch, or by pasting; its neighbours are', async () => {
    const alone = await rep.call('POST', records(), { values: outside() });
    expect([alone.status, alone.json.code]).toEqual([403, 'outside_scope']);
    const create = [inside(), outside(), inside()].map((values) => ({ values }));
    const { results } = sound(await rep.call('POST', records('/batch'), { create })).json;
    expect(results.map((result: { status: string }) => result.status)).toEqual(['created', 'failed', 'created']);
    expect(results[1].error.code).toBe('outside_scope');
    const pasted = sound(await rep.call('POST', records('/bulk'), { action: 'paste', create })).json;
    expect(pasted).toMatchObject({ done: 2, failed: 1 });
    expect(await all()).toBe(4);
  });

  it('is not changed, alone, in a batch, or in bulk; its neighbours are', async () => {
    const ids = [await row(inside()), await row(inside())];
    const [first, second] = ids;
    const alone = await rep.call('PATCH', records(`/${first}`), { values: outside() });
    expect([alone.status, alone.json.code]).toEqual([403, 'outside_scope']);
    const update = [
      { id: first, values: outside() },
      { id: second, values: { name: '改了' } },
    ];
    const { results } = sound(await rep.call('POST', records('/batch'), { update })).json;
    expect(results.map((result: { status: string }) => result.status)).toEqual(['failed', 'updated']);
    const bulk = sound(await rep.call('POST', records('/bulk'), { action: 'update', ids, values: outside() })).json;
    expect(bulk).toMatchObject({ done: 0, failed: 2 });
    for (const id of ids) expect(await valuesOf(id)).toMatchObject(shown(inside()));
    expect(await valuesOf(String(second))).toMatchObject({ name: '改了' });
  });

  it('is not put back by reverting', async () => {
    const id = await row(outside());
    sound(await admin.call('PATCH', records(`/${id}`), { values: inside() }));
    const { items } = sound(await rep.call('GET', records(`/${id}/history`))).json;
    const reverted = await rep.call('POST', records(`/${id}/revert`), { before: items[0].id });
    expect([reverted.status, reverted.json.code]).toEqual([403, 'outside_scope']);
    expect(await valuesOf(id)).toMatchObject(shown(inside()));
  });

  it('is not written by a flow in his name', async () => {
    const id = await row(inside());
    const set = Object.entries(outside()).map(([field, value]) => ({ field, value: { kind: 'literal', value } }));
    const definition = {
      trigger: { type: 'recordUpdated', formId: form },
      runAs: { kind: 'starter' },
      nodes: [{ id: 'change', name: '', type: 'updateRecord', target: 'trigger', assignments: set }],
      edges: [{ from: 'trigger', to: 'change' }],
    };
    const flow = sound(await admin.call('POST', '/api/v1/flows', { appId, name: '改', definition })).json;
    sound(await admin.call('POST', `/api/v1/flows/${flow.id}/publish`, {}));
    sound(await rep.call('PATCH', records(`/${id}`), { values: { name: '新名' } }));
    await comeToRest(whole);
    expect(await valuesOf(id)).toMatchObject({ ...shown(inside()), name: '新名' });
    const runs = sound(await admin.call('GET', `/api/v1/flows/${flow.id}/runs`)).json.items;
    expect(runs).toMatchObject([{ state: 'failed' }]);
  });
});

describe('an import', () => {
  it('refuses the rows that would be out of one’s scope, with the reason, and brings in the others', async () => {
    await openWith(scopes['those of a filter']?.rows);
    const rows = [
      { name: '甲', level: 'A' },
      { name: '乙', level: 'B' },
      { name: '丙', level: 'A' },
    ];
    const inserted = await imported(['name', 'level'], rows, false);
    expect(inserted).toMatchObject({ state: 'done', results: [{ created: 2, failed: 1 }], errorRows: 1 });
    expect(await all()).toBe(2);
    const changed = await imported(
      ['name', 'level', 'region'],
      [
        { name: '甲', level: 'B', region: '北' },
        { name: '丙', level: 'A', region: '南' },
      ],
      true,
    );
    expect(changed).toMatchObject({ state: 'done', results: [{ updated: 1, failed: 1 }], errorRows: 1 });
    const { items } = sound(await admin.call('POST', records('/query'), {})).json;
    const told = items.map(({ values }: { values: Values }) => [values.name, values.level, values.region ?? null]);
    expect(told.sort()).toEqual([
      ['丙', 'A', '南'],
      ['甲', 'A', null],
    ]);
  });
});

describe('a merge', () => {
  it('that would take the record out of one’s scope changes nothing', async () => {
    await openWith(scopes['those of a filter']?.rows);
    const keep = await row({ name: '甲', level: 'A', region: '西' });
    const other = await row({ name: '甲公司', level: 'B', region: '东' });
    const merged = await rep.call('POST', records('/merge'), { keep, others: [other], values: { level: other } });
    expect([merged.status, merged.json.code]).toEqual([403, 'outside_scope']);
    expect(await all()).toBe(2);
    expect(await valuesOf(keep)).toMatchObject({ level: 'A' });
    sound(await rep.call('POST', records('/merge'), { keep, others: [other], values: { region: other } }));
    expect(await all()).toBe(1);
  });
});

/** Values as they are answered: people with their names. */
function shown(values: Values) {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [
      key,
      key === 'owner' ? expect.objectContaining({ id: value }) : value,
    ]),
  );
}
