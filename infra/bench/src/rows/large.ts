import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { latency, timed } from '../measure.js';
import { dashboardRows } from './dashboard.js';
import { listRow, readRows } from './list.js';
import type { ReadBench } from './read-bench.js';
import { settled } from './settled.js';

const rows = 1_000_000;
/** Half of the rows are spread over everybody, half belong to a few: some people own tens of thousands. */
const people = 10_000;
const few = 40;
const departments = 500;
/** Departments and people below the one whose leader reads. */
const below = { departments: departments / 2, people: people / 2 };

/** `npm run bench -- --large`: reads over a million rows, copied in the database from those already there. */
export async function largeRows(bench: ReadBench): Promise<void> {
  const { pool, table, records, api, at, note } = bench;
  const owners = Array.from({ length: people }, () => randomUUID());
  const parts = Array.from({ length: departments }, () => randomUUID());
  const area = await companyOf(bench, owners, parts);
  const { rows: columns } = await pool.query<{ name: string }>(
    `SELECT quote_ident(attname) AS name FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attname LIKE 'c\\_%'`,
    [table],
  );
  const copied = ['search_grams', 'updated_at', ...columns.map((column) => column.name)].join(', ');
  const { rows: have } = await pool.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${table}`);
  const loaded = await timed(async () => {
    const times = Math.ceil(rows / (have[0]?.n ?? rows)) - 1;
    await pool.query(
      `INSERT INTO ${table} (id, owner_id, dept_id, created_at, ${copied})
       SELECT gen_random_uuid(), ($1::uuid[])[who], ($2::uuid[])[1 + who % ${departments}],
         created_at - random() * interval '700 days', ${copied}
       FROM (SELECT *, 1 + (random() * (CASE WHEN random() < 0.5 THEN ${few} ELSE ${people} END - 1))::int AS who
         FROM ${table} CROSS JOIN generate_series(1, $3)) r`,
      [owners, parts, times],
    );
    await pool.query(`VACUUM (ANALYZE) ${table}`);
  });
  console.log(`a million rows stand after ${loaded.toFixed(0)} s`);
  await listRow(bench, '100 万条');
  await readRows(bench, '100 万条', '≤ 100 ms');
  await dashboardRows(bench, '100 万条');

  const filter = {
    and: [
      { field: 'channel', op: 'eq', value: '展会' },
      { field: 'amount', op: 'gte', value: '1000' },
    ],
  };
  const query = { filter, sort: [{ field: 'signed', dir: 'desc' }], limit: 50 };
  const whole = () => api.call('POST', `${records}/query`, query);
  for (let time = 0; time < 15; time++) await whole();
  await settled(bench);
  const all = await latency(60, whole);
  note('列表 50 条，条件 + 排序（管理员，100 万条）p95', all.p95, undefined, 'ms', '≤ 300 ms');
  for (const [scope, name] of [
    ['own', '本人'],
    ['departmentAndBelow', `本部门及下级，${below.people.toLocaleString('en')} 人`],
  ] as const) {
    const reader = api.as(await readerWith(bench, scope, owners[0] ?? '', area));
    const asked = () => reader.call('POST', `${records}/query`, query);
    for (let time = 0; time < 15; time++) await asked();
    await settled(bench);
    const page = await latency(60, asked);
    const rowsOf = scope === 'own' ? 'owner_id = $1' : `(dept_id = ANY($2::uuid[]) OR owner_id = $1)`;
    const where = `deleted_at IS NULL AND ${rowsOf} AND ${at('channel')} = '展会' AND ${at('amount')} >= 1000`;
    const values = scope === 'own' ? [owners[0]] : [owners[0], parts.slice(0, below.departments)];
    const raw = await latency(60, async () => {
      await pool.query(
        `SELECT id, ${copied} FROM ${table} WHERE ${where} ORDER BY ${at('signed')} DESC NULLS LAST, id LIMIT 51`,
        values,
      );
      await pool.query(`SELECT count(*) FROM (SELECT 1 FROM ${table} WHERE ${where} LIMIT 10001) t`, values);
    });
    note(`列表 50 条，条件 + 排序 + 数据范围（${name}，100 万条）p95`, page.p95, raw.p95, 'ms', '≤ 100 ms，≤ 2 ×');
    note(`同上：对管理员（${name}）`, page.p95, all.p95, 'ms', '≤ 1.3 ×');
  }
  let typed = 0;
  const starts = ['杭', '杭州', '杭州软', 'hz', 'hzrj', '1380', ''];
  const picker = await latency(70, () => {
    const search = starts[typed++ % starts.length];
    return api.call('POST', `${records}/query`, { limit: 20, total: false, fields: [], ...(search ? { search } : {}) });
  });
  note('关联选择框边输边找 p95（100 万条）', picker.p95, undefined, 'ms', '≤ 200 ms');
}

/** Everybody in his department, half of the departments below one. @returns that one's id */
async function companyOf({ pool, tenantId }: ReadBench, owners: string[], parts: string[]): Promise<string> {
  const area = randomUUID();
  const run = (text: string, values: unknown[]) => pool.query(text, [tenantId, ...values]);
  await run(
    `INSERT INTO lianke.department (tenant_id, id, name, parent_id) SELECT $1::uuid, $2::uuid, '大区', NULL::uuid
     UNION ALL SELECT $1::uuid, d, '部门 ' || n, CASE WHEN n <= $4::int THEN $2::uuid END FROM unnest($3::uuid[]) WITH ORDINALITY AS x(d, n)`,
    [area, parts, below.departments],
  );
  await run(
    `INSERT INTO lianke.department_closure (tenant_id, ancestor_id, descendant_id, depth) SELECT $1::uuid, $2::uuid, $2::uuid, 0
     UNION ALL SELECT $1::uuid, d, d, 0 FROM unnest($3::uuid[]) d
     UNION ALL SELECT $1::uuid, $2::uuid, d, 1 FROM unnest(($3::uuid[])[1:$4::int]) d`,
    [area, parts, below.departments],
  );
  await run(
    `INSERT INTO lianke.member (tenant_id, id, name) SELECT $1::uuid, m, '员工 ' || n FROM unnest($2::uuid[]) WITH ORDINALITY AS x(m, n)`,
    [owners],
  );
  await run(
    `INSERT INTO lianke.department_member (tenant_id, department_id, member_id)
     SELECT $1::uuid, ($3::uuid[])[1 + n % ${departments}], m FROM unnest($2::uuid[]) WITH ORDINALITY AS x(m, n)`,
    [owners, parts],
  );
  return area;
}

/** A token of a member whose one role sees this part of the form. */
async function readerWith(
  { pool, formId, tenantId }: ReadBench,
  scope: 'own' | 'departmentAndBelow',
  owner: string,
  department: string,
): Promise<string> {
  const token = randomBytes(24).toString('base64url');
  const [role, member] = [randomUUID(), scope === 'own' ? owner : randomUUID()];
  const permissions = { forms: { [formId]: { actions: ['view'], scope } } };
  const run = (text: string, values: unknown[]) => pool.query(text, [tenantId, ...values]);
  await run('INSERT INTO lianke.role (tenant_id, id, name, permissions) VALUES ($1, $2, $3, $4)', [
    role,
    scope,
    permissions,
  ]);
  await run('INSERT INTO lianke.member (tenant_id, id, name) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING', [
    member,
    scope,
  ]);
  await run('INSERT INTO lianke.role_member (tenant_id, role_id, member_id) VALUES ($1, $2, $3)', [role, member]);
  if (scope !== 'own') {
    await run('INSERT INTO lianke.department_member (tenant_id, department_id, member_id) VALUES ($1, $2, $3)', [
      department,
      member,
    ]);
  }
  await run(
    `INSERT INTO lianke.session (tenant_id, id, token_hash, member_id, channel, expires_at) VALUES ($1, $2, $3, $4, 'password', now() + interval '1 day')`,
    [randomUUID(), createHash('sha256').update(token).digest(), member],
  );
  await run('UPDATE lianke.tenant SET access_version = access_version + 1 WHERE tenant_id = $1', []);
  return token;
}
