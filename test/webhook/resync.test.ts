import { expect, test } from 'vitest';
import { EventReason } from '../../src/event-reason.js';
import { updateEndpoint } from '../../src/webhook/update-endpoint.js';
import { answering, dataOf, type Received } from './receiver.js';
import { replayFixture } from './replay-fixture.js';
import { webhookFixture } from './webhook-fixture.js';

const hub = webhookFixture();
const { ask, everything, replay, done } = replayFixture(hub);

const headersOf = ({ headers }: Received) => [headers['webhook-event'], headers['webhook-id']];
const stateOf = async (id: string) => {
  const [row] = await hub.rows<{ state: string; reason: string | null }>(
    'SELECT state, disabled_reason AS reason FROM webhook_endpoint WHERE id = $1',
    [id],
  );
  return row!;
};

/** The feed as it is when its oldest events have been dropped. */
async function forget(ownerId: string, pos: number): Promise<void> {
  await hub.rows('DELETE FROM feed WHERE owner_id = $1 AND pos <= $2', [ownerId, pos]);
  await hub.rows('UPDATE feed_head SET min_pos = $2 + 1 WHERE owner_id = $1', [ownerId, pos]);
}

test('B.7: each customer is told once, by id, under the id of its newest event in the feed or one of the replay', async () => {
  const owner = await hub.owner();
  const receiver = await hub.receiver();
  const endpoint = await owner.endpoint(receiver, { maxInFlight: 1 });
  const customers = await owner.customers(6);
  await owner.change(customers.slice(0, 2));
  hub.dispatcher();
  await receiver.until((requests) => requests.length === 8);
  const newest = new Map(
    receiver.requests.map((request) => [dataOf(request).customerId, request.headers['webhook-id']]),
  );
  await hub.eventually(async () => (await owner.cursor(endpoint.id)).acked === 8);
  await forget(owner.id, 4); // of the third and fourth customer nothing is left
  await owner.exclude(customers[5]!);
  await receiver.until((requests) => requests.length === 9);
  await hub.eventually(async () => (await owner.cursor(endpoint.id)).acked === 9);
  const id = await ask(owner, endpoint.id, { currentState: true });
  await done(id);
  expect(await replay(id)).toMatchObject({ selected: 6, sent: 6, failed: 0, skipped: 0 });
  const told = receiver.requests.slice(9);
  expect(told.map((request) => dataOf(request).customerId)).toEqual(customers);
  expect(told.map(headersOf)).toEqual([
    ['customer.snapshot', newest.get(customers[0]!)],
    ['customer.snapshot', newest.get(customers[1]!)],
    ['customer.snapshot', `state_${id}_${customers[2]!}`],
    ['customer.snapshot', `state_${id}_${customers[3]!}`],
    ['customer.snapshot', newest.get(customers[4]!)],
    ['customer.excluded', receiver.requests[8]!.headers['webhook-id']],
  ]);
  expect(told.every(({ headers }) => headers['webhook-replay'] === '1')).toBe(true);
  expect(told.map((request) => dataOf(request).snapshot?.version)).toEqual([2, 2, 1, 1, 1, undefined]);
  expect(told[5]!.body).not.toContain('Lovelace');
  expect(told.map((request) => dataOf(request).reasons)).toEqual(told.map(() => []));
  const logged = await hub.rows<{ pos: string | null }>(
    'SELECT pos FROM webhook_attempt WHERE endpoint_id = $1 AND webhook_id = $2',
    [endpoint.id, `state_${id}_${customers[2]!}`],
  );
  expect(logged).toEqual([{ pos: null }]);
});

