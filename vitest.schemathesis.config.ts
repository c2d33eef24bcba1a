import { defineConfig } from 'vitest/config';

/** schemathesis against the service's own OpenAPI document; needs Python: `npm run test:schemathesis`. */
export default defineConfig({
  test: {
    include: ['tests/fuzz/src/schemathesis/**/*.test.ts'],
    pool: 'forks',
    testTimeout: 900_000,
    hookTimeout: 120_000,
  },
});
