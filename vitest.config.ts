import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    testTimeout: 600_000,
    hookTimeout: 600_000,
    pool: 'forks',
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: { name: 'core', include: ['test/{core,renderer,electron}/**/*.test.ts'] },
      },
      {
        extends: true,
        test: {
          name: 'end-to-end',
          include: ['test/e2e/**/*.test.ts'],
          expect: { poll: { timeout: 120_000 } },
          globalSetup: ['test/support/build-window.ts'],
        },
      },
    ],
  },
});
