import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { conditions: ['@lianke/source', 'node'] },
  ssr: { resolve: { conditions: ['@lianke/source', 'node'] } },
  test: {
    include: ['src/**/*.spec.ts', 'test/**/*.spec.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    setupFiles: ['test/support/setup.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    pool: 'forks',
    maxWorkers: 2,
    env: { TZ: 'UTC' },
  },
});
