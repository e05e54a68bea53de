import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { Api } from './api.js';
import { automationRows } from './rows/automation.js';
import { createRows } from './rows/create.js';

// Rows about writing; run twice, on this machine's disk and on one whose flushes take 2 ms longer.
const report = fileURLToPath(new URL('../last.md', import.meta.url));
const title = process.env.BENCH_DISK ?? '写入';
const lines: string[] = [];

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
  note: (work: string, lianke: number, compared: number | undefined, unit: string, reach: string) => {
    const text = (value: number) => `${Math.round(value).toLocaleString('en')} ${unit}`;
    const other = compared === undefined ? '–' : text(compared);
    const ratio = compared === undefined ? '' : (lianke / compared).toFixed(2);
    lines.push(`| ${work} | ${text(lianke)} | ${other} | ${ratio} | ${reach} |`);
    console.log(`${title} ${work}: ${text(lianke)} (thin ${other}, ${ratio})`);
  },
};
await createRows(bench);
await automationRows(bench);
await pool.end();

// An earlier run's section of the same name gives way.
const parts = readFileSync(report, 'utf8')
  .split('\n## ')
  .map((part) => part.trimEnd())
  .filter((part) => !part.startsWith(`${title}\n`));
// What else ran makes the figures smaller; the ratios are taken in turns and stand.
const load = `平均负载 ${loadavg()[0]?.toFixed(0)}，${cpus().length} 核`;
const head = '| 工作 | 联客 | 裸 node:http，同样的语句 | 比 | 目标 |\n|---|---|---|---|---|';
writeFileSync(report, `${[...parts, `${title}\n\n${load}\n\n${head}\n${lines.join('\n')}`].join('\n\n## ')}\n`);
