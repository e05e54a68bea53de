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
await effectRows(bench);
await referenceRow(bench);
await fairnessRow(bench, other);
await manyRow(bench);
await timerRows(bench);
await pool.end();
section.write();
