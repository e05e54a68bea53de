import type { FlowBench } from './flow-bench.js';
import { taskFlow } from './flow-effect.js';

const rows = 100_000;
const withinMs = 600_000;

/** 100,000 records added at once, as an import writes them, each starting an automation: tasks a second until all are there. */
export async function manyRow(bench: FlowBench): Promise<void> {
  const many = await taskFlow(bench, 'many');
  const start = performance.now();
  await bench.createMany(many.leads, rows, (index) => ({ name: `客户${index}` }));
  const written = (performance.now() - start) / 1000;
  await bench.runs(many.flowId, 'done', rows, withinMs);
  const seconds = (performance.now() - start) / 1000;
  bench.section.note('批量写入 10 万条并触发自动化：写完', written, undefined, 's', '');
  bench.section.note('同上：任务全部做完', seconds, undefined, 's', '');
  bench.section.note('同上：任务', rows / seconds, undefined, '/s', '≥ 1,000');
}
