import { defineConfig } from 'vitest/config';

/** Faults are injected into whole processes, one file at a time: `npm run test:faults`. */
export default defineConfig({
  test: {
    include: ['tests/faults/**/*.test.ts'],
    pool: 'forks',
    fileParallelism: false,
    // Servers are killed, slept through and waited for: a limit is there to end a hang, not to judge speed.
    testTimeout: 600_000,
    hookTimeout: 300_000,
  },
});
