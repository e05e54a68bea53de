import { appendFileSync, chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';
import { findChromium } from './chromium.mjs';
import { at } from './paths.mjs';
import { node } from './run.mjs';
import { say } from './say.mjs';
import { slowDisk } from './slow-disk.mjs';
import { withTemporarySystem } from './temporary-system.mjs';

const loader = pathToFileURL(at('infra/cli/lib/typescript.mjs')).href;
const slow = '写入，每次刷盘多 2 毫秒';

/**
 * `npm run bench`: runs `infra/bench/src/main.ts` against a complete system of its own, without sandbox, then
 * `writes.ts` on this disk and on one that flushes 2 ms more slowly, and `flows.ts` on a system with two companies,
 * `chat.ts` on one with a crowd, `phone.ts` in a browser and `start.ts` on one started again; arguments are passed on.
 * Alone: `writes`, `flows`, `chat`, `phone`, `start`, `import` the imports,
 * `large` the reads over a million rows, `formulas` what formulas over 100,000 rows cost, `duplicates` the warning about
 * repeated records (both printed, not kept). `--import` imports 100,000 rows as well, `--million` a million. Their
 * environment: BENCH_URL, BENCH_ADMIN_PASSWORD, BENCH_DATABASE_URL, BENCH_HOME, BENCH_SERVER_PID, BENCH_DISK,
 * BENCH_SANDBOX_URL, BENCH_CHROMIUM.
 */
export async function main(args) {
  if (args[0] === 'flows') return flows();
  if (args[0] === 'chat') return chat();
  if (args[0] === 'phone') return phone();
  if (args[0] === 'start') return start();
  const only = args[0] === 'writes';
  const alone = ['import', 'large', 'formulas', 'duplicates'].includes(args[0]);
  await withTemporarySystem({ sandbox: false, pages: !alone }, async (temporary) => {
    const scripts = only ? [] : [['main.ts', ...args]];
    const writes = alone ? [] : [['writes.ts']];
    for (const script of [...scripts, ...writes]) await measure(temporary, script, '写入');
  });
  if (!process.exitCode && !alone) await onSlowDisk();
  if (!process.exitCode && args.length === 0) await flows();
  if (!process.exitCode && args.length === 0) await chat();
  if (!process.exitCode && args.length === 0) await phone();
  if (!process.exitCode && args.length === 0) await start();
}

/** The sandbox is there for its second company. */
const flows = () => withTemporarySystem({ pages: false }, (temporary) => measure(temporary, ['flows.ts'], ''));

/** A company on both platforms with a crowd in it. */
async function chat() {
  const folder = mkdtempSync(join(tmpdir(), 'lianke-crowd-'));
  const seed = join(folder, 'seed.json');
  try {
    await node(['--import', loader, at('infra/bench/src/crowd.ts'), seed], {});
    await withTemporarySystem({ pages: false, env: { SANDBOX_SEED: seed } }, (temporary) =>
      measure(temporary, ['chat.ts'], ''),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The mini-app in the machine's Chromium. */
const phone = () =>
  withTemporarySystem({}, (temporary) => measure(temporary, ['phone.ts'], '', { BENCH_CHROMIUM: findChromium() }));

/** A server that is stopped and started again on its database: Linux only, for the memory is read from /proc. */
const start = () =>
  withTemporarySystem({ sandbox: false, pages: false }, async (temporary) => {
    await temporary.system.server.stop();
    const begun = performance.now();
    await temporary.system.restartServer();
    const ready = performance.now() - begun;
    const used = processorMs(temporary.system.server.child.pid);
    // The database that ended with the server may be back under another port.
    await measure(temporary, ['start.ts'], '', {
      BENCH_READY_MS: String(ready),
      BENCH_READY_CPU_MS: String(used),
    });
  });

/** Milliseconds of processor time that a process has used, as Linux counts them: in hundredths of a second. */
function processorMs(pid) {
  const [, after = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
  const [user, system] = after.split(' ').slice(11, 13).map(Number);
  return (user + system) * 10;
}

async function onSlowDisk() {
  const disk = await slowDisk();
  if (!disk) {
    appendFileSync(
      at('infra/bench/last.md'),
      `\n## ${slow}\n\n没有测：需要 Linux 和 C 编译器 / not measured: needs Linux and a C compiler\n`,
    );
    say(`${slow}: 没有测 / not measured`);
    return;
  }
  // The database may run under an account of its own.
  chmodSync(dirname(disk.library), 0o755);
  try {
    await withTemporarySystem({ sandbox: false, env: { LD_PRELOAD: disk.library } }, (temporary) =>
      measure(temporary, ['writes.ts'], slow),
    );
  } finally {
    disk.remove();
  }
}

async function measure({ system, home, adminPassword, databaseUrl }, [script, ...args], disk, more = {}) {
  const { code } = await node(['--import', loader, at(`infra/bench/src/${script}`), ...args], {
    env: {
      ...process.env,
      BENCH_URL: system.origin,
      BENCH_ADMIN_PASSWORD: adminPassword,
      BENCH_DATABASE_URL: databaseUrl,
      BENCH_HOME: home,
      BENCH_SERVER_PID: String(system.server.child.pid),
      BENCH_DISK: disk,
      ...more,
      ...(system.sandboxUrl ? { BENCH_SANDBOX_URL: system.sandboxUrl } : {}),
    },
  });
  if (code !== 0) process.exitCode = code ?? 1;
}
