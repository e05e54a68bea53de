import { readFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { Api } from './api.js';
import { timed } from './measure.js';
import { keepHead, keepSection } from './report.js';
import { dashboardRows } from './rows/dashboard.js';
import { duplicateRow } from './rows/duplicates.js';
import { formulaFigures } from './rows/formulas.js';
import { exportLarge, importLarge, importMillion } from './rows/import-large.js';
import { largeRows } from './rows/large.js';
import { listRow, readRows } from './rows/list.js';
import { publicFormRow } from './rows/public-form.js';
import type { ReadBench } from './rows/read-bench.js';

const total = 100_000;
const chunk = 1000;
const ledger = fileURLToPath(new URL('../../../server/assets/demo/客户台账.xlsx', import.meta.url));

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

const api = await Api.logIn();
const pool = new pg.Pool({ connectionString: process.env.BENCH_DATABASE_URL, max: 16 });
const rows: Row[] = [];

/** Notes a row of the table; `base`: what the ratio is to. */
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
const tenantId = tenant.rows[0]?.id ?? '';
const schema = `t_${tenantId.replaceAll('-', '')}`;
const column = (key: string) => form.fields.find((field) => field.key === key)?.id ?? '';
const found = await pool.query<{ name: string; column: string }>(
  `SELECT table_name AS name, column_name AS column FROM information_schema.columns WHERE table_schema = $1 AND column_name LIKE '%' || $2`,
  [schema, column('name').replace(/^f_/, '')],
);
const table = `"${schema}"."${found.rows[0]?.name}"`;
const prefix = (found.rows[0]?.column ?? '').replace(column('name').replace(/^f_/, ''), '');
const at = (key: string) => `"${prefix}${column(key).replace(/^f_/, '')}"`;

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
  await Promise.all(
    Array.from({ length: 4 }, async () => {
      while (next < total) {
        const from = next;
        next += chunk;
        await createChunk(from);
      }
    }),
  );
}

function createChunk(from: number): Promise<unknown> {
  const create = Array.from({ length: chunk }, (_, index) => ({ values: customer(from + index) }));
  return api.call('POST', `${records}/batch`, { create });
}

const readBench = (): ReadBench => ({
  ...{ api, pool, records, appId: app.id, formId: form.id, tenantId, table, at, note },
});

async function reads(): Promise<void> {
  await pool.query(`ANALYZE ${table}`);
  const bench = readBench();
  await listRow(bench, '10 万条');
  await readRows(bench, '10 万条', '≤ 10 ms');
  await dashboardRows(bench, '10 万条');
  if (process.argv.includes('--large')) await largeRows(bench);
}

async function duplicates(): Promise<void> {
  const known = (index: number) => {
    const { name = '', phone = '' } = customer(index);
    return { name, phone };
  };
  await duplicateRow(readBench(), '10 万条', known);
  await publicFormRow(readBench(), '10 万条');
}

/** Only the reads over a million rows. */
async function largeReads(): Promise<void> {
  await load();
  await pool.query(`ANALYZE ${table}`);
  await largeRows(readBench());
}

async function importMany(): Promise<void> {
  const large = await importLarge(api, app.id, pool);
  const name = '导入 10 万行 × 20 列，两个关联';
  note(`${name}：预览`, large.previewSeconds, undefined, 's', '');
  note(`${name}：预览 + 写入`, large.previewSeconds + large.writeSeconds, large.rawSeconds, 's', '≤ 10 s，≤ 4 ×');
  if (large.growth !== undefined) note(`${name}：内存增长`, large.growth, undefined, 'MB', '≤ 300 MB');
  note(`${name}：更新并新增，一成已有`, large.upsertSeconds, large.rawSeconds, 's', '≤ 90 s');
  note(`${name}：撤销上一行`, large.undoSeconds, undefined, 's', '≤ 60 s');
  const written = await exportLarge(api, app.id);
  note('导出 10 万行 × 30 列为 xlsx', written.seconds, undefined, 's', '≤ 60 s');
  note('导出 10 万行 × 30 列为 xlsx：文件', written.megabytes, undefined, 'MB', '');
  if (written.growth !== undefined)
    note('导出 10 万行 × 30 列为 xlsx：内存增长', written.growth, undefined, 'MB', '≤ 300 MB');
}

async function importAMillion(): Promise<void> {
  const million = await importMillion(api, app.id);
  note('导入 100 万行 × 20 列：预览', million.previewSeconds, undefined, 's', '');
  note('导入 100 万行 × 20 列：写入', million.writeSeconds, undefined, 's', '');
  if (million.growth !== undefined)
    note('导入 100 万行 × 20 列：内存增长', million.growth, undefined, 'MB', '≤ 300 MB');
}

async function formulas(): Promise<void> {
  const figures = await formulaFigures(api, app.id, form.id);
  note('公式加到 10 万行：全部算完', figures.formulaSeconds, undefined, 's', '');
  note(`其间列表一页 p95（${figures.pages} 次）`, figures.listP95, undefined, 'ms', '≤ 200 ms');
  note('10 万条子数据改一条：合计更新', figures.rollupMs, undefined, 'ms', '≤ 1,000 ms');
}

const importsOnly = process.argv[2] === 'import';
const largeOnly = process.argv[2] === 'large';
/** Only what formulas cost; printed, not kept in the report. */
const formulasOnly = process.argv[2] === 'formulas';
/** Only the warning about repeated records and public forms; printed, not kept in the report. */
const duplicatesOnly = process.argv[2] === 'duplicates';
if (largeOnly) await largeReads();
else if (!formulasOnly && !duplicatesOnly) await importLedger();
if (importsOnly || process.argv.includes('--import')) await importMany();
if (process.argv.includes('--million')) await importAMillion();
if (!importsOnly && !largeOnly) {
  await load();
  if (!formulasOnly && !duplicatesOnly) await reads();
  if (!formulasOnly) await duplicates();
  if (!duplicatesOnly) await formulas();
}
await pool.end();

const memory = process.env.BENCH_SERVER_PID ? memoryOf(process.env.BENCH_SERVER_PID) : undefined;
const table_ = [
  '| 工作 | 联客 | 对照 | 比 | 目标 |',
  '|---|---|---|---|---|',
  ...rows.map((row) => `| ${row.work} | ${row.lianke} | ${row.raw} | ${row.ratio} | ${row.reach} |`),
].join('\n');
console.log(`\n${table_}`);
const load1 = Math.round(loadavg()[0] ?? 0);
if (importsOnly || largeOnly)
  keepSection(
    importsOnly ? '导入（`import`，另一次）' : '读 100 万条（`large`，另一次）',
    `平均负载 ${load1}，${cpus().length} 核；目标是空闲机器上的 / load ${load1}; the aims are for a quiet machine\n\n${table_}`,
  );
else if (!formulasOnly && !duplicatesOnly)
  keepHead(
    `# npm run bench\n\n${cpus().length} × ${cpus()[0]?.model ?? ''}, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.versions.node}${memory ? `; server ${memory} MB after the run` : ''}\n\n${table_}`,
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
