import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { adminKey, startTestHub, testSecret, type TestHub } from '../hub.js';
import { codesOf, customers, ndjson, operations, until, type Told } from '../import/import-request.js';
import { Sender } from '../import/sender.js';
import { endStarted } from '../process/command.js';
import type { BrokenCopy } from './broken-copy.js';
import { DeliveryLedger } from './delivery-ledger.js';
import { Fleet } from './fleet.js';
import { hasty, hastyBuild } from './hasty-build.js';
import { Random } from './random.js';

const long = process.env.STAMDATA_FAULT_SECONDS !== undefined;
const [count, kills] = long ? [100_000, 100] : [4_000, 3];
const rowsTogether = 500;
/** What the dead have left is taken over when their leases end, and sent. */
const settleMs = long ? 600_000 : 60_000;

let hub: TestHub;
let build: BrokenCopy;
let fleet: Fleet;
const ledger = new DeliveryLedger();
beforeAll(async () => {
  hub = await startTestHub({ env: { STAMDATA_ROLES: 'api' } }); // only looks on: all that is to be done, the fleet does
  await ledger.start();
  build = hastyBuild('import', long ? null : hasty);
  fleet = new Fleet({
    main: build.path('main.js'),
    env: {
      ...{
        DATABASE_URL: hub.clone.url,
        STAMDATA_SECRET: testSecret,
        STAMDATA_ADMIN_KEY: adminKey,
        STAMDATA_COST_PER_SECOND: '0',
        STAMDATA_SOCKETS_PER_KEY: '1000',
      },
      ...{ PORT: '0', LOG_LEVEL: 'fatal', WEBHOOK_ALLOW_HTTP: 'true', WEBHOOK_ALLOW_CIDRS: '127.0.0.0/8' },
    },
    roles: Array<string>(3).fill('api,relay,webhooks'),
  });
  await fleet.start();
}, 120_000);
afterAll(async () => {
  await fleet?.stop();
  await endStarted();
  build?.remove();
  await ledger.stop();
  await hub?.stop();
}, 60_000);

const title = `issue 6, D 14: ${kills} × kill -9 of three processes while a retrying client imports ${count} rows: each row once, no partial chunk, every change delivered`;
test(title, { timeout: (long ? 1_800_000 : 120_000) + settleMs }, async () => {
  const random = new Random(6);
  const owner = await hub.owner();
  await owner.gql(
    'mutation ($input: WebhookEndpointInput!) { createWebhookEndpoint(input: $input) { userErrors { message } } }',
    { input: { url: ledger.url('/all'), ratePerSecond: 10_000, maxInFlight: 32, shards: 4 } },
  );
  const rows = customers(1, count, (n) => (n % 1_000 === 0 ? { email: 'nobody' } : { tags: ['imported'] }));
  const strikes: Strikes = { kills: 0, connections: 0, cuts: 0 };
  let over = false;
  const sending = send(owner, rows, strikes, random).finally(() => (over = true));
  sending.catch(() => undefined); // told below
  while (!isOver(strikes) && !over) {
    await sleep(random.below(400));
    if (fleet.killServer(random)) strikes.kills++;
  }
  const answer = await sending;
  const good = count - count / 1_000;
  expect(answer.last).toMatchObject({ done: true, counts: { rows: count, created: good, rejected: count - good } });
  expect(answer.problems).toHaveLength(count - good);
  const codes = await codesOf(hub, owner);
  expect([codes.length, new Set(codes).size]).toEqual([good, good]);
  const { customerIds, ...kept } = await keptOf(owner.id);
  expect(kept).toEqual({ lines: count, told: good, tagged: good, snapshots: good });
  expect(await operations(owner)).toMatchObject([{ state: 'DONE', rows: count }]);
  await fleet.ready();
  await until(unsettled, (left) => left === 0, settleMs);
  const [feed] = await hub.clone.sql(
    `SELECT count(*)::int AS events, count(DISTINCT (customer_id, version))::int AS changes, max(pos)::int AS last
     FROM feed WHERE owner_id = $1`,
    [owner.id],
  );
  expect(feed).toEqual({ events: good, changes: good, last: good });
  const wanted = customerIds.map((customerId) => ({ customerId, version: 1 }));
  expect(ledger.missing('/all', wanted).slice(0, 5)).toEqual([]);
  expect(fleet.surprises).toEqual([]);
  if (long)
    console.info(
      `${count} rows over ${strikes.connections} connections, ` +
        `${fleet.kills.ready} kills; ${ledger.arrivals.length} deliveries, ${ledger.repeats('/all')} of them repeated`,
    );
});

