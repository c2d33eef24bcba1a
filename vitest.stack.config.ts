import { defineConfig } from 'vitest/config';

/** Against real servers that need Java and a PostgreSQL of the system, one file at a time: `npm run test:stack`. */
export default defineConfig({
  test: {
    include: ['tests/stack/**/*.test.ts'],
    pool: 'forks',
    fileParallelism: false,
    // Brokers are started, killed and waited for: a limit is there to end a hang, not to judge speed.
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
