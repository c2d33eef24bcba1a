import { defineConfig } from 'vitest/config';

/** 100 000 hostile requests against one service: `npm run test:fuzz`. */
export default defineConfig({
  test: {
    include: ['tests/fuzz/src/at-length/**/*.test.ts'],
    pool: 'forks',
    testTimeout: 3_600_000,
    hookTimeout: 120_000,
  },
});
