import { readConfig } from '../src/config.js';
import { limitHeapGrowth } from '../src/heap-growth.js';
import { startHub, type RunningHub } from '../src/start-hub.js';
import { answerBench } from './bench-process.js';

let running: RunningHub;

/** A hub as an operator runs it beside a PostgreSQL: `BenchProcess.start('hub-process.ts', { database, dataDir })`. */
answerBench({
  start: async ({ database, dataDir, env }: { database: string; dataDir: string; env: Record<string, string> }) => {
    limitHeapGrowth();
    const own = { PORT: '0', DATABASE_URL: database, STAMDATA_DATA_DIR: dataDir, LOG_LEVEL: 'error' };
    running = await startHub(readConfig({ ...own, ...env }));
  },
  url: () => `${running.url}/graphql`,
  stop: () => running.stop(),
});
