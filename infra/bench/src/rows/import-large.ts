import { readFileSync } from 'node:fs';
import { buffer } from 'node:stream/consumers';
import { read, writeXlsxStream } from 'hucre';
import type pg from 'pg';
import type { Api } from '../api.js';
import { timed } from '../measure.js';

const rowCount = 100_000;
const chunk = 5000;
const sampleMs = 20;

interface Field {
  name: string;
  type: string;
  /** Type of the same column in plain PostgreSQL. */
  kind: string;
  value(index: number): string | number;
}

/** Well mixed, and the same for the same row. */
const mixed = (index: number, below: number) => ((index * 2_654_435_761) % 4_294_967_296) % below;
const two = (value: number) => String(value).padStart(2, '0');
const text = (name: string, value: Field['value']): Field => ({ name, type: 'text', kind: 'text', value });
const number = (name: string, type: 'number' | 'money', value: Field['value']): Field => ({
  name,
  type,
  kind: 'numeric',
  value,
});
const date = (name: string, year: number): Field => ({
  name,
  type: 'date',
  kind: 'date',
  value: (index) => `${year}-${two(mixed(index, 12) + 1)}-${two(mixed(index, 28) + 1)}`,
});

/** Twenty columns of what a customer ledger holds. */
const fields: Field[] = [
  text('客户名称', (index) => `${['杭州', '上海', '北京'][index % 3]}软件有限公司${index}`),
  text('来源渠道', (index) => ['官网', '展会', '转介绍', '电话'][mixed(index, 4)] ?? ''),
  text('客户分级', (index) => ['A', 'B', 'C'][mixed(index, 3)] ?? ''),
  { name: '联系电话', type: 'phone', kind: 'text', value: (index) => `138${String(index).padStart(8, '0')}` },
  { name: '邮箱', type: 'email', kind: 'text', value: (index) => `user${index}@example.com` },
  number('合同金额', 'money', (index) => mixed(index, 1_000_000) / 100),
  date('签约日期', 2026),
  { name: '备注', type: 'longText', kind: 'text', value: (index) => `第 ${index} 个客户的备注，来自老系统` },
  text('省份', (index) => `省${mixed(index, 30)}`),
  text('城市', (index) => ['杭州', '上海', '北京'][index % 3] ?? ''),
  text('详细地址', (index) => `中山路 ${mixed(index, 999)} 号 ${index % 50} 楼`),
  text('行业', (index) => ['软件', '制造', '贸易'][mixed(index, 3)] ?? ''),
  number('员工人数', 'number', (index) => mixed(index, 5000)),
  text('联系人', (index) => `联系人${index % 9973}`),
  text('网址', (index) => `https://c${index}.example.com`),
  text('法人', (index) => `法人${mixed(index, 7919)}`),
  text('税号', (index) => `91330100MA${String(mixed(index, 1e8)).padStart(8, '0')}`),
  { name: '标签', type: 'tags', kind: 'text', value: (index) => ['重点', '老客户', '待跟进'][index % 3] ?? '' },
  number('折扣', 'number', (index) => mixed(index, 100)),
  date('预计回款日', 2027),
];

/** Thirty columns: those, and ten more of words. */
const wideFields: Field[] = [
  ...fields,
  ...Array.from({ length: 10 }, (_, column) =>
    text(`补充${column + 1}`, (index) => `补充 ${mixed(index + column, 997)}，来自第 ${column + 1} 列`),
  ),
];

const relations: Record<string, string[]> = {
  省份: Array.from({ length: 30 }, (_, index) => `省${index}`),
  行业: ['软件', '制造', '贸易'],
};

export interface LargeImport {
  rows: number;
  previewSeconds: number;
  writeSeconds: number;
  /** Reading the file and inserting its rows into a plain table of the same columns, without checks or indexes. */
  rawSeconds: number;
  /** Resident MB of the server above what it had before, at the most; undefined where /proc is missing. */
  growth: number | undefined;
  /** A second file of which every tenth row updates a record of the first, then its undo. */
  upsertSeconds: number;
  undoSeconds: number;
}

