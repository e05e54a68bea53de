import type { FormView } from '@lianke/shared/forms/definition';
import type { AppId, MemberId } from '@lianke/shared/ids';
import { type RecordQuery, recordQuery } from '@lianke/shared/records/query';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestEngine, type TestEngine, type TestTenant } from '../../../../test/support/engine.js';
import { codeOf } from '../../../kernel/database/database.js';
import { tenantName } from '../../../kernel/database/ident.js';
import type { FormMeta } from '../../forms/form-meta.js';
import { FormRegistry } from '../../forms/form-registry.js';
import { ViewsService } from '../../forms/views.service.js';
import { OrgService } from '../../org/org.service.js';
import { DashboardsService } from '../../reports/dashboards.service.js';
import { RecordReader } from '../record-reader.js';
import { ScopeBuilder } from '../scope-builder.js';
import { listSql, totalSql } from '../sql/query-sql.js';
import { chooseIndexes, maxIndexes } from './choose-indexes.js';
import { IndexDemand } from './index-demand.js';
import { IndexKeeper, indexedFromRows } from './index-keeper.js';
import { listShape } from './index-shape.js';

let engine: TestEngine;
let tenant: TestTenant;
let appId: AppId;
let customers: FormView;
let form: FormMeta;

const select = (key: string, ids: string[]) => ({
  key,
  name: key,
  type: 'select' as const,
  config: { options: ids.map((id) => ({ id, label: id })) },
});

beforeAll(async () => {
  engine = await createTestEngine();
  tenant = await engine.tenant('acme');
  appId = await tenant.app();
  customers = await tenant.form({
    appId,
    key: 'customer',
    name: '客户',
    fields: [
      { key: 'name', name: '名称', type: 'text' },
      { key: 'other', name: '别名', type: 'text' },
      select('channel', ['展会', '官网', '电话', '转介绍']),
      select('grade', ['A', 'B', 'C']),
      { key: 'amount', name: '金额', type: 'money' },
      { key: 'signed', name: '签约', type: 'date' },
      { key: 'tags', name: '标签', type: 'tags' },
      { key: 'note', name: '备注', type: 'longText' },
    ],
  });
  form = await engine.get(FormRegistry).form(await tenant.ctx(), customers.id);
  await fill(indexedFromRows + 1000);
});
afterAll(() => engine.close());
beforeEach(() =>
  inTenant('DELETE FROM lianke.index_demand', 'DELETE FROM lianke.view', 'DELETE FROM lianke.dashboard'),
);

const column = (key: string) => form.field(key)?.column ?? '';
const ids = (...keys: string[]) => keys.map((key) => form.field(key)?.id ?? '');
const keeper = () => engine.get(IndexKeeper);

/** Rows that spread evenly over all values, as the tenant's own statements. */
async function fill(rows: number): Promise<void> {
  await inTenant(
    `INSERT INTO ${form.table} (id, owner_id, created_at, updated_at, ${column('name')}, ${column('channel')}, ${column('grade')}, ${column('amount')}, ${column('tags')})
     SELECT gen_random_uuid(), gen_random_uuid(), now() - n * interval '1 minute', now(), 'name ' || n,
       (ARRAY['展会','官网','电话','转介绍'])[1 + n % 4], (ARRAY['A','B','C'])[1 + n % 3], n % 1000, ARRAY['t' || n % 50]
     FROM generate_series(1, ${rows}) n`,
  );
  await engine.kernel.database.asOwner((client) => client.query(`ANALYZE ${form.table}`));
}

async function inTenant(...statements: string[]): Promise<void> {
  await engine.kernel.database.withTenant({ tenantId: tenant.id }, async (tx) => {
    for (const statement of statements) await tx.run(statement);
  });
}

/** Chosen indexes of the table: name → definition. */
async function made(): Promise<Map<string, string>> {
  const { rows } = await engine.kernel.database.asOwner((client) =>
    client.query(
      `SELECT c.relname AS name, pg_get_indexdef(c.oid) || CASE WHEN x.indisvalid THEN '' ELSE ' INVALID' END AS definition
       FROM pg_index x JOIN pg_class c ON c.oid = x.indexrelid
       WHERE x.indrelid = '${form.table}'::regclass AND c.relname LIKE 'x\\_%'`,
    ),
  );
  return new Map(rows.map((row) => [row.name as string, row.definition as string]));
}

