import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { conditions: ['@lianke/source', 'node'] },
  ssr: { resolve: { conditions: ['@lianke/source', 'node'] } },
  test: {
    include: ['src/**/*.spec.ts', 'test/**/*.spec.ts'],
    exclude: [
      // On another PostgreSQL there is nothing new to learn of the embedded one.
      ...(process.env.DATABASE_URL ? ['src/kernel/embedded/**'] : []),
      // The longest ones that ask the product and not the servers behind it: once is enough for a run that has both.
      ...(process.env.SECOND_RUN
        ? ['test/import-crash.spec.ts', 'test/access-pairs.spec.ts', 'src/modules/demo/demo-seed.spec.ts']
        : []),
    ],
    globalSetup: ['test/support/global-setup.ts'],
    setupFiles: ['test/support/setup.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    pool: 'forks',
    // Loading the server anew for every file takes a third of the time; nothing of it is kept in modules.
    isolate: false,
    maxWorkers: 2,
    env: { TZ: 'UTC' },
  },
});
