import pg from 'pg';
import { Api } from './api.js';
import { fairnessRow } from './rows/fairness.js';
import { FlowBench } from './rows/flow-bench.js';
import { effectRows } from './rows/flow-effect.js';
import { manyRow } from './rows/flow-many.js';
import { referenceRow } from './rows/flow-reference.js';
import { timerRows } from './rows/flow-timers.js';
import { madeUp } from './rows/settled.js';
import { Section } from './section.js';

// Rows about flows: against targets, for there is nothing plain to compare a flow with.
const section = new Section('流程', '空闲时');
const pool = new pg.Pool({ connectionString: process.env.BENCH_DATABASE_URL, max: 4 });
const bench = await FlowBench.of(await Api.logInWhenSeeded('demo'), 'demo', pool, section);
const other = await FlowBench.of(await Api.logInWhenSeeded('mine'), 'mine', pool, section);
await madeUp(pool);
const parts = [effectRows, referenceRow, (own: FlowBench) => fairnessRow(own, other), manyRow, timerRows];
// The last ones take long: what there is so far is kept.
for (const part of parts) {
  await part(bench);
  section.write();
}
await pool.end();
