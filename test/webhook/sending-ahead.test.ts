import { expect, test } from 'vitest';
import { snapshotsShown } from '../../src/snapshot/snapshots-shown.js';
import { subjectsShown } from '../../src/snapshot/subjects-shown.js';
import { SubjectsAhead } from '../../src/webhook/subjects-ahead.js';
import { loadServedEndpoint } from '../../src/webhook/served-endpoint.js';
import { shardEventsAfter } from '../../src/webhook/shard-events.js';
import { Leavers } from '../../src/webhook/told-customers.js';
import { windowSize } from '../../src/webhook/event-window.js';
import { dataOf } from './receiver.js';
import { tagOf } from './tagging.js';
import { webhookFixture } from './webhook-fixture.js';

const hub = webhookFixture();

test('D5: while nothing can be written, no more is sent than a crash may send twice', async () => {
  const owner = await hub.owner();
  let answerFirst!: () => void;
  const locked = await hub.receiver((_request, res, index) => {
    const answer = () => void res.writeHead(204).end();
    if (index === 0) answerFirst = answer;
    else answer();
  });
  const free = await hub.receiver();
  const endpoint = await owner.endpoint(locked, { maxInFlight: 64 });
  await owner.endpoint(free, { maxInFlight: 64 });
  hub.dispatcher();
  await owner.customers(600);
  await locked.until((requests) => requests.length >= 1);
  let acked = 0;
  await hub.db.asSystem(async (sql) => {
    const [cursor] = await sql.rows<{ acked: number }>(
      'SELECT acked_pos::int AS acked FROM webhook_cursor WHERE endpoint_id = $1 FOR UPDATE',
      [endpoint.id],
    );
    acked = cursor!.acked;
    answerFirst();
    await locked.until((requests) => requests.length >= acked + windowSize - 64);
    await owner.customers(100);
    await free.until((requests) => requests.length === 700); // it has had the time to send more
    expect(locked.requests.length).toBeLessThanOrEqual(acked + windowSize);
  });
  await hub.eventually(async () => (await owner.cursor(endpoint.id)).acked === 700);
  expect(new Set(locked.requests.map((request) => dataOf(request).customerId)).size).toBe(700);
  expect(locked.requests).toHaveLength(700);
});

test('D4: what was read ahead serves the events of its page, for a moment', async () => {
  const owner = await hub.owner();
  const { id: endpointId } = await owner.endpoint(await hub.receiver());
  const [customerId] = (await owner.customers(2)) as [string];
  const ahead = new SubjectsAhead();
  const place = { ownerId: owner.id, endpointId };
  const endpoint = (await hub.db.asSystem((sql) => loadServedEndpoint(sql, hub.secret, place)))!;
  const began = performance.now();
  const page = await hub.db.asSystem(async (sql) => {
    const from = { ownerId: owner.id, endpoint, leavers: new Leavers() };
    const range = { after: 0n, limit: 10, at: new Date() };
    const read = await shardEventsAfter(sql, from, { shard: 0, shards: 1 }, range);
    await ahead.read(sql, owner.id, endpoint, read, range.at);
    return read;
  });
  const [event] = page.events;
  const job = { customerId, attempt: 1, parked: null, event: event!, count: 1 } as const;
  expect(ahead.prepare(endpoint, job, began)).toMatchObject({
    judgement: 'SEND',
    subject: { snapshot: { version: 1 } },
  });
  // A later event must not be told with what was read before it.
  expect(ahead.prepare(endpoint, { ...job, event: { ...event!, pos: page.readPos + 1n } }, began)).toBeNull();
  expect(ahead.prepare(endpoint, { ...job, customerId: '0' }, began)).toBeNull();
  expect(ahead.prepare({ ...endpoint, reasons: ['EXCLUDED'] }, job, began)).toMatchObject({ judgement: 'PASS' });
  expect(ahead.prepare(endpoint, job, performance.now() + 100)).toBeNull();
});

test('D4: who was told by a statement of its own meanwhile is not told what was read before that', async () => {
  const owner = await hub.owner();
  const { id: endpointId } = await owner.endpoint(await hub.receiver());
  const [customerId, other] = (await owner.customers(2)) as [string, string];
  const ahead = new SubjectsAhead();
  const endpoint = (await hub.db.asSystem((sql) =>
    loadServedEndpoint(sql, hub.secret, { ownerId: owner.id, endpointId }),
  ))!;
  const read = () =>
    hub.db.asSystem(async (sql) => {
      const from = { ownerId: owner.id, endpoint, leavers: new Leavers() };
      const range = { after: 0n, limit: 10, at: new Date() };
      const page = await shardEventsAfter(sql, from, { shard: 0, shards: 1 }, range);
      await ahead.read(sql, owner.id, endpoint, page, range.at);
      return page.events;
    });
  const events = await read();
  const prepare = (id: string) => {
    const event = events.find((one) => one.customerId === id)!;
    return ahead.prepare(endpoint, { customerId: id, attempt: 1, parked: null, event, count: 1 }, now);
  };
  const now = performance.now(); // as if no time passed: it is not age that is looked at here
  expect(prepare(customerId)).not.toBeNull();
  ahead.outdate([customerId], now);
  expect(prepare(customerId)).toBeNull();
  expect(prepare(other)).not.toBeNull();
  await read();
  expect(prepare(customerId)).not.toBeNull();
});

test('D4, G32: what is sent as the text that was stored is the snapshot that is shown, every tag among it', async () => {
  const owner = await hub.owner();
  const [vip, news] = [await tagOf(hub, owner, 'VIP "A"'), await tagOf(hub, owner, 'News')];
  const customers = await owner.customers(3);
  await hub.rows(`UPDATE customer SET name = 'Zoë "x", "tags": []}' WHERE id = $1`, [customers[0]]);
  await vip.set(customers.slice(0, 2));
  await news.set(customers.slice(1, 2));
  const [subjects, shown] = await hub.db.asSystem(async (sql) => [
    await subjectsShown(sql, owner.id, customers, null),
    await snapshotsShown(sql, owner.id, customers),
  ]);
  expect(customers.map((id) => shown.get(id)!.tags.map(({ value }) => value))).toEqual([
    [true, false],
    [true, true],
    [false, false],
  ]);
  for (const id of customers) {
    expect(JSON.parse(subjects.get(id)!.text!)).toEqual(shown.get(id));
    expect(subjects.get(id)!.snapshot).toEqual(shown.get(id));
  }
});
