import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { conditions: ['@lianke/source', 'module', 'browser', 'development|production'] },
  ssr: { resolve: { conditions: ['@lianke/source'] } },
  test: {
    include: ['src/**/*.spec.ts', 'src/**/*.spec.tsx', 'test/**/*.spec.ts'],
    env: { TZ: 'UTC', TARO_ENV: 'weapp' },
    setupFiles: ['test/setup.ts'],
    isolate: false,
    // A busy machine must not fail for its slowness.
    testTimeout: 30_000,
  },
});
