import { throughput } from '../load/throughput.js';
import { latency, rate } from '../measure.js';
import { startList } from '../thin/start-list.js';
import type { ReadBench } from './read-bench.js';
import { settled } from './settled.js';

const callers = 16;
const seconds = 5;
const indexWithinMs = 120_000;

/** A page of 50 with its total, filtered by two fields and sorted: through Lianke, behind a bare node:http, and raw. */
export async function listRow({ api, pool, records, table, at, note }: ReadBench, size: string): Promise<void> {
  const filter = {
    and: [
      { field: 'channel', op: 'eq', value: '展会' },
      { field: 'grade', op: 'eq', value: 'A' },
    ],
  };
  const body = JSON.stringify({ filter, sort: [{ field: 'createdAt', dir: 'desc' }], limit: 50 });
  const fields = ['name', 'channel', 'grade', 'amount', 'signed', 'phone', 'note'].map(at).join(', ');
  const where = `${at('channel')} = $1 AND ${at('grade')} = $2 AND deleted_at IS NULL`;
  const values = ['展会', 'A'];
  const statements = [
    `SELECT id, version, created_at, owner_id, ${fields} FROM ${table} WHERE ${where} ORDER BY created_at DESC, id LIMIT 51`,
    `SELECT count(*) FROM (SELECT 1 FROM ${table} WHERE ${where} LIMIT 10001) t`,
  ];
  const made = await indexMade({ api, pool, records, table }, JSON.parse(body));
  note(`列表的索引自动建好（${size}）`, made, undefined, 's', '');
  const server = await startList(statements);
  const post = (origin: URL, path: string, text: string, headers: Record<string, string>) => ({
    origin,
    headers,
    next: () => ({ path, body: text, rows: 1 }),
  });
  const [lianke = 0, thin = 0] = await throughput(
    [
      post(api.origin, `/api/v1${records}/query`, body, api.headers),
      post(server.origin, '/', JSON.stringify({ values }), {}),
    ],
    callers,
    2,
    4,
  );
  await server.stop();
  const raw = await rate(callers, seconds, async () => {
    for (const statement of statements) await pool.query(statement, values);
  });
  note(`列表 50 条 + 总数，两个条件、排序（${size}，16 路）：对 node:http`, lianke, thin, '/s', '≥ 1,000，≥ 1/2');
  note(`同上：对直接 PostgreSQL`, lianke, raw, '/s', '');
}

/** Asks as users would until the engine has made the index that the page wants; seconds it took. */
async function indexMade(
  { api, pool, records, table }: Pick<ReadBench, 'api' | 'pool' | 'records' | 'table'>,
  query: unknown,
): Promise<number> {
  const start = performance.now();
  for (;;) {
    await api.call('POST', `${records}/query`, query);
    const { rows } = await pool.query(
      `SELECT 1 FROM pg_index x JOIN pg_class c ON c.oid = x.indexrelid
       WHERE x.indrelid = $1::regclass AND x.indisvalid AND c.relname LIKE 'x\\_%' AND pg_get_indexdef(c.oid) LIKE '%created_at DESC, id)%'`,
      [table],
    );
    // Vacuum follows the building; without it totals read the table.
    const { rows: seen } = await pool.query('SELECT 1 FROM pg_class WHERE oid = $1::regclass AND relallvisible > 0', [
      table,
    ]);
    const passed = (performance.now() - start) / 1000;
    if (rows.length > 0 && seen.length > 0) return passed;
    if (passed * 1000 > indexWithinMs) throw new Error('no index was made for the list');
  }
}

/** Two groupings and a two-character search, one caller. */
export async function readRows(
  { api, pool, records, tenantId, table, at, note }: ReadBench,
  size: string,
  reach: string,
): Promise<void> {
  const count = { groupBy: [{ field: 'channel' }], metrics: [{ fn: 'count', as: 'n' }] };
  const sum = { groupBy: [{ field: 'signed', unit: 'month' }], metrics: [{ fn: 'sum', field: 'amount', as: 's' }] };
  // Both sides read along the indexes that the engine makes for what is asked often.
  for (const asked of [count, sum])
    for (let time = 0; time < 15; time++) await api.call('POST', `${records}/aggregate`, asked);
  await settled({ pool, tenantId });
  const counted = await latency(30, () => api.call('POST', `${records}/aggregate`, count));
  const rawCounted = await latency(30, () =>
    pool.query(`SELECT ${at('channel')}, count(*) FROM ${table} WHERE deleted_at IS NULL GROUP BY 1 ORDER BY 2 DESC`),
  );
  note(`按渠道计数 p50（${size}）`, counted.p50, rawCounted.p50, 'ms', '≤ 1.5 ×');
  const summed = await latency(30, () => api.call('POST', `${records}/aggregate`, sum));
  const rawSummed = await latency(30, () =>
    pool.query(
      `SELECT date_trunc('month', ${at('signed')}), sum(${at('amount')}) FROM ${table} WHERE deleted_at IS NULL GROUP BY 1 ORDER BY 1`,
    ),
  );
  note(`按月合计 p50（${size}）`, summed.p50, rawSummed.p50, 'ms', '≤ 1.5 ×');
  let searched = 0;
  const words = ['教育', '武汉', '软件', '客户', '99', '庙堂'];
  const search = await latency(60, () =>
    api.call('POST', `${records}/query`, { search: words[searched++ % words.length], limit: 20, total: false }),
  );
  note(`两个字的搜索 p95（${size}，常见、少见、没有的词）`, search.p95, undefined, 'ms', reach);
}