/** The plan of the very statement a page is read with. */
async function planOf(query: Partial<RecordQuery>, member?: MemberId): Promise<string> {
  const ctx = await tenant.ctx(member ?? tenant.admin);
  const scope = await engine.get(ScopeBuilder).of(ctx);
  const list = listSql(form, recordQuery.parse(query), form.fields, scope);
  const rows = await engine.kernel.database.withTenant(ctx, (tx) =>
    tx.sql<{ 'QUERY PLAN': string }>(`EXPLAIN ${list.text}`, list.values),
  );
  return rows.map((row) => row['QUERY PLAN']).join('\n');
}

const due = async () =>
  engine.kernel.database.withTenant({ tenantId: tenant.id }, (tx) =>
    tx.sql('SELECT 1 FROM lianke.index_check WHERE due_at <= clock_timestamp()'),
  );

const twoFilters = {
  and: [
    { field: 'channel', op: 'eq' as const, value: '展会' },
    { field: 'grade', op: 'eq' as const, value: 'A' },
  ],
};
const byAmount = [{ field: 'amount', dir: 'desc' as const }];
const view = { name: '大客户', type: 'grid' as const, columns: [], shared: true };

describe('indexes that views, dashboards and queries ask for', () => {
  it('a saved view gets an index that its page is read from in order, and loses it with the view', async () => {
    const ctx = await tenant.ctx();
    await inTenant(`UPDATE lianke.index_check SET due_at = clock_timestamp() + interval '1 hour'`);
    const saved = await engine
      .get(ViewsService)
      .create(ctx, customers.id, { ...view, filter: twoFilters, sort: byAmount });
    expect(await due()).toHaveLength(1);
    await keeper().tend(tenant.id);
    const [[name, definition]] = [...(await made())] as [[string, string]];
    const equal = ids('channel', 'grade')
      .sort()
      .map((id) => form.field(id)?.column.slice(1, -1));
    expect(definition).toContain(
      `(${equal.join(', ')}, ${column('amount').slice(1, -1)} DESC NULLS LAST, id) WHERE (deleted_at IS NULL)`,
    );
    const plan = await planOf({ filter: twoFilters, sort: byAmount });
    expect(plan).toContain(name);
    expect(plan).not.toContain('Sort');
    await engine.get(ViewsService).remove(ctx, customers.id, saved.id);
    expect(await due()).toHaveLength(1);
    await keeper().tend(tenant.id);
    expect(await made()).toEqual(new Map());
  });

  it('a page sorted by pinyin or by the order of options is read from its index', async () => {
    for (const field of ['name', 'grade']) {
      const sort = [{ field, dir: 'asc' as const }];
      await engine.get(ViewsService).create(await tenant.ctx(), customers.id, { ...view, sort });
      await keeper().tend(tenant.id);
      const plan = await planOf({ sort });
      expect(plan).toMatch(/Index Scan using x_/);
      expect(plan).not.toContain('Sort');
    }
  });

  it('an index whose building broke off is made anew', async () => {
    await engine
      .get(ViewsService)
      .create(await tenant.ctx(), customers.id, { ...view, filter: twoFilters, sort: byAmount });
    await keeper().tend(tenant.id);
    const [name] = [...(await made()).keys()];
    // A unique index over repeating values breaks off and leaves its ruin behind, as any failed build does.
    await engine.kernel.database.asOwner(async (client) => {
      await client.query(`DROP INDEX ${tenantName(tenant.id)}.${name}`);
      const broken = client.query(`CREATE UNIQUE INDEX CONCURRENTLY ${name} ON ${form.table} (${column('grade')})`);
      expect(await broken.catch(codeOf)).toBe('23505');
    });
    expect((await made()).get(name ?? '')).toContain('INVALID');
    await keeper().tend(tenant.id);
    expect((await made()).get(name ?? '')).toMatch(/DESC NULLS LAST, id\) WHERE \(deleted_at IS NULL\)$/);
  });

  it('what is only asked often, without a view, gets its index too; asked rarely it does not', async () => {
    const ctx = await tenant.ctx();
    const demand = engine.get(IndexDemand);
    const ask = (query: Partial<RecordQuery>) =>
      engine.get(RecordReader).query(ctx, customers.id, recordQuery.parse(query));
    const rare = { filter: { field: 'signed', op: 'gte' as const, value: '2026-01-01' } };
    for (let time = 0; time < 12; time++)
      await ask({
        filter: { and: [...twoFilters.and].map((item) => ({ ...item, value: time % 2 ? 'A' : '展会' })) },
        sort: byAmount,
      });
    await ask(rare);
    await demand.tell();
    await keeper().tend(tenant.id);
    expect([...(await made()).values()]).toEqual([
      expect.stringMatching(`${column('amount').slice(1, -1)} DESC NULLS LAST, id\\)`),
    ]);
    expect(await planOf({ filter: twoFilters, sort: byAmount })).toMatch(/Index Scan using x_/);
    // A shape nobody asked for in 30 days is forgotten.
    await inTenant(`UPDATE lianke.index_demand SET seen_at = seen_at - interval '31 days'`);
    await keeper().tend(tenant.id);
    expect(await made()).toEqual(new Map());
  });

  it('a reader who sees only his own rows asks for an index of his own', async () => {
    const rep = await tenant.memberWith('小王', { [customers.id]: { actions: ['view'], scope: 'own' } });
    const ctx = await tenant.ctx(rep);
    for (let time = 0; time < 10; time++)
      await engine.get(RecordReader).query(ctx, customers.id, recordQuery.parse({ sort: byAmount }));
    await engine.get(IndexDemand).tell();
    await keeper().tend(tenant.id);
    const [[name, definition]] = [...(await made())] as [[string, string]];
    expect(definition).toContain('(owner_id, ');
    expect(await planOf({ sort: byAmount }, rep)).toContain(name);
  });

  it('a reader of his department’s rows and his own gets page and count without the table', async () => {
    const grant = { actions: ['view' as const], scope: 'department' as const };
    const leader = await tenant.memberWith('组长', { [customers.id]: grant });
    const department = await engine.get(OrgService).createDepartment({ tenantId: tenant.id }, { name: '一部' });
    await inTenant(
      `INSERT INTO lianke.department_member (tenant_id, department_id, member_id) VALUES ('${tenant.id}', '${department}', '${leader}')`,
      `UPDATE lianke.tenant SET access_version = access_version + 1`,
      `UPDATE ${form.table} SET dept_id = '${department}' WHERE random() < 0.5`,
    );
    const query = { filter: { field: 'channel', op: 'eq' as const, value: '展会' }, sort: byAmount };
    const ctx = await tenant.ctx(leader);
    for (let time = 0; time < 10; time++)
      await engine.get(RecordReader).query(ctx, customers.id, recordQuery.parse(query));
    await engine.get(IndexDemand).tell();
    await keeper().tend(tenant.id);
    const definition = [...(await made()).values()].join();
    expect(definition).toMatch(/DESC NULLS LAST, id, dept_id, owner_id\) WHERE \(deleted_at IS NULL\)$/);
    const scope = await engine.get(ScopeBuilder).of(ctx);
    const count = totalSql(form, recordQuery.parse(query), scope);
    const plan = await engine.kernel.database.asOwner((client) =>
      client.query(`EXPLAIN ${count.text}`, [...count.values]),
    );
    expect(JSON.stringify(plan.rows)).toContain('Index Only Scan using x_');
  });

  it('widgets ask: a list for its order, a chart for an index that answers without the table', async () => {
    const place = { x: 0, y: 0, w: 6, h: 6 };
    await engine.get(DashboardsService).create(await tenant.ctx(), {
      appId,
      name: '销售',
      definition: {
        widgets: [
          {
            id: 'pie',
            title: '',
            formId: customers.id,
            place,
            type: 'pie',
            dimension: { field: 'channel' },
            measure: { fn: 'sum', field: 'amount' },
            limit: 20,
          },
          {
            id: 'hot',
            title: '',
            formId: customers.id,
            place,
            type: 'list',
            columns: ['name'],
            filter: { field: 'tags', op: 'hasAny', value: ['t1'] },
            sort: byAmount,
            limit: 20,
          },
        ],
      },
    });
    await keeper().tend(tenant.id);
    const definitions = [...(await made()).values()].map((text) => text.replace(/^.* USING /, '')).sort();
    expect(definitions).toEqual(
      [
        `btree (${column('channel')}, ${column('amount')}) WHERE (deleted_at IS NULL)`,
        `btree (${column('amount')} DESC NULLS LAST, id) WHERE (deleted_at IS NULL)`,
        `gin (${column('tags')}) WHERE (deleted_at IS NULL)`,
      ]
        .map((text) => text.replaceAll('"', ''))
        .sort(),
    );
  });

  it('what was just written does not send totals to the table for long: large tables are vacuumed early', async () => {
    const options = () =>
      engine.kernel.database.asOwner(async (client) => {
        const { rows } = await client.query('SELECT reloptions FROM pg_class WHERE oid = $1::regclass', [form.table]);
        return rows[0]?.reloptions;
      });
    await engine.kernel.database.asOwner((client) =>
      client.query(`ALTER TABLE ${form.table} RESET (
      autovacuum_vacuum_insert_threshold, autovacuum_vacuum_insert_scale_factor, autovacuum_vacuum_scale_factor)`),
    );
    expect(await options()).toBeNull();
    await keeper().tend(tenant.id);
    const set = await options();
    expect(set).toEqual([
      'autovacuum_vacuum_insert_threshold=1000',
      'autovacuum_vacuum_insert_scale_factor=0.002',
      'autovacuum_vacuum_scale_factor=0.05',
    ]);
    // What a database administrator thinks better stands.
    await engine.kernel.database.asOwner((client) =>
      client.query(`ALTER TABLE ${form.table} SET (autovacuum_vacuum_scale_factor = 0.5)`),
    );
    await keeper().tend(tenant.id);
    expect(await options()).toContain('autovacuum_vacuum_scale_factor=0.5');
  });

  it('a small table keeps none', async () => {
    const small = await tenant.form({
      appId,
      key: 'small',
      name: '小表',
      fields: [{ key: 'n', name: 'n', type: 'number' }],
    });
    await engine
      .get(ViewsService)
      .create(await tenant.ctx(), small.id, { ...view, sort: [{ field: 'n', dir: 'desc' }] });
    await keeper().tend(tenant.id);
    expect(await made()).toEqual(new Map());
    const { rows } = await engine.kernel.database.asOwner((client) =>
      client.query(
        `SELECT 1 FROM pg_indexes WHERE tablename = 'f_${small.id.replaceAll('-', '')}' AND indexname LIKE 'x\\_%'`,
      ),
    );
    expect(rows).toEqual([]);
  });

  it('a second worker leaves the tenant to the first', async () => {
    await engine.kernel.database.asOwner(async (client) => {
      const lock = `hashtextextended('lianke indexes ${tenant.id}', 0)`;
      await client.query(`SELECT pg_advisory_lock(${lock})`);
      await expect(keeper().tend(tenant.id)).rejects.toThrow('another worker');
      await client.query(`SELECT pg_advisory_unlock(${lock})`);
    });
    await keeper().tend(tenant.id);
  });
});

