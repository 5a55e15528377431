import { expect, test } from 'vitest';
import { Database } from '../../src/database/database.js';
import { answering, dataOf, versionsByCustomer, type Behaviour, type Received } from './receiver.js';
import { replayFixture } from './replay-fixture.js';
import { webhookFixture } from './webhook-fixture.js';

const hub = webhookFixture();
const { ask, everything, replay, done } = replayFixture(hub);

const isReplay = (request: Received) => request.headers['webhook-replay'] === '1';
const ascending = (versions: number[] = []) => versions.every((version, i) => i === 0 || version >= versions[i - 1]!);

/** A receiver that answers after a moment, by `status`, and notes how many requests were under way at once. */
function watchful(status: (request: Received) => number = () => 204) {
  const underWay = new Map<string, number>();
  const seen = { overlapping: 0, replays: 0, mostReplays: 0 };
  const behave: Behaviour = (request, res) => {
    const { customerId } = dataOf(request);
    underWay.set(customerId, (underWay.get(customerId) ?? 0) + 1);
    if (underWay.get(customerId)! > 1) seen.overlapping += 1;
    if (isReplay(request)) seen.mostReplays = Math.max(seen.mostReplays, ++seen.replays);
    setTimeout(() => {
      underWay.set(customerId, underWay.get(customerId)! - 1);
      if (isReplay(request)) seen.replays -= 1;
      res.writeHead(status(request)).end();
    }, 3);
  };
  return { behave, seen };
}