interface Draft {
  id: string;
  state: string;
  error: string | null;
  sheets: {
    name: string;
    index: number;
    headerRow: number | null;
    include: boolean;
    targets: { mode: string; matchOn: string[] }[];
    columns: { index: number; header: string; to: { field: string | null } }[];
  }[];
  options: object;
}

/** Imports 100,000 rows × 20 columns from xlsx, two of them relations, into a form that has these fields: validated, with history. */
export async function importLarge(api: Api, appId: string, pool: pg.Pool): Promise<LargeImport> {
  const formId = await largeForm(api, appId, '大批客户');
  const bytes = await workbook(0, rowCount);
  const memory = new MemoryWatch();
  const first = await importFile(api, appId, formId, bytes);
  const growth = memory.stop();
  const second = await importFile(api, appId, formId, await workbook(rowCount * 0.9, rowCount, 1), '客户名称');
  const undoSeconds = await timed(async () => {
    await api.call('POST', `/imports/${second.id}/undo`, {});
    await settled(api, second.id, 'undoing', 'undone');
  });
  return {
    rows: rowCount,
    previewSeconds: first.previewSeconds,
    writeSeconds: first.writeSeconds,
    upsertSeconds: second.previewSeconds + second.writeSeconds,
    undoSeconds,
    rawSeconds: await raw(bytes, pool),
    growth,
  };
}

/** Exports 100,000 rows × 30 columns as xlsx, two of them relations, and fetches the file. */
export async function exportLarge(
  api: Api,
  appId: string,
): Promise<{ seconds: number; megabytes: number; growth: number | undefined }> {
  const formId = await largeForm(api, appId, '导出的客户', wideFields);
  await importFile(api, appId, formId, await workbook(0, rowCount, 0, wideFields));
  const memory = new MemoryWatch();
  let bytes = 0;
  const seconds = await timed(async () => {
    let job = await api.call<{ id: string; state: string; error: string | null; size: number | null }>(
      'POST',
      `/forms/${formId}/exports`,
      { format: 'xlsx', fields: undefined },
    );
    while (job.state === 'running') {
      await new Promise((resume) => setTimeout(resume, 50));
      job = await api.call('GET', `/exports/${job.id}`);
    }
    if (job.state !== 'done') throw new Error(`the export ended as ${job.state}: ${job.error}`);
    bytes = job.size ?? 0;
  });
  return { seconds, megabytes: bytes / 2 ** 20, growth: memory.stop() };
}

/** Imports a million rows, read from xlsx row by row. */
export async function importMillion(
  api: Api,
  appId: string,
): Promise<Pick<LargeImport, 'previewSeconds' | 'writeSeconds' | 'growth'>> {
  const formId = await largeForm(api, appId, '百万客户');
  const bytes = await workbook(0, 1_000_000);
  const memory = new MemoryWatch();
  const done = await importFile(api, appId, formId, bytes);
  return { ...done, growth: memory.stop() };
}

async function largeForm(api: Api, appId: string, name: string, columns = fields): Promise<string> {
  const linked = new Map<string, string>();
  for (const [field, labels] of Object.entries(relations)) {
    const form = await api.call<{ id: string }>('POST', '/forms', {
      appId,
      name: `${name}的${field}`,
      fields: [{ key: 'name', name: '名称', type: 'text', config: {}, rules: { required: true } }],
    });
    await api.call('POST', `/forms/${form.id}/records/batch`, {
      create: labels.map((label) => ({ values: { name: label } })),
    });
    linked.set(field, form.id);
  }
  const form = await api.call<{ id: string }>('POST', '/forms', {
    appId,
    name,
    fields: columns.map((field) => {
      const formId = linked.get(field.name);
      return { name: field.name, type: formId ? 'relation' : field.type, config: formId ? { formId } : {}, rules: {} };
    }),
  });
  return form.id;
}