test('B.7: an endpoint whose position has left the feed is switched on by a resync alone, and no change is lost', async () => {
  const owner = await hub.owner();
  const receiver = await hub.receiver();
  const endpoint = await owner.endpoint(receiver, { active: false });
  const customers = await owner.customers(5);
  await owner.change(customers.slice(0, 1));
  await forget(owner.id, 3);
  await hub.rows(`UPDATE webhook_endpoint SET state = 'ACTIVE' WHERE id = $1`, [endpoint.id]);
  await hub.rows(
    `INSERT INTO webhook_parked (owner_id, endpoint_id, customer_id, first_pos, last_pos, attempt, state)
     VALUES ($1, $2, $3, 1, 1, 10, 'DEAD')`,
    [owner.id, endpoint.id, customers[0]],
  );
  hub.dispatcher();
  await hub.eventually(async () => (await stateOf(endpoint.id)).state === 'DISABLED');
  const switchOn = updateEndpoint(hub, owner.id, endpoint.id, { url: receiver.url, active: true });
  await expect(switchOn).rejects.toThrow(/^invalid active \(.*needs a resync; replayDeliveries\(.*currentState: true/);
  await expect(ask(owner, endpoint.id, { deadOnly: true })).rejects.toThrow(/^invalid endpointId \(.*needs a resync/);
  expect(await stateOf(endpoint.id)).toMatchObject({ state: 'DISABLED' });
  expect(receiver.requests).toHaveLength(0);

  const changing = (async () => {
    for (let round = 0; round < 5; round++) await owner.change(customers);
  })();
  const id = await ask(owner, endpoint.id, { currentState: true });
  await changing;
  expect(await stateOf(endpoint.id)).toEqual({ state: 'ACTIVE', reason: null });
  await done(id);
  await hub.eventually(async () => (await owner.cursor(endpoint.id)).acked === 31);
  expect(await owner.parked(endpoint.id)).toEqual([]);
  const versions = new Map<string, number[]>();
  for (const { customerId, snapshot } of receiver.requests.map(dataOf))
    versions.set(customerId, [...(versions.get(customerId) ?? []), snapshot!.version]);
  for (const [i, customer] of customers.entries()) {
    const seen = versions.get(customer)!;
    expect(seen.at(-1)).toBe(i === 0 ? 7 : 6);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
  }
  // a second switch: now that it is at the head, nothing stands in its way
  await updateEndpoint(hub, owner.id, endpoint.id, { url: receiver.url, active: false });
  await updateEndpoint(hub, owner.id, endpoint.id, { url: receiver.url, active: true });
});

test('B.7: one that a person has paused stays paused through a resync, and then has nothing to catch up with', async () => {
  const owner = await hub.owner();
  const receiver = await hub.receiver();
  const endpoint = await owner.endpoint(receiver, { active: false });
  const customers = await owner.customers(3);
  await forget(owner.id, 2);
  hub.dispatcher();
  const id = await ask(owner, endpoint.id, { currentState: true });
  expect(await stateOf(endpoint.id)).toMatchObject({ state: 'PAUSED' });
  expect(await owner.cursor(endpoint.id)).toMatchObject({ acked: 3 });
  await updateEndpoint(hub, owner.id, endpoint.id, { url: receiver.url, active: true });
  await done(id);
  expect(receiver.requests.map((request) => dataOf(request).customerId).sort()).toEqual([...customers].sort());
});

test('B.7: a state that cannot be delivered is tried again under the same id, before what has happened meanwhile', async () => {
  const owner = await hub.owner();
  const receiver = await hub.receiver(answering(422));
  const endpoint = await owner.endpoint(receiver);
  const [customer] = await owner.customers(1);
  await everything(endpoint.id);
  await forget(owner.id, 1);
  hub.dispatcher({ retryScheduleMs: Array.from({ length: 200 }, () => 30) });
  const id = await ask(owner, endpoint.id, { currentState: true });
  await done(id);
  expect(await replay(id)).toMatchObject({ sent: 0, failed: 1 });
  await owner.change([customer!], EventReason.UPDATED);
  await hub.eventually(async () => (await owner.cursor(endpoint.id)).acked === 2);
  const failed = receiver.requests.length;
  receiver.answer(answering(204));
  await hub.eventually(async () => (await owner.parked(endpoint.id)).length === 0);
  const state = ['customer.snapshot', `state_${id}_${customer!}`];
  expect(receiver.requests.slice(0, failed).map(headersOf)).toEqual(Array.from({ length: failed }, () => state));
  const after = receiver.requests.slice(failed).filter((request) => headersOf(request)[0] !== state[0]);
  expect(receiver.requests.slice(failed).map(headersOf)).toContainEqual(state);
  expect(after.map((request) => [headersOf(request)[0], request.headers['webhook-replay']])).toEqual([
    ['customer.updated', undefined],
  ]);
  expect(receiver.requests.at(-1)).toBe(after[0]);
});
