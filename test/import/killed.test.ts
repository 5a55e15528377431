import { afterAll, beforeAll, expect, test } from 'vitest';
import { endAbandoned } from '../../src/import/abandoned-imports.js';
import { startTestHub, testSecret, type TestHub } from '../hub.js';
import { command, endStarted, type Command } from '../process/command.js';
import { residentBytes } from '../faults/resident-memory.js';
import { codesOf, customers, importFile, ndjson, operations, until } from './import-request.js';
import { Sender } from './sender.js';

let hub: TestHub;
/** A process of its own on the same database. */
let doomed: { hub: Command; url: string };
beforeAll(async () => {
  hub = await startTestHub({ env: { STAMDATA_ROLES: 'api' } }); // nobody takes summaries or ends imports meanwhile
  doomed = await startProcess();
});
afterAll(async () => {
  await endStarted();
  await hub.stop();
});

async function startProcess(): Promise<{ hub: Command; url: string }> {
  const started = command('dist/src/main.js', [], {
    ...{
      PORT: '0',
      DATABASE_URL: hub.clone.url,
      STAMDATA_SECRET: testSecret,
      STAMDATA_ROLES: 'api',
      LOG_LEVEL: 'error',
    },
  });
  return { hub: started, url: /http:\S+/.exec(await started.line(/^stamdata is ready at /))![0] };
}

test('issue 6: memory stays the same however long the file is', async () => {
  const owner = await hub.owner();
  const pid = doomed.hub.child.pid!;
  await importFile(doomed, owner, ndjson(customers(1, 10_000))); // what a first import brings with it stays
  const before = residentBytes(pid);
  if (before === null) return; // not told by this system
  const sender = new Sender(doomed.url, owner);
  let most = before;
  for (let from = 10_001; from <= 60_000; from += 500) {
    const rows = customers(from, from + 499, () => ({ address: 'x'.repeat(150), city: 'Odense' }));
    await sender.send(ndjson(rows));
    most = Math.max(most, residentBytes(pid)!);
  }
  expect((await sender.end().answer()).last.counts).toMatchObject({ created: 50_000 });
  expect(most - before).toBeLessThan(150_000_000);
}, 120_000);

test('issue 6.1, 6.6: a process killed with -9 in the middle: within seconds it is INTERRUPTED, the same key goes on elsewhere, and no row is lost or doubled', async () => {
  const owner = await hub.owner();
  const rows = customers(1, 8_000, (n) => ({ externalReferences: [{ system: 'WOOCOMMERCE', identifier: `${n}` }] }));
  const query = { idempotencyKey: 'killed', delivery: 'SUMMARY' };
  const sender = new Sender(doomed.url, owner, query);
  await sender.send(ndjson(rows.slice(0, 5_000)));
  await until(
    () => operations(owner),
    ([operation]) => (operation?.rows ?? 0) > 0,
  );
  doomed.hub.child.kill('SIGKILL');
  const [stopped] = await until(
    () => operations(owner),
    ([operation]) => operation?.state === 'INTERRUPTED',
  );
  expect(stopped).toMatchObject({
    note: 'the process that was at it has ended',
    endedAt: expect.any(String) as string,
  });
  // delivery-design B.3: what it wrote is told as a whole, also when nobody goes on with it
  const summaries = async () =>
    (
      await hub.clone.sql<{ told: object }>(
        `SELECT body::jsonb->'data'->'counts' AS told FROM batch_summary WHERE owner_id = $1 ORDER BY id`,
        [owner.id],
      )
    ).map(({ told }) => told);
  expect(await summaries()).toEqual([]);
  await endAbandoned(hub.hub.db, null, 0);
  await endAbandoned(hub.hub.db, null, 0);
  expect(await summaries()).toMatchObject([{ rows: stopped!.rows, created: stopped!.rows }]);
  expect(await operations(owner)).toEqual([stopped]);
  const answer = await importFile(hub, owner, ndjson(rows), { query });
  expect(answer).toMatchObject({
    status: 200,
    problems: [],
    last: { done: true, counts: { rows: 8_000, created: 8_000 } },
  });
  expect(await summaries()).toMatchObject([{ rows: stopped!.rows }, { rows: 8_000, created: 8_000 }]);
  const codes = await codesOf(hub, owner);
  expect([codes.length, new Set(codes).size]).toEqual([8_000, 8_000]);
  const [left] = await hub.clone.sql<{ count: number; lines: number }>(
    `SELECT (SELECT count(*)::int FROM external_reference WHERE owner_id = $1) AS count,
       (SELECT sum(array_length(string_to_array(lines, E'\\n'), 1) - 1)::int FROM bulk_operation_result WHERE owner_id = $1) AS lines`,
    [owner.id],
  );
  expect(left).toEqual({ count: 8_000, lines: 8_000 });
});
