import { setTimeout as pause } from 'node:timers/promises';
import { type BenchFormView, type FlowBench, percentiles, ref, set } from './flow-bench.js';

const samples = 100;
const pollMs = 2;
const withinMs = 30_000;
const perSecond = 200;
const seconds = 5;

/** A flow that makes a task for every lead. */
export async function taskFlow(
  bench: FlowBench,
  key: string,
): Promise<{ leads: BenchFormView; tasks: BenchFormView; flowId: string }> {
  const leads = await bench.form(`${key}Lead`, [{ key: 'name', name: '名称', type: 'text' }]);
  const tasks = await bench.form(`${key}Task`, [
    { key: 'title', name: '标题', type: 'text' },
    { key: 'lead', name: '线索', type: 'relation', config: { formId: leads.id } },
  ]);
  const flowId = await bench.flow(
    key,
    { type: 'recordCreated', formId: leads.id },
    [
      {
        ...{ id: 'task', type: 'createRecord', formId: tasks.id },
        assignments: [set('title', ref('trigger', 'name')), set('lead', ref('trigger', 'id'))],
      },
    ],
    [{ from: 'trigger', to: 'task' }],
  );
  return { leads, tasks, flowId };
}

/** Milliseconds from before the request that creates a lead until its task can be read. */
export async function effectMs(
  bench: FlowBench,
  { leads, tasks }: { leads: BenchFormView; tasks: BenchFormView },
): Promise<number> {
  const start = performance.now();
  const lead = await bench.create(leads, { name: '客户' });
  const text = `SELECT 1 AS value FROM ${bench.table(tasks)} WHERE ${bench.column(tasks, 'lead')} = $1`;
  while ((await bench.value(text, [lead])) === undefined) {
    if (performance.now() - start > withinMs) throw new Error('no task came');
    await pause(pollMs);
  }
  return performance.now() - start;
}

/** 事件 → 第一个结果, with nothing else to do and at 200 events a second. */
export async function effectRows(bench: FlowBench): Promise<void> {
  const forms = await taskFlow(bench, 'effect');
  for (let warm = 0; warm < 10; warm++) await effectMs(bench, forms);
  const quiet: number[] = [];
  for (let index = 0; index < samples; index++) quiet.push(await effectMs(bench, forms));
  const { p50, p95 } = percentiles(quiet);
  bench.section.note('新增一条 → 自动化的任务可见，p50', p50, undefined, 'ms', '');
  bench.section.note('同上，p95', p95, undefined, 'ms', '≤ 2,000');

  const busy: Promise<number>[] = [];
  const start = performance.now();
  for (let index = 0; index < perSecond * seconds; index++) {
    const due = start + (index * 1000) / perSecond;
    if (due > performance.now()) await pause(due - performance.now());
    // Looking for the task of every tenth is enough, and looking costs too.
    if (index % 10 === 0) busy.push(effectMs(bench, forms));
    else busy.push(bench.create(forms.leads, { name: '客户' }).then(() => Number.NaN));
  }
  const waits = (await Promise.all(busy)).filter((ms) => !Number.isNaN(ms));
  bench.section.note(`同上，每秒 ${perSecond} 条时，p95`, percentiles(waits).p95, p95, 'ms', '≤ 2,000');
  await bench.runs(forms.flowId, 'done', 10 + samples + perSecond * seconds, withinMs);
}
