import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestHub, testSecret, type TestHub } from '../hub.js';
import { customers, importFile, ndjson } from '../import/import-request.js';
import { Sender } from '../import/sender.js';
import { command, endStarted } from '../process/command.js';
import { MemoryWatch, residentBytes } from './resident-memory.js';

const long = process.env.STAMDATA_FAULT_SECONDS !== undefined;
const count = 1_000_000;

let hub: TestHub;
beforeAll(async () => {
  hub = await startTestHub();
});
afterAll(async () => {
  await endStarted();
  await hub.stop();
});

test.runIf(long)(
  'issue 6: a process that imports 1,000,000 rows grows by less than 200 MB',
  async () => {
    const owner = await hub.owner();
    const started = command('dist/src/main.js', [], {
      ...{ PORT: '0', DATABASE_URL: hub.clone.url, STAMDATA_SECRET: testSecret, STAMDATA_ROLES: 'api' },
    });
    const url = /http:\S+/.exec(await started.line(/^stamdata is ready at /))![0];
    await importFile({ url }, owner, ndjson(customers(1, 5_000)));
    expect(residentBytes(started.child.pid!), 'Linux tells the memory of a process').not.toBeNull();
    const watch = new MemoryWatch(started.child.pid!);
    const sender = new Sender(url, owner);
    for (let from = 0; from < count; from += 500) await sender.send(ndjson(customers(5_001 + from, 5_500 + from)));
    const answer = await sender.end().answer();
    const growth = watch.growth()!;
    expect(answer.last.counts).toMatchObject({ rows: count, created: count });
    console.log(`1,000,000 rows: grown by ${Math.round(growth / 1e6)} MB`);
    expect(growth).toBeLessThan(200_000_000);
  },
  3_600_000,
);
