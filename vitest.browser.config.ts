import { defineConfig } from 'vitest/config';

/** The SDK in a real Chromium against a real Heed, one file at a time: `npm run test:browser`. */
export default defineConfig({
  test: {
    include: ['tests/browser/**/*.test.ts'],
    pool: 'forks',
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