/** Customers `from` to `from + count`, written row by row. @param hired so many more employees than the first file says */
async function workbook(from: number, count: number, hired = 0, columns = fields): Promise<Buffer> {
  const cellOf = (field: Field, index: number) => {
    const value = field.value(index);
    return field.name === '员工人数' ? Number(value) + hired : value;
  };
  function* rows() {
    for (let index = from; index < from + count; index++) yield columns.map((field) => cellOf(field, index));
  }
  const stream = writeXlsxStream(rows(), { name: '客户', columns: columns.map((field) => ({ header: field.name })) });
  return buffer(stream as never);
}

async function importFile(
  api: Api,
  appId: string,
  formId: string,
  bytes: Buffer,
  upsertOn?: string,
): Promise<{ id: string; previewSeconds: number; writeSeconds: number }> {
  const file = new FormData();
  file.set('file', new Blob([bytes]), '客户.xlsx');
  let draft = {} as Draft;
  const previewSeconds = await timed(async () => {
    draft = await api.call<Draft>('POST', `/imports?appId=${appId}&formId=${formId}`, file);
  });
  const writeSeconds = await timed(async () => {
    await api.call('POST', `/imports/${draft.id}/start`, upsertOn ? upserting(draft, upsertOn) : {});
    await settled(api, draft.id, 'running', 'done');
  });
  return { id: draft.id, previewSeconds, writeSeconds };
}

function upserting(draft: Draft, header: string): object {
  const sheets = draft.sheets.map((sheet) => ({
    ...sheet,
    columns: sheet.columns.map(({ index, to }) => ({ index, to })),
    targets: sheet.targets.map((target) => ({
      ...target,
      mode: 'upsert',
      matchOn: sheet.columns.flatMap((column) =>
        column.header === header && column.to.field ? [column.to.field] : [],
      ),
    })),
  }));
  return { sheets, options: draft.options };
}

async function settled(api: Api, id: string, during: string, end: string): Promise<void> {
  for (;;) {
    const draft = await api.call<Draft>('GET', `/imports/${id}`);
    if (draft.state === end) return;
    if (draft.state !== during) throw new Error(`the import ended as ${draft.state}: ${draft.error}`);
    await new Promise((resume) => setTimeout(resume, 50));
  }
}

/** What nobody can do without: reading the file, and its rows into a table. */
async function raw(bytes: Buffer, pool: pg.Pool): Promise<number> {
  const columns = fields.map((field, index) => `c${index} ${field.kind}`).join(', ');
  await pool.query('CREATE SCHEMA IF NOT EXISTS bench_raw');
  await pool.query(`CREATE TABLE bench_raw.large (${columns})`);
  return timed(async () => {
    const rows = (await read(bytes)).sheets[0]?.rows.slice(1) ?? [];
    for (let from = 0; from < rows.length; from += chunk) {
      const part = rows.slice(from, from + chunk);
      const arrays = fields.map((_, column) => part.map((row) => String(row[column] ?? '')));
      const sources = fields.map((field, index) => `$${index + 1}::${field.kind}[]`).join(', ');
      await pool.query(`INSERT INTO bench_raw.large SELECT * FROM unnest(${sources})`, arrays);
    }
  });
}

/** Looks at the server's memory again and again. */
class MemoryWatch {
  private readonly before = residentMb();
  private most = this.before ?? 0;
  private readonly timer = setInterval(() => {
    this.most = Math.max(this.most, residentMb() ?? 0);
  }, sampleMs);

  stop(): number | undefined {
    clearInterval(this.timer);
    return this.before === undefined ? undefined : this.most - this.before;
  }
}

function residentMb(): number | undefined {
  try {
    const status = readFileSync(`/proc/${process.env.BENCH_SERVER_PID}/status`, 'utf8');
    const kb = /^VmRSS:\s+(\d+)/m.exec(status)?.[1];
    return kb ? Math.round(Number(kb) / 1024) : undefined;
  } catch {
    return undefined;
  }
}
