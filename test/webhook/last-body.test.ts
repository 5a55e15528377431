import { expect, test } from 'vitest';
import { EventReason } from '../../src/event-reason.js';
import { maxKeptBytes, pruneLastBodies, storeLastBodies } from '../../src/webhook/last-body.js';
import { deleteEndpoint } from '../../src/webhook/delete-endpoint.js';
import { answering } from './receiver.js';
import { webhookFixture } from './webhook-fixture.js';

const hub = webhookFixture();

const bodiesOf = (endpointId: string) =>
  hub.rows<{ customerId: string; body: string; webhookId: string }>(
    `SELECT customer_id AS "customerId", body, webhook_id AS "webhookId" FROM webhook_last_body WHERE endpoint_id = $1
     ORDER BY customer_id`,
    [endpointId],
  );

/** An endpoint that has accepted something of some customers. */
async function fed(input: object = {}, count = 1) {
  const owner = await hub.owner();
  const receiver = await hub.receiver();
  const endpoint = await owner.endpoint(receiver, { template: '["[customerName]", [customerId]]', ...input });
  hub.dispatcher();
  const customers = await owner.customers(count);
  await hub.eventually(async () => (await owner.cursor(endpoint.id)).acked === count);
  return { owner, receiver, endpoint, customers };
}

test('G2: the last body that was accepted is kept for each customer, whatever followed it in vain', async () => {
  const { owner, receiver, endpoint, customers } = await fed({}, 3);
  const bodies = customers.map((id) => `["Ada Lovelace", ${id}]`);
  expect((await bodiesOf(endpoint.id)).map(({ body }) => body)).toEqual(bodies);
  await hub.rows(`UPDATE customer SET name = 'Ada King' WHERE owner_id = $1`, [owner.id]);
  await owner.change(customers.slice(0, 1));
  await hub.eventually(async () => (await bodiesOf(endpoint.id))[0]?.body === `["Ada King", ${customers[0]}]`);
  expect((await bodiesOf(endpoint.id))[0]!.webhookId).toBe(`evt_${hub.cursors.encode(owner.id, 4n)}`);
  receiver.answer(answering(400));
  await owner.change(customers.slice(1, 2));
  await hub.eventually(async () => (await owner.cursor(endpoint.id)).acked === 5);
  expect((await bodiesOf(endpoint.id))[1]!.body).toBe(bodies[1]);
});

test('a body above 64 KiB is not kept, nor the one before it, which is not the last any more', async () => {
  const { owner, endpoint, customers } = await fed();
  expect(await bodiesOf(endpoint.id)).toHaveLength(1);
  const pad = 'x'.repeat(maxKeptBytes - 10);
  await hub.rows('UPDATE webhook_endpoint SET template = $2 WHERE id = $1', [endpoint.id, `["[customerName]${pad}"]`]);
  await owner.change(customers);
  await hub.eventually(async () => (await owner.cursor(endpoint.id)).acked === 2);
  expect(await bodiesOf(endpoint.id)).toEqual([]);
});

test('A44: it is forgotten when the customer is excluded, by endpoints too that do not want to be told', async () => {
  const { owner, receiver, endpoint, customers } = await fed({ reasons: [EventReason.CREATED] }, 2);
  const paused = await owner.endpoint(receiver, { active: false });
  const place = { ownerId: owner.id, endpointId: paused.id };
  const bodies = customers.map((customerId) => ({ customerId, webhookId: 'evt_x', body: '{}', sentAt: new Date() }));
  await hub.db.asSystem((sql) => storeLastBodies(sql, place, bodies));
  await owner.exclude(customers[0]!);
  await hub.eventually(async () => (await owner.cursor(endpoint.id)).acked === 3);
  const left = [...(await bodiesOf(endpoint.id)), ...(await bodiesOf(paused.id))];
  expect(left.map(({ customerId }) => customerId)).toEqual([customers[1], customers[1]]);
  // what was under way meanwhile is not stored afterwards
  await hub.db.asSystem((sql) => storeLastBodies(sql, place, bodies));
  expect((await bodiesOf(paused.id)).map(({ customerId }) => customerId)).toEqual([customers[1]]);
});

test('it is forgotten after 14 days, or with the exclusion while nobody was served, and goes with its endpoint', async () => {
  const { owner, endpoint, customers } = await fed({}, 3);
  await hub.rows(`UPDATE webhook_last_body SET sent_at = now() - interval '14 days 1 minute' WHERE customer_id = $1`, [
    customers[0],
  ]);
  await hub.rows('UPDATE customer SET excluded = true WHERE id = $1', [customers[1]]);
  await pruneLastBodies(hub.db, null);
  expect((await bodiesOf(endpoint.id)).map(({ customerId }) => customerId)).toEqual([customers[2]]);
  await pruneLastBodies(hub.db, new Date(Date.now() + 15 * 24 * 3_600_000));
  expect(await bodiesOf(endpoint.id)).toEqual([]);
  await owner.change(customers.slice(2));
  await hub.eventually(async () => (await bodiesOf(endpoint.id)).length === 1);
  await deleteEndpoint(hub.db, owner.id, endpoint.id);
  expect(await bodiesOf(endpoint.id)).toEqual([]);
});