test('D4, B.7: beside live changes and retries requests of a customer never overlap, each comes in order, none is lost', async () => {
  const owner = await hub.owner();
  let count = 0;
  const { behave, seen } = watchful(() => (++count % 7 === 0 ? 422 : 204));
  const receiver = await hub.receiver(behave);
  const endpoint = await owner.endpoint(receiver, { maxInFlight: 8 });
  const customers = await owner.customers(12);
  for (let round = 0; round < 3; round++) await owner.change(customers);
  hub.dispatcher({ retryScheduleMs: Array.from({ length: 30 }, () => 10) });
  await hub.eventually(async () => (await owner.cursor(endpoint.id)).acked === 48);
  const id = await ask(owner, endpoint.id);
  for (let round = 0; round < 3; round++) await owner.change(customers); // while it runs
  await done(id);
  await hub.eventually(
    async () => (await owner.cursor(endpoint.id)).acked === 84 && (await owner.parked(endpoint.id)).length === 0,
  );
  expect(seen.overlapping).toBe(0);
  const counted = await replay(id);
  expect(counted).toMatchObject({ state: 'DONE', selected: 48 });
  expect([counted.sent + counted.failed, counted.skipped]).toEqual([48, 0]);
  const live = versionsByCustomer(receiver.requests.filter((request) => !isReplay(request)));
  const again = versionsByCustomer(receiver.requests.filter(isReplay));
  for (const customer of customers) {
    const told = live.get(customer)!;
    // Where a replay fails, all of the customer from there on is sent again; what is new is told in order nevertheless.
    expect(told.filter((version, i) => told.indexOf(version) === i)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(new Set(again.get(customer)).size).toBeGreaterThanOrEqual(4);
    expect([1, 2, 3, 4].every((version) => again.get(customer)!.includes(version))).toBe(true);
    const all = receiver.requests.map(dataOf).filter(({ customerId }) => customerId === customer);
    expect(ascending(all.map(({ snapshot }) => snapshot!.version))).toBe(true); // never an older state after a newer
  }
});

test('B.7: a replay takes at most half of the rate, and what happens meanwhile goes first', async () => {
  const owner = await hub.owner();
  const receiver = await hub.receiver();
  const endpoint = await owner.endpoint(receiver, { ratePerSecond: 40 });
  const customers = await owner.customers(31);
  await everything(endpoint.id);
  hub.dispatcher();
  const startedAt = performance.now();
  const id = await ask(owner, endpoint.id);
  await receiver.until((requests) => requests.length >= 5);
  await owner.change(customers.slice(-1));
  await done(id);
  // 31 requests at 20 a second: the first at once, and the slack of the pace
  expect(performance.now() - startedAt).toBeGreaterThan(1_400);
  const place = receiver.requests.findIndex((request) => !isReplay(request));
  expect(place).toBeGreaterThan(0);
  expect(receiver.requests.slice(place + 1).filter(isReplay).length).toBeGreaterThan(0);
});

test('B.7: a worker dies in the middle of a replay: another one goes on, everything is sent, each counted once', async () => {
  const owner = await hub.owner();
  const receiver = await hub.receiver((_request, res) => void setTimeout(() => res.writeHead(204).end(), 5));
  const endpoint = await owner.endpoint(receiver);
  const customers = await owner.customers(20);
  for (let round = 0; round < 4; round++) await owner.change(customers);
  await everything(endpoint.id);
  const id = await ask(owner, endpoint.id);
  const mortal = new MortalDatabase(hub.db.dataSource);
  hub.dispatcher({ leaseMs: 600, deadlineMs: 200, flushMs: 60_000 }, { db: mortal });
  await receiver.until((requests) => requests.length >= 40);
  mortal.dead = true;
  const { epoch } = await owner.cursor(endpoint.id);
  hub.dispatcher({ leaseMs: 600, deadlineMs: 200 });
  await done(id);
  expect((await owner.cursor(endpoint.id)).epoch).toBeGreaterThan(epoch);
  expect(await replay(id)).toMatchObject({ selected: 100, sent: 100, failed: 0, skipped: 0 });
  const versions = versionsByCustomer(receiver.requests);
  for (const customer of customers) {
    const told = versions.get(customer)!;
    const firsts = told.filter((version, i) => told.indexOf(version) === i);
    expect(firsts).toEqual([1, 2, 3, 4, 5]);
  }
  expect(receiver.requests.every(isReplay)).toBe(true);
});

test('B.7: stopped and started again in the middle, a replay goes on where it was: nothing is sent twice', async () => {
  const owner = await hub.owner();
  const { behave, seen } = watchful();
  const receiver = await hub.receiver(behave);
  const endpoint = await owner.endpoint(receiver, { maxInFlight: 4 });
  const customers = await owner.customers(20);
  for (let round = 0; round < 4; round++) await owner.change(customers.slice(0, 10));
  await everything(endpoint.id);
  const id = await ask(owner, endpoint.id);
  const dispatcher = hub.dispatcher();
  for (const part of [15, 30, 45]) {
    await receiver.until((requests) => requests.length >= part);
    await dispatcher.stop();
    dispatcher.start();
  }
  await done(id);
  expect(await replay(id)).toMatchObject({ selected: 60, sent: 60 });
  const ids = receiver.requests.map(({ headers }) => headers['webhook-id']);
  expect([ids.length, new Set(ids).size]).toEqual([60, 60]);
  expect(seen.mostReplays).toBeLessThanOrEqual(2); // half of the requests that may be under way
});

test('B.7: stopped while one request hangs, a replay sends that one again, and nothing of what was sent beyond it', async () => {
  const owner = await hub.owner();
  let hanging = true;
  const customers = await owner.customers(12);
  const receiver = await hub.receiver((request, res) => {
    if (!hanging || dataOf(request).customerId !== customers[0]) res.writeHead(204).end();
  });
  const endpoint = await owner.endpoint(receiver, { maxInFlight: 4 });
  await everything(endpoint.id);
  const id = await ask(owner, endpoint.id);
  const dispatcher = hub.dispatcher({ drainMs: 50 });
  await receiver.until((requests) => requests.length >= 12);
  await dispatcher.stop();
  expect(await replay(id)).toMatchObject({ state: 'RUNNING', sent: 11 });
  hanging = false;
  dispatcher.start();
  await done(id);
  expect(await replay(id)).toMatchObject({ selected: 12, sent: 12, failed: 0 });
  const told = receiver.requests.map((request) => dataOf(request).customerId);
  expect([told.length, told.at(-1)]).toEqual([13, customers[0]]);
});

test('B.7: a worker that lost its lease counts nothing and moves no replay', async () => {
  const owner = await hub.owner();
  const answers: (() => void)[] = [];
  const receiver = await hub.receiver((_request, res) => void answers.push(() => res.writeHead(204).end()));
  const endpoint = await owner.endpoint(receiver);
  await owner.customers(1);
  await everything(endpoint.id);
  const id = await ask(owner, endpoint.id);
  hub.dispatcher();
  await receiver.until((requests) => requests.length === 1);
  await hub.rows(
    `UPDATE webhook_cursor SET lease_owner = gen_random_uuid(), lease_epoch = lease_epoch + 1,
       lease_until = now() + interval '1 hour' WHERE endpoint_id = $1`,
    [endpoint.id],
  );
  answers[0]!();
  await hub.eventually(() => Promise.resolve(hub.logged.some((line) => line.message === 'webhook.lease.lost')));
  expect(await replay(id)).toMatchObject({ state: 'RUNNING', sent: 0 });
  const parts = await hub.rows('SELECT position::int, done FROM webhook_replay_part WHERE replay_id = $1', [id]);
  expect(parts).toEqual([{ position: 0, done: false }]);
});

test('B.7, D6: where the receiver fails altogether, a replay waits behind the breaker and goes on when it recovers', async () => {
  const owner = await hub.owner();
  const receiver = await hub.receiver(answering(503));
  const endpoint = await owner.endpoint(receiver, { mode: 'LATEST' });
  const customers = await owner.customers(30);
  await owner.change(customers);
  await everything(endpoint.id);
  const id = await ask(owner, endpoint.id);
  hub.dispatcher();
  await hub.eventually(async () => (await owner.cursor(endpoint.id)).breaker === 'OPEN');
  expect(await replay(id)).toMatchObject({ state: 'RUNNING' });
  receiver.answer(answering(204));
  const before = receiver.requests.length;
  await done(id);
  await hub.eventually(async () => (await owner.parked(endpoint.id)).length === 0);
  const told = new Set(receiver.requests.slice(before).map((request) => dataOf(request).customerId));
  expect([told.size, receiver.requests.every(isReplay)]).toEqual([30, true]);
});

/** A database that breaks for good when told to: to the rest of the world its worker is dead. */
class MortalDatabase extends Database {
  dead = false;
  override asSystem: Database['asSystem'] = (work) =>
    this.dead ? Promise.reject(new Error('this worker is dead')) : super.asSystem(work);
}
