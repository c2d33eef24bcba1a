import { defineConfig } from 'vitest/config';

/** What docker/ says, checked by its own tools and run bare on this machine, one file at a time: `npm run test:docker`. */
export default defineConfig({
  test: {
    include: ['tests/docker/**/*.test.ts'],
    globalSetup: 'tests/docker/src/stages-once.ts',
    pool: 'forks',
    fileParallelism: false,
    // Tools are built and packages installed the first time: a limit is there to end a hang, not to judge speed.
    testTimeout: 1_800_000,
    hookTimeout: 1_800_000,
  },
});
