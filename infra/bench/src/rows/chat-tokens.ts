import { type ChildProcess, fork } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { sandboxCall } from '../phones.js';
import type { FlowBench } from './flow-bench.js';

const processes = 4;
const sends = 200;
const expiries = 10;
/** The company that nobody else of the system talks to: every token that it gives out is one of these. */
const corp = { id: 'wwmine0000000002', agentId: '1000002', secret: 'sandbox-secret-mine-1000002', userid: 'boss' };

interface Burst {
  sent: number;
  refused: string[];
  ms: number;
}

/** 200 sends at once by four processes whose token was just taken back: how often the platform is asked for another one. */
export async function tokenRows(bench: FlowBench): Promise<void> {
  const url = process.env.BENCH_DATABASE_URL ?? '';
  const told = {
    urls: { ownerUrl: url, appUrl: url, systemUrl: url },
    secretKey: randomBytes(32).toString('base64'),
    apiBase: process.env.BENCH_SANDBOX_URL,
    userid: corp.userid,
    connection: {
      ...{ tenantId: bench.tenantId, id: randomUUID(), channel: 'wecom', name: '企业微信', corpId: corp.id },
      suiteId: null,
      ...{ agentId: corp.agentId, appKey: null, settings: {}, secret: corp.secret, state: {} },
      ...{ proxy: null, callbackToken: '', callbackAesKey: '' },
    },
  };
  const file = fileURLToPath(new URL('../../../../server/test/support/token-sender.ts', import.meta.url));
  const children = Array.from({ length: processes }, () => fork(file, [JSON.stringify(told)]));
  try {
    await Promise.all(children.map((child) => once(child, 'message')));
    const times: number[] = [];
    let asked = 0;
    let refused = 0;
    for (let expiry = 0; expiry < expiries; expiry++) {
      const as = expiry % 2 ? 'expired' : 'invalid';
      await sandboxCall('POST', `corps/${corp.id}/apps/${corp.agentId}/expire-token`, { as });
      await sandboxCall('DELETE', 'log');
      const start = performance.now();
      const bursts = await burst(children);
      times.push(performance.now() - start);
      refused += bursts.reduce((sum, each) => sum + each.refused.length, 0);
      const { items } = await sandboxCall<{ items: unknown[] }>(
        'GET',
        `log?text=${encodeURIComponent('/gettoken')}&corpId=${corp.id}&limit=2000`,
      );
      asked += items.length;
    }
    const middle = times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
    const work = `令牌失效，${processes} 个进程同时发 ${sends} 条：每次失效换取令牌`;
    bench.section.note(work, asked / expiries, undefined, '次', '1');
    bench.section.note('同上：没有发出去的', refused, undefined, '条', '0');
    bench.section.note('同上：都发出去，p50', middle, undefined, 'ms', '');
  } finally {
    for (const child of children) child.disconnect();
  }
}

async function burst(children: readonly ChildProcess[]): Promise<Burst[]> {
  const answers = Promise.all(children.map(async (child) => (await once(child, 'message'))[0] as Burst));
  for (const child of children) child.send({ sends: sends / children.length });
  return answers;
}
