import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { Api } from './api.js';
import { latency, rate, timed } from './measure.js';

const total = 100_000;
const chunk = 1000;
const callers = 16;
const seconds = 5;
const ledger = fileURLToPath(new URL('../../../server/assets/demo/客户台账.xlsx', import.meta.url));
const report = fileURLToPath(new URL('../last.md', import.meta.url));

interface Row {
  work: string;
  lianke: string;
  raw: string;
  ratio: string;
  reach: string;
}

interface Form {
  id: string;
  fields: { id: string; key: string }[];
}

const channels = ['官网', '展会', '转介绍', '电话', '广告', '门店', '公众号', '其他'];
const cities = ['杭州', '上海', '北京', '深圳', '成都', '武汉', '西安'];
const trades = ['软件', '制造', '贸易', '教育', '医疗'];

/** One customer; the same number always makes the same. */
function customer(index: number): Record<string, string> {
  const mixed = (index * 2_654_435_761) % 4_294_967_296;
  return {
    name: `${cities[mixed % 7]}${trades[mixed % 5]}客户${index}`,
    channel: channels[mixed % 8] ?? '其他',
    grade: ['A', 'B', 'C'][mixed % 3] ?? 'A',
    amount: String((mixed % 1_000_000) / 100),
    signed: `2026-${String((mixed % 12) + 1).padStart(2, '0')}-${String((mixed % 28) + 1).padStart(2, '0')}`,
    phone: `138${String(index).padStart(8, '0')}`,
    note: `第 ${index} 个客户的备注`,
  };
}
const keys = Object.keys(customer(0));
const kinds = ['text', 'text', 'text', 'numeric', 'date', 'text', 'text'];

const api = await Api.logIn();
const pool = new pg.Pool({ connectionString: process.env.BENCH_DATABASE_URL, max: callers });
const rows: Row[] = [];

/** Notes a row of the table; `higher` says whether more is better, so that a ratio above 1 is always in our favour or not. */
function note(work: string, lianke: number, raw: number | undefined, unit: string, reach: string): void {
  const text = (value: number) => `${value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(2)} ${unit}`;
  const ratio =
    raw === undefined
      ? ''
      : unit === 'ms' || unit === 's'
        ? `${(lianke / raw).toFixed(2)} ×`
        : `${(lianke / raw).toFixed(2)}`;
  rows.push({ work, lianke: text(lianke), raw: raw === undefined ? '–' : text(raw), ratio, reach });
  console.log(`${work}: ${text(lianke)}${raw === undefined ? '' : ` (raw ${text(raw)}, ${ratio})`}`);
}

const app = await api.call<{ id: string }>('POST', '/apps', { name: '压测' });
const form = await api.call<Form>('POST', '/forms', {
  appId: app.id,
  key: 'bench',
  name: '客户',
  fields: [
    { key: 'name', name: '客户名称', type: 'text', rules: { required: true } },
    {
      key: 'channel',
      name: '来源渠道',
      type: 'select',
      config: { options: channels.map((id) => ({ id, label: id })) },
    },
    {
      key: 'grade',
      name: '分级',
      type: 'select',
      config: { options: ['A', 'B', 'C'].map((id) => ({ id, label: id })) },
    },
    { key: 'amount', name: '金额', type: 'money' },
    { key: 'signed', name: '签约日期', type: 'date' },
    { key: 'phone', name: '电话', type: 'text' },
    { key: 'note', name: '备注', type: 'longText' },
  ],
});
const records = `/forms/${form.id}/records`;
const tenant = await pool.query<{ id: string }>(`SELECT tenant_id AS id FROM lianke.form WHERE id = $1`, [form.id]);
const schema = `t_${(tenant.rows[0]?.id ?? '').replaceAll('-', '')}`;
const column = (key: string) => form.fields.find((field) => field.key === key)?.id ?? '';
const found = await pool.query<{ name: string; column: string }>(
  `SELECT table_name AS name, column_name AS column FROM information_schema.columns WHERE table_schema = $1 AND column_name LIKE '%' || $2`,
  [schema, column('name').replace(/^f_/, '')],
);
const table = `"${schema}"."${found.rows[0]?.name}"`;
const prefix = (found.rows[0]?.column ?? '').replace(column('name').replace(/^f_/, ''), '');
const at = (key: string) => `"${prefix}${column(key).replace(/^f_/, '')}"`;

await pool.query('CREATE SCHEMA bench_raw');
await pool.query(
  `CREATE TABLE bench_raw.customer (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), ${keys.map((key, index) => `"${key}" ${kinds[index]}`).join(', ')}, created_at timestamptz NOT NULL DEFAULT now())`,
);
await pool.query('CREATE INDEX ON bench_raw.customer (created_at DESC, id)');
const insertRaw = (from: number, count: number) => {
  const made = Array.from({ length: count }, (_, index) => customer(from + index));
  return pool.query(
    `INSERT INTO bench_raw.customer (${keys.map((key) => `"${key}"`).join(', ')}) SELECT * FROM unnest(${keys.map((_, index) => `$${index + 1}::${kinds[index]}[]`).join(', ')})`,
    keys.map((key) => made.map((row) => row[key])),
  );
};

