import { expect, test } from 'vitest';
import { pruneDeliveries } from '../../src/webhook/attempt.js';
import { skipDeadDelivery } from '../../src/webhook/skip-dead.js';
import { updateEndpoint } from '../../src/webhook/update-endpoint.js';
import { Rejected } from '../../src/errors.js';
import { answering, dataOf, type Behaviour } from './receiver.js';
import { webhookFixture } from './webhook-fixture.js';

const hub = webhookFixture();

/** Refuses one version of any customer's, for good. */
const refusing =
  (version: number): Behaviour =>
  (request, res) =>
    void res.writeHead(dataOf(request).version === version ? 422 : 204).end();

const versions = (requests: readonly { body: string }[]) =>
  requests.map(({ body }) => (JSON.parse(body) as { data: { version: number } }).data.version);

/** A customer whose second event is dead at an endpoint with `onDead: BLOCK`, while a third and fourth wait. */
async function blocked(input: { mode?: 'EVERY' | 'LATEST' } = {}) {
  const owner = await hub.owner();
  const receiver = await hub.receiver(refusing(2));
  const [customer, other] = await owner.customers(2);
  const endpoint = await owner.endpoint(receiver, { onDead: 'BLOCK', ...input });
  const dispatcher = hub.dispatcher();
  await owner.change([customer!]);
  await hub.eventually(async () => (await owner.parked(endpoint.id))[0]?.state === 'DEAD');
  const before = receiver.requests.length;
  for (const customers of [[customer!], [customer!], [other!], [other!]]) await owner.change(customers);
  await hub.eventually(async () => (await owner.cursor(endpoint.id)).acked === (await owner.head()));
  return { owner, receiver, endpoint, customer: customer!, other: other!, dispatcher, before };
}

test('B.7: BLOCK lets later events of a dead customer wait, and only of that customer', async () => {
  const { owner, receiver, endpoint, customer, other, before } = await blocked();
  const sent = receiver.requests.slice(before).map(dataOf);
  // the other customer's second version is refused as well: its third waits
  await hub.eventually(async () => (await owner.parked(endpoint.id)).every(({ state }) => state === 'DEAD'));
  expect(new Set(sent.map(({ customerId }) => customerId))).toEqual(new Set([other]));
  expect(await owner.parked(endpoint.id)).toMatchObject([
    { customerId: customer, state: 'DEAD', firstPos: 3, lastPos: 5 },
    { customerId: other, state: 'DEAD', firstPos: 6, lastPos: 7 },
  ]);
});

test('B.7: once a person skips the dead event, what waited follows in order; the dead one is never sent', async () => {
  const { owner, receiver, endpoint, customer } = await blocked();
  const before = receiver.requests.length;
  expect(await skipDeadDelivery(hub.db, owner.id, endpoint.id, customer)).toBe(2);
  await owner.change([customer]);
  await hub.eventually(
    async () => !(await owner.parked(endpoint.id)).some(({ customerId }) => customerId === customer),
  );
  await receiver.until((requests) => requests.some((request) => dataOf(request).version === 5));
  const after = receiver.requests.slice(before).filter((request) => dataOf(request).customerId === customer);
  expect(versions(after)).toEqual([3, 4, 5]);
  expect(after.map((request) => request.headers['webhook-id'])).toEqual(
    [4n, 5n, 8n].map((pos) => `evt_${hub.cursors.encode(owner.id, pos)}`),
  );
  await expect(skipDeadDelivery(hub.db, owner.id, endpoint.id, customer)).rejects.toThrow(
    new Rejected([
      {
        ...{ code: 'NOT_FOUND', field: 'customerId' },
        message: 'invalid customerId (no dead delivery to this endpoint is known)',
      },
    ]),
  );
});

test('a skip that is asked for while no process runs is done by the next one, once', async () => {
  const { owner, receiver, endpoint, customer, dispatcher } = await blocked();
  await dispatcher.stop();
  const before = receiver.requests.length;
  await skipDeadDelivery(hub.db, owner.id, endpoint.id, customer);
  await skipDeadDelivery(hub.db, owner.id, endpoint.id, customer);
  receiver.answer(refusing(3)); // dies too: it must not be skipped by the second wish
  hub.dispatcher();
  await hub.eventually(async () =>
    (await owner.parked(endpoint.id)).some((parked) => parked.customerId === customer && parked.firstPos === 4),
  );
  await hub.eventually(async () =>
    (await owner.parked(endpoint.id)).some((parked) => parked.customerId === customer && parked.state === 'DEAD'),
  );
  const after = receiver.requests.slice(before).filter((request) => dataOf(request).customerId === customer);
  expect(new Set(versions(after))).toEqual(new Set([3]));
  expect(after).toHaveLength(10);
});

test('LATEST: skipping gives up what died, and what came after it is one request', async () => {
  const { owner, receiver, endpoint, customer } = await blocked({ mode: 'LATEST' });
  const before = receiver.requests.length;
  expect(await skipDeadDelivery(hub.db, owner.id, endpoint.id, customer)).toBe(2);
  await receiver.until((requests) =>
    requests.slice(before).some((request) => dataOf(request).customerId === customer && dataOf(request).version === 4),
  );
  const after = receiver.requests.slice(before).filter((request) => dataOf(request).customerId === customer);
  expect(versions(after)).toEqual([4]);
});

test('from BLOCK to SKIP, what waits behind dead events is sent', async () => {
  const { owner, receiver, endpoint, customer, other } = await blocked();
  await hub.eventually(async () => (await owner.parked(endpoint.id)).every(({ state }) => state === 'DEAD'));
  const before = receiver.requests.length;
  await updateEndpoint(hub, owner.id, endpoint.id, { url: receiver.url, onDead: 'SKIP' });
  await receiver.until((requests) => requests.length === before + 3);
  const after = receiver.requests.slice(before);
  const of = (id: string) => versions(after.filter((request) => dataOf(request).customerId === id));
  expect([of(customer), of(other)]).toEqual([[3, 4], [3]]);
});

test('dead events that block are kept until a person sees to them', async () => {
  const owner = await hub.owner();
  const receiver = await hub.receiver(answering(204));
  const [blocks, skips] = [await owner.endpoint(receiver, { onDead: 'BLOCK' }), await owner.endpoint(receiver)];
  await hub.rows(
    `INSERT INTO webhook_parked (owner_id, endpoint_id, customer_id, first_pos, last_pos, attempt, next_at, state)
     SELECT $1, e, 1, 1, 1, 10, now() - interval '31 days', 'DEAD' FROM unnest($2::bigint[]) AS e`,
    [owner.id, [blocks.id, skips.id]],
  );
  await pruneDeliveries(hub.db, null);
  expect(await owner.parked(blocks.id)).toHaveLength(1);
  expect(await owner.parked(skips.id)).toHaveLength(0);
});
