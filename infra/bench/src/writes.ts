import pg from 'pg';
import { Api } from './api.js';
import { automationRows } from './rows/automation.js';
import { createRows } from './rows/create.js';
import { Section } from './section.js';

// Rows about writing; run twice, on this machine's disk and on one whose flushes take 2 ms longer.
const section = new Section(process.env.BENCH_DISK ?? '写入', '裸 node:http，同样的语句');

const api = await Api.logIn();
const pool = new pg.Pool({ connectionString: process.env.BENCH_DATABASE_URL, max: 2 });
const me = await api.call<{ member: { id: string } }>('GET', '/me');
const tenant = await pool.query<{ id: string }>(`SELECT tenant_id AS id FROM lianke.tenant WHERE key = 'demo'`);
const bench = {
  api,
  pool,
  origin: new URL(process.env.BENCH_URL ?? ''),
  headers: api.headers,
  member: { id: me.member.id, tenantId: tenant.rows[0]?.id ?? '' },
  note: section.note.bind(section),
};
await createRows(bench);
await automationRows(bench);
await pool.end();
section.write();
