import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { conditions: ['@lianke/source', 'module', 'browser', 'development|production'] },
  ssr: { resolve: { conditions: ['@lianke/source'] } },
  test: { include: ['src/**/*.spec.{ts,tsx}'], environment: 'node', isolate: false },
});
