import { expect, test } from 'vitest';
import { updateEndpoint } from '../../src/webhook/update-endpoint.js';
import { answering, dataOf, versionsByCustomer } from './receiver.js';
import { replayFixture } from './replay-fixture.js';
import { webhookFixture } from './webhook-fixture.js';

const hub = webhookFixture();
const { ask, everything, replay, done } = replayFixture(hub);

test('B.6, B.7: several workers replay an endpoint side by side, each its shards; it is done when all are', async () => {
  const owner = await hub.owner();
  const receiver = await hub.receiver();
  const endpoint = await owner.endpoint(receiver, { shards: 4 });
  const customers = await owner.customers(60);
  await owner.change(customers);
  await everything(endpoint.id);
  hub.dispatcher();
  hub.dispatcher();
  const events = await ask(owner, endpoint.id);
  const states = await ask(owner, endpoint.id, { currentState: true }); // waits for all shards of the first
  await done(states);
  expect(await replay(events)).toMatchObject({ state: 'DONE', selected: 120, sent: 120, failed: 0 });
  expect(await replay(states)).toMatchObject({ selected: 60, sent: 60 });
  const types = receiver.requests.map(({ headers }) => headers['webhook-event']);
  expect(types.slice(0, 120)).not.toContain('customer.snapshot');
  const versions = versionsByCustomer(receiver.requests.slice(0, 120));
  for (const customer of customers) expect(versions.get(customer)).toEqual([1, 2]);
});

test('B.6, B.7: the number of shards changes in the middle of a replay: nothing is left out', async () => {
  const owner = await hub.owner();
  const receiver = await hub.receiver((_request, res) => void setTimeout(() => res.writeHead(204).end(), 3));
  const endpoint = await owner.endpoint(receiver);
  const customers = await owner.customers(80);
  await everything(endpoint.id);
  hub.dispatcher();
  hub.dispatcher();
  const id = await ask(owner, endpoint.id, { currentState: true });
  await receiver.until((requests) => requests.length >= 20);
  await updateEndpoint(hub, owner.id, endpoint.id, { url: receiver.url, shards: 3 });
  await receiver.until((requests) => requests.length >= 50);
  await updateEndpoint(hub, owner.id, endpoint.id, { url: receiver.url, shards: 1 });
  await done(id);
  expect(new Set(receiver.requests.map((request) => dataOf(request).customerId))).toEqual(new Set(customers));
  const parts = await hub.rows('SELECT shard, done FROM webhook_replay_part WHERE replay_id = $1', [id]);
  expect(parts.every((part) => (part as { done: boolean }).done)).toBe(true);
});

test('B.7: a dead customer whose later events wait for a person goes on with deadOnly, in order', async () => {
  const owner = await hub.owner();
  const receiver = await hub.receiver(answering(422));
  const endpoint = await owner.endpoint(receiver, { onDead: 'BLOCK' });
  const [customer] = await owner.customers(1);
  hub.dispatcher({ retryScheduleMs: [10] });
  await hub.eventually(async () => (await owner.parked(endpoint.id))[0]?.state === 'DEAD');
  await owner.change([customer!]);
  await owner.change([customer!]);
  await hub.eventually(async () => (await owner.cursor(endpoint.id)).acked === 3);
  const before = receiver.requests.length;
  receiver.answer(answering(204));
  const id = await ask(owner, endpoint.id, { deadOnly: true });
  await done(id);
  await hub.eventually(async () => (await owner.parked(endpoint.id)).length === 0);
  expect(receiver.requests.slice(before).map((request) => dataOf(request).version)).toEqual([1, 2, 3]);
  expect(await replay(id)).toMatchObject({ selected: 1, sent: 1, failed: 0 });
});

test('B.7, A44: of a customer that is excluded by now only that is told, and a dead one whose event has left the feed is told by its state', async () => {
  const owner = await hub.owner();
  const receiver = await hub.receiver(answering(422));
  const endpoint = await owner.endpoint(receiver);
  const [gone, dead] = await owner.customers(2);
  hub.dispatcher({ retryScheduleMs: [10] });
  await hub.eventually(
    async () => (await owner.parked(endpoint.id)).filter(({ state }) => state === 'DEAD').length === 2,
  );
  await hub.rows('DELETE FROM feed WHERE owner_id = $1', [owner.id]);
  await hub.rows('UPDATE feed_head SET min_pos = 3 WHERE owner_id = $1', [owner.id]);
  receiver.answer(answering(204));
  await owner.exclude(gone!);
  await hub.eventually(async () => (await owner.parked(endpoint.id)).length === 1);
  const before = receiver.requests.length;
  const deadOnly = await ask(owner, endpoint.id, { deadOnly: true });
  await done(deadOnly);
  await hub.eventually(async () => (await owner.parked(endpoint.id)).length === 0);
  const ofGone = await ask(owner, endpoint.id, { customerId: gone! });
  await done(ofGone);
  const told = receiver.requests.slice(before);
  expect(told.map(({ headers }) => headers['webhook-event'])).toEqual(['customer.snapshot', 'customer.excluded']);
  expect(told.map((request) => dataOf(request).customerId)).toEqual([dead, gone]);
  expect(told[1]!.body).not.toContain('Lovelace');
  expect(dataOf(told[1]!).snapshot).toBeNull();
});
