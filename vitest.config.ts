import { defineConfig } from 'vitest/config';

/** Tests of test/shared and test/functions that take long or need a database. */
const LONG = ['*dynamo*', 'convergence*', '*privacy'].map((name) => `test/{shared,functions}/**/${name}.test.ts`);

export default defineConfig({
  test: {
    testTimeout: 120_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    // Files of a worker share what they import. None may leave anything changed behind, which the setup checks.
    isolate: false,
    setupFiles: './test/leave-as-found.ts',
    reporters: ['default', './test/closing-line.ts'],
    projects: [
      // What `npm run test:unit` runs: no network, no database, no browser. A new test belongs to it by its folder.
      {
        extends: true,
        test: { name: 'unit', include: ['test/{shared,functions}/**/*.test.{ts,tsx}'], exclude: LONG },
      },
      {
        extends: true,
        test: { name: 'rest', include: ['test/!(shared|functions)/**/*.test.{ts,tsx}', 'test/*.test.ts', ...LONG] },
      },
    ],
  },
});
