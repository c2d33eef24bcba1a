import { defineConfig } from 'vitest/config';

/** Model files in Python's onnxruntime; needs Python: `npm run test:python`. */
export default defineConfig({
  test: {
    include: ['tests/e2e/src/python/**/*.test.ts'],
    pool: 'forks',
    // Packages are installed the first time: a limit is there to end a hang, not to judge speed.
    testTimeout: 900_000,
    hookTimeout: 120_000,
  },
});
