import { type FlowBench, percentiles } from './flow-bench.js';
import { effectMs, taskFlow } from './flow-effect.js';

const waiting = 20_000;
const samples = 60;
const withinMs = 300_000;

/** How much later another company's first step comes while one company has 20,000 runs to be carried on. */
export async function fairnessRow(stormy: FlowBench, other: FlowBench): Promise<void> {
  const theirs = await taskFlow(other, 'fair');
  for (let warm = 0; warm < 10; warm++) await effectMs(other, theirs);
  const quiet: number[] = [];
  for (let index = 0; index < samples; index++) quiet.push(await effectMs(other, theirs));

  const storm = await taskFlow(stormy, 'storm');
  await stormy.createMany(storm.leads, waiting, (index) => ({ name: `客户${index}` }));
  const busy: number[] = [];
  const left = () =>
    stormy.value<number>(
      `SELECT (SELECT count(*) FROM lianke.run WHERE flow_id = $1 AND state <> 'done')::int + (SELECT count(*) FROM lianke.event WHERE form_id = $2 AND state = 'new')::int AS value`,
      [storm.flowId, storm.leads.id],
    );
  while (busy.length < samples && ((await left()) ?? 0) > 0) busy.push(await effectMs(other, theirs));
  const calm = percentiles(quiet).p95;
  const now = percentiles(busy).p95;
  stormy.section.note(
    `别的企业有 ${waiting.toLocaleString('en')} 个运行在等：第一步 p95`,
    now,
    calm,
    'ms',
    '多等 < 200 ms',
  );
  await stormy.runs(storm.flowId, 'done', waiting, withinMs);
}
