import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { PlainError, say } from './say.mjs';
import { summed, writeReport } from './soak-report.mjs';
import { restartSoak } from './soak-restarts.mjs';
import { vitest } from './vitest.mjs';

/** What must never break, each with its full counts; the facts are those that the tests note themselves. */
const suites = {
  crash: { file: 'test/crash.spec.ts', title: '随时强制结束 worker：不丢、不重，一个幂等键只到手机一次' },
  'crash-points': {
    file: 'test/crash-points.spec.ts',
    title: '在每次提交、每次请求的前后强制结束 worker：二十步的对照流程，结果与没有打扰时一样',
  },
  imports: {
    file: 'test/import-crash.spec.ts',
    title: '导入与撤销途中随时强制结束 worker：结果与没有打扰时一样，没有一行重复',
  },
  fencing: { file: 'test/fencing.spec.ts', title: '停住超过租期的 worker 醒来后什么都不作数；四个同时做也只有一次' },
  concurrency: { file: 'test/concurrency.spec.ts', title: '同时决定、同时会签、同时新增' },
  access: {
    file: 'test/access-oracle.spec.ts',
    title: '随机的角色、范围、共享、禁止与字段，每个查询与朴素的对照逐行相同',
  },
  // One after the other, its steps keep only one core busy.
  approvals: { file: 'test/approval-model.spec.ts', title: '审批的随机动作，与参考模型逐步一致', shares: 2 },
  races: {
    file: 'test/approval-races.spec.ts',
    title: '两个人同时做不同的事，结果等于一先一后；所有人同时，只推进一次',
  },
  connections: {
    file: 'test/connection-reuse.spec.ts',
    title: '两百家企业轮流用同几条数据库连接，事务以各种方式结束：一家的什么都不带进下一家',
  },
  chaos: {
    file: 'chaos.spec.ts',
    title:
      '两个平台各 2,000 条消息：令牌过期与收回、限流、5xx、超时、应答丢失，回调重复与乱序；不丢、不重，每张卡片都写着结果',
  },
  organisation: {
    file: 'src/modules/chat/org/large-organisation.spec.ts',
    title: '5,000 人的通讯录：回调乱序、丢失、重复，读到一半断开；对账后与平台一致，手工加的部门成员都在',
  },
  tokens: {
    file: 'src/modules/chat/token-refresh.spec.ts',
    title: '令牌失效时 4 个进程同时发 200 条：每次只换取一次',
  },
  redis: {
    file: 'test/redis-loss.spec.ts',
    title: '流程与消息进行中随时清空 Redis（没有 REDIS_URL 时：进程内的替身同样丢失）：结果与没有打扰时一样',
  },
  loops: {
    file: 'test/flow-large-loops.spec.ts',
    title: '逐条处理 20,000 条：每条一次，步骤不随条数变大；它引发的流程超过预算就停下',
  },
  requests: {
    file: 'test/odd-requests.spec.ts',
    title: '十万个古怪的请求，走遍每个接口：没有一个以系统出错答复',
  },
  beginnings: {
    file: 'src/modules/demo/demo-seed.spec.ts',
    title: '第一次启动时在每一步之后强制结束：接着启动，企业与演示数据完整，只有一份',
  },
  filters: { file: 'test/filter-property.spec.ts', title: '同一个筛选，SQL 与内存找到同样的数据' },
};
const names = [...Object.keys(suites), 'restarts'];
/** Parts whose counts are of independent random trials: those of several runs may be added up. */
const adding = ['crash', 'crash-points', 'access', 'approvals', 'requests', 'filters'];

/**
 * `npm run soak [-- crash crash-points imports fencing concurrency access approvals races connections chaos organisation tokens redis loops requests beginnings filters restarts] [--minutes 10] [--seed n] [--add]`: what must never break
 * with full counts, or as far as the minutes reach, and a system whose server is killed again and again. What ran is written into
 * `infra/soak/last.md`; with `--add` to the counts that stand there, for parts of random trials that passed so far.
 */
export async function main(args) {
  const minutes = option(args, '--minutes', undefined);
  const seed = option(args, '--seed', undefined);
  const chosen = args.filter((arg, index) => !arg.startsWith('--') && !args[index - 1]?.startsWith('--'));
  const unknown = chosen.find((name) => !names.includes(name));
  if (unknown) throw new PlainError(`没有“${unknown}”这一部分，可选：${names.join('、')} / no such part: ${unknown}`);
  const parts = chosen.length > 0 ? names.filter((name) => chosen.includes(name)) : names;
  const add = args.includes('--add');
  const fixed = add ? parts.find((name) => !adding.includes(name)) : undefined;
  if (fixed)
    throw new PlainError(`--add 只能用于：${adding.join('、')} / --add is for these parts only: ${adding.join(', ')}`);
  const results = [];
  for (const part of parts) {
    say(`\n== ${part}`);
    const start = performance.now();
    const result = part === 'restarts' ? await restarts(minutes ?? 10) : await suite(suites[part], seed, minutes);
    results.push({ part, ...result, seconds: (performance.now() - start) / 1000 });
  }
  for (const row of writeReport(names, results, add)) say(`\n${row}`);
  process.exitCode = results.every((result) => result.ok) ? 0 : 1;
}

/** Runs a suite, in several processes that share its counts when it says so. */
async function suite({ file, title, shares = 1 }, seed, minutes) {
  const folder = mkdtempSync(join(tmpdir(), 'lianke-soak-'));
  try {
    const runs = await Promise.all(
      Array.from({ length: shares }, async (_, index) => {
        const facts = join(folder, `facts-${index}`);
        const counts = await vitest('server', [file], {
          SOAK: '1',
          SOAK_FACTS: facts,
          SOAK_SHARES: String(shares),
          ...(seed === undefined ? {} : { SEED: String(seed + index) }),
          ...(minutes === undefined ? {} : { SOAK_MINUTES: String(minutes) }),
        });
        return { ...counts, noted: existsSync(facts) ? lines(readFileSync(facts, 'utf8')) : [] };
      }),
    );
    const sum = (key) => runs.reduce((total, run) => total + run[key], 0);
    const [passed, failed] = [sum('passed'), sum('failed')];
    const noted = runs.length === 1 ? runs[0].noted : summed(runs.flatMap((run) => run.noted));
    return { title, ok: failed === 0 && passed > 0, outcome: `${passed} passed, ${failed} failed`, noted };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const lines = (text) =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

async function restarts(minutes) {
  const title = '随时强制结束服务端：会话仍然有效，很快回来';
  try {
    const facts = await restartSoak(minutes);
    return { title, ok: true, outcome: `${facts.kills} kills`, noted: [{ part: 'restarts', facts }] };
  } catch (error) {
    const outcome = error instanceof Error ? error.message : String(error);
    say(outcome);
    return { title, ok: false, outcome, noted: [] };
  }
}

function option(args, name, fallback) {
  const index = args.indexOf(name);
  if (index < 0) return fallback;
  const value = Number(args[index + 1]);
  if (!(value > 0)) throw new PlainError(`${name} 后面应是一个正数 / ${name} needs a positive number`);
  return value;
}
