import { findChromium } from './chromium.mjs';
import { withTemporarySystem } from './temporary-system.mjs';
import { conclude, vitest } from './vitest.mjs';

/**
 * `npm run e2e`: the browser tests `infra/e2e/src/*.e2e.ts` against a complete system of their own.
 * `npm run e2e -- tutorial` runs the files whose path contains "tutorial".
 *
 * The tests find everything in their environment: E2E_CONSOLE_URL, E2E_MINIAPP_URL, E2E_SANDBOX_URL,
 * E2E_ADMIN_PASSWORD, E2E_CHROMIUM, E2E_HOME, E2E_DATABASE_URL.
 */
export async function main(args) {
  const chromium = findChromium();
  await withTemporarySystem({}, async ({ system, home, adminPassword, databaseUrl }) => {
    const result = await vitest('infra/e2e', args, {
      E2E_CONSOLE_URL: system.origin,
      E2E_MINIAPP_URL: `${system.origin}/m`,
      E2E_SANDBOX_URL: system.sandboxUrl,
      E2E_ADMIN_PASSWORD: adminPassword,
      E2E_CHROMIUM: chromium,
      E2E_HOME: home,
      E2E_DATABASE_URL: databaseUrl,
    });
    conclude([result]);
  });
}
