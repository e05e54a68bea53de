import { pathToFileURL } from 'node:url';
import { at } from './paths.mjs';
import { node } from './run.mjs';
import { withTemporarySystem } from './temporary-system.mjs';

/**
 * `npm run bench`: runs `infra/bench/src/main.ts` against a complete system of its own, without sandbox; arguments are
 * passed on. Its environment: BENCH_URL, BENCH_ADMIN_PASSWORD, BENCH_DATABASE_URL, BENCH_HOME.
 */
export async function main(args) {
  await withTemporarySystem({ sandbox: false }, async ({ system, home, adminPassword, databaseUrl }) => {
    const loader = pathToFileURL(at('infra/cli/lib/typescript.mjs')).href;
    const { code } = await node(['--import', loader, at('infra/bench/src/main.ts'), ...args], {
      env: {
        ...process.env,
        BENCH_URL: system.origin,
        BENCH_ADMIN_PASSWORD: adminPassword,
        BENCH_DATABASE_URL: databaseUrl,
        BENCH_HOME: home,
        BENCH_SERVER_PID: String(system.server.child.pid),
      },
    });
    process.exitCode = code ?? 1;
  });
}
