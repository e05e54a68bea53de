import pg from 'pg';
import { Api } from './api.js';
import { sandboxCall } from './phones.js';
import { decisionRows } from './rows/chat-decision.js';
import { messageRows } from './rows/chat-messages.js';
import { tokenRows } from './rows/chat-tokens.js';
import { FlowBench } from './rows/flow-bench.js';
import { madeUp } from './rows/settled.js';
import { Section } from './section.js';

// Rows about the chat platforms, against the sandbox's two.
const section = new Section('聊天', '空闲时');
const pool = new pg.Pool({ connectionString: process.env.BENCH_DATABASE_URL, max: 4 });
const bench = await FlowBench.of(await Api.logInWhenSeeded('demo'), 'demo', pool, section);
await madeUp(pool);
// How fast we are is measured, not how slow the platform makes its standard edition.
await sandboxCall('PATCH', 'dingtalk/switches', { callsPerSecond: 1_000_000 });
await decisionRows(bench);
await messageRows(bench);
await tokenRows(bench);
await pool.end();
section.write();
