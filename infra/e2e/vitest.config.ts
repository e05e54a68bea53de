import { basename } from 'node:path';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** By name, but the story last: it moves the system's clock three days on. */
class StoryLast extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = (file: TestSpecification) =>
      `${basename(file.moduleId).startsWith('story.') ? 1 : 0} ${basename(file.moduleId)}`;
    return [...files].sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
  }
}

export default defineConfig({
  resolve: { conditions: ['@lianke/source', 'node'] },
  ssr: { resolve: { conditions: ['@lianke/source', 'node'] } },
  test: {
    include: ['src/**/*.e2e.ts'],
    // All files share one running system and its people.
    fileParallelism: false,
    sequence: { sequencer: StoryLast },
    testTimeout: 600_000,
    hookTimeout: 60_000,
  },
});
