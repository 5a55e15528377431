import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { Database } from '../../src/database/database.js';
import { answering, dataOf, versionsByCustomer } from './receiver.js';
import { webhookFixture } from './webhook-fixture.js';

const hub = webhookFixture();

/** A database that breaks for good when told to: to the rest of the world its worker is dead. */
class MortalDatabase extends Database {
  dead = false;
  override asSystem: Database['asSystem'] = (work) =>
    this.dead ? Promise.reject(new Error('this worker is dead')) : super.asSystem(work);
}

test('a worker dies in the middle: another one takes over, everything arrives, in order but for what was sent again', async () => {
  const owner = await hub.owner();
  const receiver = await hub.receiver((_request, res) => void setTimeout(() => res.writeHead(204).end(), 5));
  const endpoint = await owner.endpoint(receiver);
  const customers = await owner.customers(20);
  for (let round = 0; round < 4; round++) await owner.change(customers);
  const mortal = new MortalDatabase(hub.db.dataSource);
  // Results are written rarely, so that much has been sent and not been acknowledged when it dies.
  hub.dispatcher({ leaseMs: 600, deadlineMs: 200, flushMs: 60_000 }, { db: mortal });
  await receiver.until((requests) => requests.length === 40);
  mortal.dead = true;
  const { epoch } = await owner.cursor(endpoint.id);
  hub.dispatcher({ leaseMs: 600, deadlineMs: 200 });
  await hub.eventually(async () => (await owner.cursor(endpoint.id)).acked === 100);
  expect((await owner.cursor(endpoint.id)).epoch).toBeGreaterThan(epoch);
  const versions = versionsByCustomer(receiver.requests);
  for (const customer of customers) {
    const told = versions.get(customer)!;
    expect(new Set(told)).toEqual(new Set([1, 2, 3, 4, 5]));
    expect(told.at(-1)).toBe(5);
    // What is new is told in order; only what was told before is told again.
    const firsts = told.filter((version, i) => told.indexOf(version) === i);
    expect(firsts).toEqual([1, 2, 3, 4, 5]);
  }
  expect(receiver.requests.length - 100).toBeLessThanOrEqual(256);
});

test('a worker that lost its lease changes nothing any more', async () => {
  const owner = await hub.owner();
  const answers: (() => void)[] = [];
  const receiver = await hub.receiver((_request, res) => void answers.push(() => res.writeHead(204).end()));
  const endpoint = await owner.endpoint(receiver);
  await owner.customers(1);
  hub.dispatcher();
  await receiver.until((requests) => requests.length === 1);
  const thief = randomUUID();
  await hub.rows(
    `UPDATE webhook_cursor SET lease_owner = $2, lease_epoch = lease_epoch + 1, lease_until = now() + interval '1 hour'
     WHERE endpoint_id = $1`,
    [endpoint.id, thief],
  );
  answers[0]!();
  await hub.eventually(() => Promise.resolve(hub.logged.some((line) => line.message === 'webhook.lease.lost')));
  expect(await owner.cursor(endpoint.id)).toMatchObject({ acked: 0, leaseOwner: thief });
  expect(await owner.attempts(endpoint.id)).toEqual([]);
  expect(await owner.parked(endpoint.id)).toEqual([]);
});

test('stopping ends what is under way, gives the lease back, and nothing that was delivered is sent again', async () => {
  const owner = await hub.owner();
  const customers = await owner.customers(6);
  const hangs = customers[0]!;
  const receiver = await hub.receiver((request, res) => {
    if (dataOf(request).customerId !== hangs) res.writeHead(204).end();
  });
  const endpoint = await owner.endpoint(receiver, { maxInFlight: 2 });
  await owner.change(customers);
  const dispatcher = hub.dispatcher({ drainMs: 100 });
  await receiver.until((requests) => requests.length === 6);
  await Promise.all([dispatcher.stop(), dispatcher.stop()]);
  expect(await owner.cursor(endpoint.id)).toMatchObject({ leaseOwner: null, acked: 12 });
  expect(await owner.parked(endpoint.id)).toMatchObject([{ customerId: hangs, attempt: 0, state: 'RETRY' }]);
  receiver.answer(answering(204));
  dispatcher.start();
  dispatcher.start();
  await hub.eventually(async () => (await owner.parked(endpoint.id)).length === 0);
  await dispatcher.stop();
  const told = receiver.requests.map(dataOf).map(({ customerId }) => customerId);
  for (const customer of customers)
    expect(told.filter((id) => id === customer)).toHaveLength(customer === hangs ? 2 : 1);
});

test('two workers share the endpoints, each event is sent once', async () => {
  const owner = await hub.owner();
  const receivers = await Promise.all([1, 2, 3, 4].map(() => hub.receiver()));
  const endpoints = await Promise.all(receivers.map((receiver) => owner.endpoint(receiver)));
  hub.dispatcher();
  hub.dispatcher();
  const customers = await owner.customers(10);
  for (let round = 0; round < 5; round++) await owner.change(customers);
  for (const endpoint of endpoints) await hub.eventually(async () => (await owner.cursor(endpoint.id)).acked === 60);
  for (const receiver of receivers) {
    expect(receiver.requests).toHaveLength(60);
    for (const versions of versionsByCustomer(receiver.requests).values()) expect(versions).toEqual([1, 2, 3, 4, 5, 6]);
  }
});

test('an error of the database ends a run, not the dispatcher', async () => {
  const owner = await hub.owner();
  const receiver = await hub.receiver();
  const endpoint = await owner.endpoint(receiver);
  const mortal = new MortalDatabase(hub.db.dataSource);
  hub.dispatcher({ leaseMs: 600, deadlineMs: 200 }, { db: mortal });
  mortal.dead = true;
  await hub.eventually(() => Promise.resolve(hub.logged.some((line) => line.message === 'webhook.claim.failed')));
  await owner.customers(1);
  mortal.dead = false;
  await hub.eventually(async () => (await owner.cursor(endpoint.id)).acked === 1);
  expect(receiver.requests).toHaveLength(1);
});
