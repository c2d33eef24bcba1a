import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: [
      '{apps,libs}/**/*.test.ts',
      'tests/{architecture,benchmarks,e2e}/**/*.test.ts',
      'tests/fuzz/src/*.test.ts',
    ],
    pool: 'forks',
    // Many of these start real engines, and the machine may be busy: a limit is there to end a hang, not to judge speed.
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
