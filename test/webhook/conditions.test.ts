import { expect, test } from 'vitest';
import { Database } from '../../src/database/database.js';
import { EventReason } from '../../src/event-reason.js';
import { updateEndpoint } from '../../src/webhook/update-endpoint.js';
import { answering, dataOf, type Received } from './receiver.js';
import { tagOf } from './tagging.js';
import { webhookFixture } from './webhook-fixture.js';

const hub = webhookFixture();

/** What a request told: of whom, and whether it was the last of it. */
const told = (request: Received) => ({
  ...{ customerId: dataOf(request).customerId, version: dataOf(request).version },
  left: request.headers['webhook-filter'] === 'left',
});

const toldOf = async (endpointId: string): Promise<string[]> => {
  const rows = await hub.rows<{ id: string }>(
    'SELECT customer_id AS id FROM webhook_told WHERE endpoint_id = $1 ORDER BY 1',
    [endpointId],
  );
  return rows.map(({ id }) => id);
};

const acknowledged = async (owner: Awaited<ReturnType<typeof hub.owner>>, endpointId: string): Promise<void> => {
  await hub.eventually(async () => (await owner.cursor(endpointId)).acked === (await owner.head()));
};

test('B.6: only customers that meet the conditions are sent; others take no turn of the pace and no line of the log', async () => {
  const owner = await hub.owner();
  const vip = await tagOf(hub, owner, 'VIP');
  const receiver = await hub.receiver();
  // At one request per second, the others alone would take five minutes if they had a turn.
  const endpoint = await owner.endpoint(receiver, { conditions: { hasAnyTag: ['vip'] }, ratePerSecond: 1 });
  const customers = await owner.customers(300);
  hub.dispatcher();
  await acknowledged(owner, endpoint.id);
  await vip.set([customers[7]!]);
  await acknowledged(owner, endpoint.id);
  expect(receiver.requests.map(told)).toEqual([{ customerId: customers[7], version: 2, left: false }]);
  expect(receiver.requests[0]!.headers['webhook-filter']).toBeUndefined();
  expect(await owner.attempts(endpoint.id)).toHaveLength(1);
  expect(await toldOf(endpoint.id)).toEqual([customers[7]]);
});

test('a customer that stops meeting them is sent once more, whatever the reason, and then no more until it meets them again', async () => {
  const owner = await hub.owner();
  const vip = await tagOf(hub, owner, 'VIP');
  const receiver = await hub.receiver();
  const endpoint = await owner.endpoint(receiver, {
    conditions: { hasAllTags: ['VIP'] },
    reasons: [EventReason.ORDER],
  });
  const [inside, outside] = await owner.customers(2);
  hub.dispatcher();
  await vip.set([inside!]); // not an order: the customer is not told of yet
  for (const reason of [EventReason.ORDER, EventReason.UPDATED]) await owner.change([inside!, outside!], reason);
  await acknowledged(owner, endpoint.id);
  await vip.unset([inside!]);
  await acknowledged(owner, endpoint.id);
  await owner.change([inside!], EventReason.ORDER);
  await acknowledged(owner, endpoint.id);
  await vip.set([inside!]);
  await owner.change([inside!], EventReason.ORDER);
  await acknowledged(owner, endpoint.id);
  expect(receiver.requests.map(told)).toEqual([
    { customerId: inside, version: 3, left: false },
    { customerId: inside, version: 5, left: true },
    { customerId: inside, version: 8, left: false },
  ]);
  const last = JSON.parse(receiver.requests[1]!.body) as { data: { filter: string; snapshot: { tags: object[] } } };
  expect(last.data).toMatchObject({ filter: 'left', snapshot: { tags: [{ name: 'VIP', value: false }] } });
  expect(receiver.requests[0]!.body).not.toContain('"filter"');
});

test('A44: an exclusion is told to who was told of the customer, and to nobody else', async () => {
  const owner = await hub.owner();
  const vip = await tagOf(hub, owner, 'VIP');
  const receiver = await hub.receiver();
  const [inside, outside] = await owner.customers(2);
  const endpoint = await owner.endpoint(receiver, { conditions: { hasAnyTag: ['VIP'] } });
  hub.dispatcher();
  await vip.set([inside!]);
  await acknowledged(owner, endpoint.id);
  await owner.exclude(inside!);
  await owner.exclude(outside!);
  await acknowledged(owner, endpoint.id);
  expect(receiver.requests.map(told)).toEqual([
    { customerId: inside, version: 2, left: false },
    { customerId: inside, version: 3, left: true },
  ]);
  expect(receiver.requests[1]!.headers['webhook-event']).toBe('customer.excluded');
  expect(dataOf(receiver.requests[1]!).snapshot).toBeNull();
  await hub.eventually(async () => (await toldOf(endpoint.id)).length === 0);
});