describe('choosing', () => {
  const choose = (...queries: Parameters<typeof listShape>[1][]) =>
    chooseIndexes(
      form,
      queries.map((query) => ({ shape: listShape(form, query), weight: 1 })),
    ).map((one) => one.body);

  it('asks for nothing that every table has', () => {
    expect(choose({})).toEqual([]);
    expect(choose({ filter: { field: 'owner', op: 'eq', value: { me: true } } })).toEqual([]);
  });

  it('makes one index of two where one includes the other, and twelve at most', () => {
    const narrow = { sort: byAmount };
    const wide = { filter: { field: 'signed', op: 'gte' as const, value: '2026-01-01' }, sort: byAmount };
    expect(choose(narrow, wide)).toEqual([
      `(${column('amount')} DESC NULLS LAST, id, ${column('signed')}) WHERE deleted_at IS NULL`,
      `(${column('signed')}) WHERE deleted_at IS NULL`,
    ]);
    const many = ['name', 'channel', 'grade', 'amount', 'signed', 'updatedAt', 'createdAt'].flatMap((field) =>
      (['asc', 'desc'] as const).map((dir) => ({ sort: [{ field, dir }] })),
    );
    expect(choose(...many)).toHaveLength(maxIndexes);
  });

  it('never puts into a btree what could make it refuse a row', () => {
    expect(
      choose({
        sort: [
          { field: 'name', dir: 'asc' },
          { field: 'other', dir: 'asc' },
        ],
      }),
    ).toEqual([]);
    expect(choose({ sort: [{ field: 'note', dir: 'asc' }] })).toEqual([]);
  });

  it('sees nothing to use under or, not, and across relations', () => {
    const one = { field: 'grade', op: 'eq' as const, value: 'A' };
    expect(choose({ filter: { or: [one, { field: 'amount', op: 'gt', value: 1 }] } })).toEqual([]);
    expect(choose({ filter: { not: one } })).toEqual([]);
  });
});
