import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { at } from './paths.mjs';
import { PlainError, say } from './say.mjs';
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
  filters: { file: 'test/filter-property.spec.ts', title: '同一个筛选，SQL 与内存找到同样的数据' },
};
const names = [...Object.keys(suites), 'restarts'];
const report = 'infra/soak/last.md';

/**
 * `npm run soak [-- crash crash-points imports fencing concurrency access approvals races connections organisation tokens redis loops filters restarts] [--minutes 10] [--seed n]`: what must never break
 * with full counts, or as far as the minutes reach, and a system whose server is killed again and again. What ran is written into `infra/soak/last.md`.
 */
export async function main(args) {
  const minutes = option(args, '--minutes', undefined);
  const seed = option(args, '--seed', undefined);
  const chosen = args.filter((arg, index) => !arg.startsWith('--') && !args[index - 1]?.startsWith('--'));
  const unknown = chosen.find((name) => !names.includes(name));
  if (unknown) throw new PlainError(`没有“${unknown}”这一部分，可选：${names.join('、')} / no such part: ${unknown}`);
  const parts = chosen.length > 0 ? names.filter((name) => chosen.includes(name)) : names;
  const results = [];
  for (const part of parts) {
    say(`\n== ${part}`);
    const start = performance.now();
    const result = part === 'restarts' ? await restarts(minutes ?? 10) : await suite(suites[part], seed, minutes);
    results.push({ part, ...result, seconds: (performance.now() - start) / 1000 });
  }
  const rows = results.map(rowOf);
  for (const row of rows) say(`\n${row}`);
  writeReport(rows);
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

/** What shares noted of the same parts, together: counts added up, seeds one after the other. */
function summed(noted) {
  return [...groupByPart(noted)].map(([part, notes]) => {
    const facts = {};
    for (const [name, value] of notes.flatMap((note) => Object.entries(note.facts)))
      facts[name] = name === 'seed' ? [facts[name], value].filter(Boolean).join('/') : (facts[name] ?? 0) + value;
    return { part, facts };
  });
}

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

function rowOf({ part, title, ok, outcome, noted, seconds }) {
  const [cpu] = cpus();
  const machine = `${cpus().length} × ${cpu?.model ?? '?'}, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.versions.node}`;
  const date = new Date().toISOString().slice(0, 16).replace('T', ' ');
  const result = `${ok ? '通过' : '**失败**'}（${outcome}）`;
  return `| ${part} | ${title} | ${result} | ${factsOf(noted)} | ${Math.round(seconds)} s | ${date} UTC | ${machine} |`;
}

/** The rows of the parts that ran now, and those of the others as they stood. */
function writeReport(rows) {
  const file = at(report);
  const old = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
  const lines = names.flatMap((name) => {
    const mine = (line) => line.startsWith(`| ${name} |`);
    return rows.find(mine) ?? old.find(mine) ?? [];
  });
  const head = [
    '# npm run soak',
    '',
    '| 部分 | 保证 | 结果 | 次数 | 用时 | 日期 | 机器 |',
    '|---|---|---|---|---|---|---|',
  ];
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${[...head, ...lines].join('\n')}\n`);
  say(`\n${report}`);
}

/** `crash: seed 1, kills 200; …`, a part's later facts after its earlier ones. */
function factsOf(noted) {
  const byPart = groupByPart(noted);
  return [...byPart]
    .map(([part, notes]) => {
      const facts = Object.entries(Object.assign({}, ...notes.map((note) => note.facts)));
      return `${part}: ${facts.map(([name, value]) => `${name} ${value}`).join(', ')}`;
    })
    .join('<br>');
}

function groupByPart(noted) {
  const groups = new Map();
  for (const note of noted) groups.set(note.part, [...(groups.get(note.part) ?? []), note]);
  return groups;
}

function option(args, name, fallback) {
  const index = args.indexOf(name);
  if (index < 0) return fallback;
  const value = Number(args[index + 1]);
  if (!(value > 0)) throw new PlainError(`${name} 后面应是一个正数 / ${name} needs a positive number`);
  return value;
}
