import type { FormView } from '@lianke/shared/forms/definition';
import { type RecordQuery, recordQuery } from '@lianke/shared/records/query';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestEngine, type TestEngine, type TestTenant } from '../../../test/support/engine.js';
import type { FormMeta } from '../forms/form-meta.js';
import { FormRegistry } from '../forms/form-registry.js';
import { GramFrequencies, together } from './gram-frequencies.js';
import { RecordReader } from './record-reader.js';
import { RecordWriter } from './record-writer.js';
import { ScopeBuilder } from './scope-builder.js';
import { listSql } from './sql/query-sql.js';

let engine: TestEngine;
let tenant: TestTenant;
let customers: FormView;
let form: FormMeta;

beforeAll(async () => {
  engine = await createTestEngine();
  tenant = await engine.tenant('acme');
  customers = await tenant.form({
    appId: await tenant.app(),
    key: 'customer',
    name: '客户',
    fields: [{ key: 'name', name: '名称', type: 'text' }],
  });
  const ctx = await tenant.ctx();
  form = await engine.get(FormRegistry).form(ctx, customers.id);
  await engine.get(RecordWriter).write(ctx, {
    formId: customers.id,
    op: 'create',
    rows: Array.from({ length: 600 }, (_, n) => ({ values: { name: n === 7 ? '庙堂' : `杭州软件${n}` } })),
  });
  await engine.kernel.database.asOwner((client) => client.query(`ANALYZE ${form.table}`));
});
afterAll(() => engine.close());

const frequent = async (search: string) => engine.get(GramFrequencies).frequent(await tenant.ctx(), form, search);
const find = async (query: Partial<RecordQuery>) =>
  engine.get(RecordReader).query(await tenant.ctx(), customers.id, recordQuery.parse(query));

it('knows frequent words, by characters and by initials, from rare and absent ones', async () => {
  expect(await Promise.all(['软件', '杭州软', 'hz', '庙堂', '没有', 'mt'].map(frequent))).toEqual([
    true,
    true,
    true,
    false,
    false,
    false,
  ]);
});

it('takes the grams of one word for what they are: together as often as the rarest, or nearly so', () => {
  expect(together([0.5])).toBe(0.5);
  expect(together([0.04, 0.04, 0.04, 0.04])).toBeGreaterThan(0.002);
  expect(together([0.25, 0.04])).toBeCloseTo(0.02);
  expect(together([0.5, 0, 0.5])).toBe(0);
});

it('a word that nobody wrote is looked for by its grams, not through the whole table', async () => {
  const ctx = await tenant.ctx();
  const scope = await engine.get(ScopeBuilder).of(ctx);
  const list = listSql(form, recordQuery.parse({ search: '没有' }), form.fields, scope, true);
  const plan = await engine.kernel.database.withTenant(ctx, async (tx) => {
    // A table this small is read whole; a large one is not.
    await tx.run('SET LOCAL enable_seqscan = off');
    return tx.sql<{ 'QUERY PLAN': string }>(`EXPLAIN ${list.text}`, list.values);
  });
  expect(plan.map((row) => row['QUERY PLAN']).join('\n')).toMatch(/_grams/);
});

it('finds the same, in the same order and with pages, whether frequent or rare', async () => {
  expect(await find({ search: '没有' })).toMatchObject({ items: [], total: 0, cursor: null });
  const rare = await find({ search: '庙堂', sort: [{ field: 'name', dir: 'asc' }] });
  expect(rare).toMatchObject({ total: 1, items: [{ label: '庙堂' }] });
  const common = await find({ search: '软件', limit: 3 });
  expect(common.total).toBe(599);
  // Rare as a whole, though each of its grams is written often.
  const first = await find({ search: '软件1', sort: [{ field: 'name', dir: 'desc' }], limit: 3 });
  const second = await find({
    search: '软件1',
    sort: [{ field: 'name', dir: 'desc' }],
    limit: 3,
    cursor: first.cursor ?? '',
  });
  const all = [...first.items, ...second.items].map((item) => item.label);
  expect(all).toEqual([...new Set(all)].sort().reverse());
  expect(all).toHaveLength(6);
});
