import { type Load, throughput } from '../load/throughput.js';
import { startThin } from '../thin/start.js';
import { customer, customerForm, thinTarget } from './target.js';
import type { WriteBench } from './write-bench.js';

const seconds = 2;
const turns = 3;
const batch = 1000;

/** Creates one by one and in batches, against a thin server that sends the same statements. */
export async function createRows(bench: WriteBench): Promise<void> {
  const { api, note, member } = bench;
  const app = await api.call<{ id: string }>('POST', '/apps', { name: '压测 新增' });
  const ours = await customerForm(api, app.id, 'create');
  const thins = await customerForm(api, app.id, 'thin');
  const thin = await startThin(thinTarget(member.tenantId, member.id, thins));
  let number = 0;
  const load = (path: string, body: (from: number) => unknown, rows: number): Load => ({
    origin: bench.origin,
    headers: bench.headers,
    next: () => {
      number += rows;
      return { path, body: JSON.stringify(body(number)), rows };
    },
  });
  const many = <Made>(from: number, make: (index: number) => Made) =>
    Array.from({ length: batch }, (_, index) => make(from + index));
  const records = `/api/v1/forms/${ours.id}/records`;
  const onThin = (rows: number, body: (from: number) => unknown): Load => ({
    ...load('/', body, rows),
    origin: thin.origin,
    headers: {},
  });
  try {
    const [one = 0, thinOne = 1] = await throughput(
      [load(records, (index) => ({ values: customer(index) }), 1), onThin(1, (index) => ({ rows: [customer(index)] }))],
      16,
      seconds,
      turns,
    );
    note('新增一条（16 路）', one, thinOne, '/s', '≥ 2,600，≥ 1/3');
    const [bulk = 0, thinBulk = 1] = await throughput(
      [
        load(`${records}/batch`, (from) => ({ create: many(from, (index) => ({ values: customer(index) })) }), batch),
        onThin(batch, (from) => ({ rows: many(from, customer) })),
      ],
      4,
      seconds,
      turns,
    );
    note(`批量新增（每次 ${batch} 行，4 路）`, bulk, thinBulk, '行/s', '≥ 10,000，≥ 1/3');
  } finally {
    thin.stop();
  }
}
