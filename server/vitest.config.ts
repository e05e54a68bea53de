import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { conditions: ['@lianke/source', 'node'] },
  ssr: { resolve: { conditions: ['@lianke/source', 'node'] } },
  test: {
    include: ['src/**/*.spec.ts', 'test/**/*.spec.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    setupFiles: ['test/support/setup.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    pool: 'forks',
    maxWorkers: 2,
    env: { TZ: 'UTC' },
  },
});