test('that a customer left is tried until it arrives, and arrives in place of what waited before it', async () => {
  const owner = await hub.owner();
  const vip = await tagOf(hub, owner, 'VIP');
  const receiver = await hub.receiver(answering(422));
  const endpoint = await owner.endpoint(receiver, { conditions: { hasAnyTag: ['VIP'] } });
  const [customer] = await owner.customers(1);
  hub.dispatcher({ retryScheduleMs: Array.from({ length: 1_000 }, () => 20) });
  await vip.set([customer!]);
  await receiver.until((requests) => requests.length >= 2);
  await vip.unset([customer!]);
  await owner.change([customer!]);
  await acknowledged(owner, endpoint.id);
  const seen = receiver.requests.length;
  await receiver.until((requests) => requests.length >= seen + 2); // by now the retries know the newest state
  const before = receiver.requests.length;
  receiver.answer(answering(204));
  await hub.eventually(async () => (await owner.parked(endpoint.id)).length === 0);
  const succeeded = (await owner.attempts(endpoint.id)).filter(({ state }) => state === 'SUCCEEDED');
  expect(succeeded).toHaveLength(1);
  expect(told(receiver.requests.at(-1)!)).toMatchObject({ customerId: customer, left: true });
  expect(receiver.requests.length).toBeGreaterThan(before);
  await hub.eventually(async () => (await toldOf(endpoint.id)).length === 0);
});

class MortalDatabase extends Database {
  dead = false;
  override asSystem: Database['asSystem'] = (work) =>
    this.dead ? Promise.reject(new Error('this worker is dead')) : super.asSystem(work);
}

test('D4: a worker that dies with a request under way: that the customer left is told all the same', async () => {
  const owner = await hub.owner();
  const vip = await tagOf(hub, owner, 'VIP');
  const receiver = await hub.receiver();
  const [customer] = await owner.customers(1);
  const endpoint = await owner.endpoint(receiver, { conditions: { hasAnyTag: ['VIP'] } });
  const mortal = new MortalDatabase(hub.db.dataSource);
  await vip.set([customer!]);
  hub.dispatcher({ leaseMs: 600, deadlineMs: 200, flushMs: 60_000 }, { db: mortal });
  await receiver.until((requests) => requests.length === 1);
  mortal.dead = true; // nothing of the request was written down
  await vip.unset([customer!]);
  hub.dispatcher({ leaseMs: 600, deadlineMs: 200 });
  await acknowledged(owner, endpoint.id);
  expect(receiver.requests.map(told).map(({ left }) => left)).toEqual([false, true]);
});

test('an endpoint that gets conditions: whoever it was sent before counts as told', async () => {
  const owner = await hub.owner();
  const vip = await tagOf(hub, owner, 'VIP');
  const receiver = await hub.receiver();
  const endpoint = await owner.endpoint(receiver);
  const [member, stranger] = await owner.customers(2);
  hub.dispatcher();
  await vip.set([member!]);
  await acknowledged(owner, endpoint.id);
  await hub.eventually(async () => (await owner.cursor(endpoint.id)).leaseOwner === null); // what follows has the new settings
  const before = receiver.requests.length;
  const conditions = { hasAnyTag: ['VIP'] };
  await updateEndpoint(hub, owner.id, endpoint.id, { url: receiver.url, conditions });
  await owner.change([stranger!]);
  await owner.change([stranger!]);
  await vip.unset([member!]);
  await acknowledged(owner, endpoint.id);
  expect(receiver.requests.slice(before).map(told)).toEqual([
    { customerId: stranger, version: 2, left: true },
    { customerId: member, version: 3, left: true },
  ]);
  await updateEndpoint(hub, owner.id, endpoint.id, { url: receiver.url, conditions: null });
  await owner.change([stranger!]);
  await acknowledged(owner, endpoint.id);
  expect(told(receiver.requests.at(-1)!)).toEqual({ customerId: stranger, version: 4, left: false });
});

test('it gets them while a request is under way: that one counts as told too', async () => {
  const owner = await hub.owner();
  const vip = await tagOf(hub, owner, 'VIP');
  const answers: (() => void)[] = [];
  const receiver = await hub.receiver((_request, res) => void answers.push(() => res.writeHead(204).end()));
  const [member] = await owner.customers(1);
  const endpoint = await owner.endpoint(receiver);
  await vip.set([member!]);
  hub.dispatcher();
  await receiver.until((requests) => requests.length === 1);
  await updateEndpoint(hub, owner.id, endpoint.id, { url: receiver.url, conditions: { hasAnyTag: ['VIP'] } });
  receiver.answer(answering(204));
  answers[0]!();
  await hub.eventually(async () => (await toldOf(endpoint.id)).length === 1);
  await vip.unset([member!]);
  await acknowledged(owner, endpoint.id);
  expect(receiver.requests.map(told).map(({ left }) => left)).toEqual([false, true]);
});
