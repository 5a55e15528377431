import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const besideThisFile = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Builds the GraphiQL page into `dist/graphiql`; every path is fixed here, so it works from any directory. */
export default defineConfig({
  root: besideThisFile('.'),
  base: '/graphiql/',
  publicDir: false,
  plugins: [react()],
  build: {
    outDir: besideThisFile('../dist/graphiql'),
    emptyOutDir: true, // only dist/graphiql: the server's own build lies beside it
    sourcemap: false,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 4000, // Monaco is one lazy chunk of about 2.8 MB
    rolldownOptions: {
      onLog(level, log, report) {
        // GraphiQL's files carry "use no memo", a word to React's compiler that has no part in this build.
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE') report(level, log);
      },
    },
  },
});
