import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { adminKey, startTestHub, testSecret, type TestHub } from '../hub.js';
import { codesOf, customers, ndjson, operations, type Told } from '../import/import-request.js';
import { Sender } from '../import/sender.js';
import { endStarted } from '../process/command.js';
import { Fleet } from './fleet.js';
import { Random } from './random.js';

const long = process.env.STAMDATA_FAULT_SECONDS !== undefined;
const [count, kills] = long ? [100_000, 100] : [12_000, 3];
const rowsTogether = 500;

let hub: TestHub;
let fleet: Fleet;
beforeAll(async () => {
  hub = await startTestHub();
  fleet = new Fleet({
    env: {
      ...{ DATABASE_URL: hub.clone.url, STAMDATA_SECRET: testSecret, STAMDATA_ADMIN_KEY: adminKey },
      ...{ PORT: '0', LOG_LEVEL: 'fatal' },
    },
    roles: ['api', 'api', 'api'],
  });
  await fleet.start();
}, 120_000);
afterAll(async () => {
  await fleet.stop();
  await endStarted();
  await hub.stop();
});

const title = `issue 6, D 14: ${kills} × kill -9 of three processes while a retrying client imports ${count} rows: each row once, no partial chunk, every change an event`;
test(title, { timeout: long ? 1_800_000 : 120_000 }, async () => {
  const random = new Random(6);
  const owner = await hub.owner();
  const rows = customers(1, count, (n) => (n % 1_000 === 0 ? { email: 'nobody' } : { tags: ['imported'] }));
  const strikes: Strikes = { kills: 0, cuts: 0 };
  const sending = send(owner, rows, strikes, random);
  while (!isOver(strikes)) {
    await sleep(random.below(400));
    if (fleet.killServer(random)) strikes.kills++;
  }
  const answer = await sending;
  const good = count - count / 1_000;
  expect(answer.last).toMatchObject({ done: true, counts: { rows: count, created: good, rejected: count - good } });
  expect(answer.problems).toHaveLength(count - good);
  const codes = await codesOf(hub, owner);
  expect([codes.length, new Set(codes).size]).toEqual([good, good]);
  const [kept] = await hub.clone.sql<{ lines: number; tagged: number; events: number }>(
    `SELECT (SELECT sum(array_length(string_to_array(lines, E'\\n'), 1) - 1)::int FROM bulk_operation_result WHERE owner_id = $1) AS lines,
       (SELECT count(*)::int FROM customer_tag WHERE owner_id = $1) AS tagged,
       (SELECT count(*)::int FROM (SELECT customer_id FROM outbox WHERE owner_id = $1
         UNION ALL SELECT customer_id FROM feed WHERE owner_id = $1) AS e) AS events`,
    [owner.id],
  );
  expect(kept).toEqual({ lines: count, tagged: good, events: good });
  expect(await operations(owner)).toMatchObject([{ state: 'DONE', rows: count }]);
  expect(fleet.surprises).toEqual([]);
});

interface Strikes {
  kills: number;
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
      const answer = await sent(sender, rows, strikes);
      sender.cut();
      if (answer?.last.done) return answer;
    }
    await sleep(100);
  }
}

/** Undefined when it was cut off. Anything but "done" and "still at work" is a failure of the hub. */
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
  if (answer.last.error.code !== 'IN_PROGRESS') throw new Error(JSON.stringify(answer.last));
  return undefined;
}
