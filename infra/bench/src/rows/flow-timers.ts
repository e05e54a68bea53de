import { type FlowBench, literal, set } from './flow-bench.js';

const timers = 100_000;
const leadMs = 5_000;
const overMs = 60_000;
const withinMs = 900_000;

/** 100,000 runs that wait, due spread over one minute: how long after its time each goes on. */
export async function timerRows(bench: FlowBench): Promise<void> {
  const form = await bench.form('timer', [
    { key: 'name', name: '名称', type: 'text' },
    { key: 'state', name: '状态', type: 'text' },
  ]);
  const flowId = await bench.flow(
    '定时',
    { type: 'recordCreated', formId: form.id },
    [
      { id: 'pause', type: 'delay', wait: { kind: 'for', amount: 1, unit: 'day' } },
      { id: 'mark', type: 'updateRecord', target: 'trigger', assignments: [set('state', literal('到时'))] },
    ],
    [
      { from: 'trigger', to: 'pause' },
      { from: 'pause', to: 'mark' },
    ],
  );
  await bench.createMany(form, timers, (index) => ({ name: `客户${index}` }));
  await bench.runs(flowId, 'waiting', timers, withinMs);
  // Nobody waits a day for a figure: their time is moved to the coming minute.
  await bench.pool.query(
    `UPDATE lianke.run SET due_at = clock_timestamp() + ($2 || ' milliseconds')::interval + random() * ($3 || ' milliseconds')::interval
     WHERE tenant_id = $1 AND flow_id = $4`,
    [bench.tenantId, leadMs, overMs, flowId],
  );
  await bench.pool.query(
    'CREATE TABLE IF NOT EXISTS bench_due AS SELECT id, due_at FROM lianke.run WHERE tenant_id = $1 AND flow_id = $2',
    [bench.tenantId, flowId],
  );
  await bench.runs(flowId, 'done', timers, withinMs);
  const { rows } = await bench.pool.query<{ p50: number; p95: number; most: number }>(
    `SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY late) AS p50, percentile_cont(0.95) WITHIN GROUP (ORDER BY late) AS p95, max(late) AS most
     FROM (SELECT extract(epoch FROM r.finished_at - d.due_at)::float8 AS late FROM lianke.run r JOIN bench_due d USING (id)) t`,
  );
  await bench.pool.query('DROP TABLE bench_due');
  const [late] = rows;
  if (!late) throw new Error('no timers');
  bench.section.note('10 万个定时，一分钟内先后到时：做完晚了多久，p50', late.p50, undefined, 's', '');
  bench.section.note('同上，p95', late.p95, undefined, 's', '');
  bench.section.note('同上，最多', late.most, undefined, 's', '≤ 60');
}
