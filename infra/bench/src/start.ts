import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { Section } from './section.js';

/** Long enough for what a start sets going to come to rest. */
const idleSeconds = 30;

// How long a server takes to be ready on a database that is there, and what it holds when nobody asks anything.
const section = new Section('启动', '–');
section.note('已有数据库：启动到就绪', Number(process.env.BENCH_READY_MS), undefined, 'ms', '≤ 2,000 ms');
// The same on a machine that is busy with other work, too.
section.note('同上：服务端的处理器时间', Number(process.env.BENCH_READY_CPU_MS), undefined, 'ms', '');
await pause(idleSeconds * 1000);
const status = readFileSync(`/proc/${process.env.BENCH_SERVER_PID}/status`, 'utf8');
const resident = Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]) / 1024;
section.note('服务端空闲时的内存', resident, undefined, 'MB', '≤ 250 MB');
section.write();
