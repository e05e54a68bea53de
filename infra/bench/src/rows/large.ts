import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { latency, timed } from '../measure.js';
import { listRow, readRows } from './list.js';
import type { ReadBench } from './read-bench.js';

const rows = 1_000_000;
const reps = 40;
const departments = 10;

/** `npm run bench -- --large`: reads over a million rows, copied in the database from those already there. */
export async function largeRows(bench: ReadBench): Promise<void> {
  const { pool, table, records, api, at, note } = bench;
  const owners = Array.from({ length: reps }, () => randomUUID());
  const parts = Array.from({ length: departments }, () => randomUUID());
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
       SELECT gen_random_uuid(), ($1::uuid[])[1 + (random() * ${reps - 1})::int], ($2::uuid[])[1 + (random() * ${departments - 1})::int],
         created_at - random() * interval '700 days', ${copied}
       FROM ${table} CROSS JOIN generate_series(1, $3)`,
      [owners, parts, times],
    );
    await pool.query(`VACUUM (ANALYZE) ${table}`);
  });
  console.log(`a million rows stand after ${loaded.toFixed(0)} s`);
  await listRow(bench, '100 万条');
  await readRows(bench, '100 万条', '≤ 100 ms');

  const filter = {
    and: [
      { field: 'channel', op: 'eq', value: '展会' },
      { field: 'amount', op: 'gte', value: '1000' },
    ],
  };
  const query = { filter, sort: [{ field: 'signed', dir: 'desc' }], limit: 50 };
  for (const [scope, name] of [
    ['own', '本人'],
    ['departmentAndBelow', '本部门'],
  ] as const) {
    const reader = api.as(await readerWith(bench, scope, owners[0] ?? '', parts[0] ?? ''));
    const asked = () => reader.call('POST', `${records}/query`, query);
    for (let time = 0; time < 15; time++) await asked();
    await settled(bench);
    const page = await latency(60, asked);
    const rowsOf = scope === 'own' ? 'owner_id = $1' : `(dept_id = ANY(ARRAY[$2::uuid]) OR owner_id = $1)`;
    const where = `deleted_at IS NULL AND ${rowsOf} AND ${at('channel')} = '展会' AND ${at('amount')} >= 1000`;
    const values = scope === 'own' ? [owners[0]] : [owners[0], parts[0]];
    const raw = await latency(60, async () => {
      await pool.query(
        `SELECT id, ${copied} FROM ${table} WHERE ${where} ORDER BY ${at('signed')} DESC NULLS LAST, id LIMIT 51`,
        values,
      );
      await pool.query(`SELECT count(*) FROM (SELECT 1 FROM ${table} WHERE ${where} LIMIT 10001) t`, values);
    });
    note(`列表 50 条，条件 + 排序 + 数据范围（${name}，100 万条）p95`, page.p95, raw.p95, 'ms', '≤ 100 ms，≤ 2 ×');
  }
  let typed = 0;
  const starts = ['杭', '杭州', '杭州软', 'hz', 'hzrj', '1380', ''];
  const picker = await latency(70, () => {
    const search = starts[typed++ % starts.length];
    return api.call('POST', `${records}/query`, { limit: 20, total: false, fields: [], ...(search ? { search } : {}) });
  });
  note('关联选择框边输边找 p95（100 万条）', picker.p95, undefined, 'ms', '≤ 100 ms');
}

/** Waits until no index is being built and the last look at what was asked for is over. */
async function settled({ pool, tenantId }: ReadBench): Promise<void> {
  const end = performance.now() + 180_000;
  for (let quiet = 0; quiet < 5 && performance.now() < end; ) {
    await new Promise((resume) => setTimeout(resume, 1000));
    const { rows: busy } = await pool.query(
      `SELECT 1 FROM pg_stat_activity WHERE state = 'active' AND query ~ '^(CREATE INDEX|VACUUM|DROP INDEX)'
       UNION ALL SELECT 1 FROM lianke.index_check WHERE tenant_id = $1 AND due_at <= clock_timestamp()`,
      [tenantId],
    );
    quiet = busy.length === 0 ? quiet + 1 : 0;
  }
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
  await run('INSERT INTO lianke.member (tenant_id, id, name) VALUES ($1, $2, $3)', [member, scope]);
  await run('INSERT INTO lianke.role_member (tenant_id, role_id, member_id) VALUES ($1, $2, $3)', [role, member]);
  if (scope !== 'own') {
    await run('INSERT INTO lianke.department (tenant_id, id, name) VALUES ($1, $2, $3)', [department, scope]);
    await run(
      'INSERT INTO lianke.department_closure (tenant_id, ancestor_id, descendant_id, depth) VALUES ($1, $2, $2, 0)',
      [department],
    );
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