async function importLedger(): Promise<void> {
  const home = await api.call<{ app: { id: string } }>('POST', '/app-templates/crm/install', {});
  const file = new FormData();
  file.set('file', new Blob([readFileSync(ledger)]), '客户台账.xlsx');
  let draft = { id: '', state: '' };
  const preview = await timed(async () => {
    draft = await api.call('POST', `/imports?appId=${home.app.id}`, file);
  });
  note('导入 客户台账.xlsx：预览', preview, undefined, 's', '≤ 2 s');
  const run = await timed(async () => {
    await api.call('POST', `/imports/${draft.id}/start`, {});
    do {
      await new Promise((resume) => setTimeout(resume, 50));
      draft = await api.call('GET', `/imports/${draft.id}`);
    } while (draft.state === 'running');
  });
  if (draft.state !== 'done') throw new Error(`the import ended as ${draft.state}`);
  note('导入 客户台账.xlsx：写入', run, undefined, 's', '≤ 3 s');
}

/** What the reads run on; how fast writing is, `writes.ts` measures. */
async function load(): Promise<void> {
  let next = 0;
  const each = async (write: (from: number) => Promise<unknown>) => {
    while (next < total) {
      const from = next;
      next += chunk;
      await write(from);
    }
  };
  for (const write of [createChunk, (from: number) => insertRaw(from, chunk)]) {
    next = 0;
    await Promise.all(Array.from({ length: 4 }, () => each(write)));
  }
}

function createChunk(from: number): Promise<unknown> {
  const create = Array.from({ length: chunk }, (_, index) => ({ values: customer(from + index) }));
  return api.call('POST', `${records}/batch`, { create });
}

async function reads(): Promise<void> {
  await pool.query(`ANALYZE ${table}`);
  await pool.query('ANALYZE bench_raw.customer');
  const filter = {
    and: [
      { field: 'channel', op: 'eq', value: '展会' },
      { field: 'grade', op: 'eq', value: 'A' },
    ],
  };
  const query = { filter, sort: [{ field: 'createdAt', dir: 'desc' }], limit: 50 };
  const where = `${at('channel')} = '展会' AND ${at('grade')} = 'A' AND deleted_at IS NULL`;
  const list = await rate(callers, seconds, () => api.call('POST', `${records}/query`, query));
  const rawList = await rate(callers, seconds, async () => {
    await pool.query(`SELECT * FROM ${table} WHERE ${where} ORDER BY created_at DESC, id DESC LIMIT 50`);
    await pool.query(`SELECT count(*) FROM (SELECT 1 FROM ${table} WHERE ${where} LIMIT 10001) t`);
  });
  note('列表 50 条 + 总数，两个条件、排序（10 万条，16 路）', list, rawList, '/s', '≥ 1,000，≥ 1/2');
  const count = { groupBy: [{ field: 'channel' }], metrics: [{ fn: 'count', as: 'n' }] };
  const counted = await latency(30, () => api.call('POST', `${records}/aggregate`, count));
  const rawCounted = await latency(30, () =>
    pool.query(`SELECT ${at('channel')}, count(*) FROM ${table} WHERE deleted_at IS NULL GROUP BY 1 ORDER BY 2 DESC`),
  );
  note('按渠道计数 p50', counted.p50, rawCounted.p50, 'ms', '≤ 1.5 ×');
  const sum = { groupBy: [{ field: 'signed', unit: 'month' }], metrics: [{ fn: 'sum', field: 'amount', as: 's' }] };
  const summed = await latency(30, () => api.call('POST', `${records}/aggregate`, sum));
  const rawSummed = await latency(30, () =>
    pool.query(
      `SELECT date_trunc('month', ${at('signed')}), sum(${at('amount')}) FROM ${table} WHERE deleted_at IS NULL GROUP BY 1 ORDER BY 1`,
    ),
  );
  note('按月合计 p50', summed.p50, rawSummed.p50, 'ms', '≤ 1.5 ×');
  let searched = 0;
  const words = ['教育', '武汉', '软件', '客户'];
  const search = await latency(40, () =>
    api.call('POST', `${records}/query`, { search: words[searched++ % words.length], limit: 20, total: false }),
  );
  note('两个字的搜索 p95（10 万条）', search.p95, undefined, 'ms', '≤ 10 ms');
}

await importLedger();
await load();
await reads();
await pool.end();

const memory = process.env.BENCH_SERVER_PID ? memoryOf(process.env.BENCH_SERVER_PID) : undefined;
const table_ = [
  '| 工作 | 联客 | 直接 PostgreSQL | 比 | 目标 |',
  '|---|---|---|---|---|',
  ...rows.map((row) => `| ${row.work} | ${row.lianke} | ${row.raw} | ${row.ratio} | ${row.reach} |`),
].join('\n');
console.log(`\n${table_}`);
writeFileSync(
  report,
  `# npm run bench\n\n${cpus().length} × ${cpus()[0]?.model ?? ''}, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.versions.node}${memory ? `; server ${memory} MB after the run` : ''}\n\n${table_}\n`,
);

/** Resident megabytes of a process; undefined where /proc is missing. */
function memoryOf(pid: string): number | undefined {
  try {
    const kb = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kb ? Math.round(Number(kb) / 1024) : undefined;
  } catch {
    return undefined;
  }
}