/** What is stored: lines of results, of them those whose customer is there, links to the tag, snapshots. */
async function keptOf(ownerId: string) {
  const [kept] = await hub.clone.sql<{ lines: number; told: number; tagged: number; snapshots: number }>(
    `WITH line AS (SELECT regexp_split_to_table(rtrim(lines, E'\\n'), E'\\n')::json AS row
       FROM bulk_operation_result WHERE owner_id = $1)
     SELECT (SELECT count(*)::int FROM line) AS lines,
       (SELECT count(DISTINCT c.id)::int FROM line JOIN customer c ON c.owner_id = $1 AND c.id = (row ->> 'customerId')::bigint
         AND c.code = row ->> 'code' WHERE row ->> 'action' = 'CREATE') AS told,
       (SELECT count(*)::int FROM customer_tag WHERE owner_id = $1) AS tagged,
       (SELECT count(*)::int FROM customer_snapshot WHERE owner_id = $1) AS snapshots`,
    [ownerId],
  );
  const customers = await hub.clone.sql<{ id: string }>('SELECT id FROM customer WHERE owner_id = $1', [ownerId]);
  return { ...kept, customerIds: customers.map(({ id }) => id) };
}

/** How many events nobody has moved, sent, or had answered. */
async function unsettled(): Promise<number> {
  const [left] = await hub.clone.sql<{ events: number }>(
    `SELECT ((SELECT count(*) FROM outbox) + (SELECT count(*) FROM webhook_parked)
       + (SELECT coalesce(sum(h.last_pos - c.acked_pos), 0) FROM webhook_cursor c JOIN feed_head h USING (owner_id)))::int AS events`,
  );
  return left!.events;
}

interface Strikes {
  kills: number;
  connections: number;
  /** Those that cut off the sender. */
  cuts: number;
}

const isOver = (strikes: Strikes): boolean => strikes.kills >= kills && strikes.cuts > 0;

type Customer = ReturnType<typeof customers>[number];

/** Sends the file with one key until it is answered to its end. */
async function send(
  owner: { code: string; key: string },
  rows: Customer[],
  strikes: Strikes,
  random: Random,
): Promise<Told> {
  for (;;) {
    const url = fleet.url(random);
    if (url !== undefined) {
      const sender = new Sender(url, owner, { idempotencyKey: 'the storm' });
      strikes.connections++;
      const answer = await sent(sender, rows, strikes);
      sender.cut();
      if (answer?.last.done) return answer;
    }
    await sleep(100);
  }
}

/** What a sender tries again after: somebody is still at it, or it has held the file back for too long itself. */
const passing = ['IN_PROGRESS', 'INTERRUPTED'];

/** Undefined when it was cut off, or is to try again. Any other refusal is a failure of the hub. */
async function sent(sender: Sender, rows: Customer[], strikes: Strikes): Promise<Told | undefined> {
  const isCut = () => sender.request.destroyed;
  for (let from = 0; from < rows.length && !isCut(); from += rowsTogether) {
    // so much of the file as there were kills, so that they are spread over it however fast the machine is
    const isLast = from + rowsTogether >= rows.length;
    const mayGo = () => (isLast ? isOver(strikes) : strikes.kills >= (kills * from) / rows.length);
    while (!mayGo() && !isCut()) await sleep(20);
    await sender.send(ndjson(rows.slice(from, from + rowsTogether)));
  }
  if (isCut()) strikes.cuts++;
  const answer = await sender
    .end()
    .answer()
    .catch(() => undefined); // it may break off within a line
  if (!answer || answer.last.done || answer.last.error === undefined) return answer;
  if (!passing.includes(answer.last.error.code)) throw new Error(JSON.stringify(answer.last));
  return undefined;
}
