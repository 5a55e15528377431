import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Vite would take graphql's ES modules where Node, and so every library, takes its CommonJS: two realms of types.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/global.ts'],
    setupFiles: ['test/setup.ts'],
    maxWorkers: 2,
    // A worker loads the hub once, not once for each of its files: a run takes 350 s of a processor instead of 600. What a
    // file has started ends with it: test/setup.ts looks.
    isolate: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
