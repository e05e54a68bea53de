import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { conditions: ['@lianke/source', 'node'] },
  ssr: { resolve: { conditions: ['@lianke/source', 'node'] } },
  test: {
    include: ['src/**/*.e2e.ts'],
    // All files share one running system and its people.
    fileParallelism: false,
    testTimeout: 600_000,
    hookTimeout: 60_000,
  },
});
