import { configDefaults, defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: [
      '{apps,libs}/**/*.test.ts',
      'tests/{architecture,benchmarks,e2e}/**/*.test.ts',
      'tests/fuzz/src/*.test.ts',
    ],
    // Needs Python, and has a command of its own: `npm run test:python`.
    exclude: [...configDefaults.exclude, 'tests/e2e/src/python/**'],
    pool: 'forks',
    // They wait for engines as much as they compute, so that two on two cores take little more than half the time.
    maxWorkers: '100%',
    // Many of these start real engines, and the machine may be busy: a limit is there to end a hang, not to judge speed.
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
