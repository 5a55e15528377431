import { Webhook } from 'standardwebhooks';
import { expect, test } from 'vitest';
import { EventReason } from '../../src/event-reason.js';
import { answering, dataOf, versionsByCustomer } from './receiver.js';
import { webhookFixture } from './webhook-fixture.js';

const hub = webhookFixture();

test('an event arrives signed, with the newest snapshot, and is acknowledged and logged', async () => {
  const owner = await hub.owner();
  const receiver = await hub.receiver(answering(200, 'thanks ada@example.com'));
  const endpoint = await owner.endpoint(receiver, { headers: [{ name: 'X-Shop', value: 'north' }] });
  const dispatcher = hub.dispatcher();
  const [customerId] = await owner.customers(1);
  dispatcher.wake();
  await receiver.until((requests) => requests.length === 1);
  const { headers, body, method } = receiver.requests[0]!;
  expect(method).toBe('POST');
  expect(headers).toMatchObject({
    'content-type': 'application/json',
    'user-agent': 'stamdata/1.2.3',
    'webhook-event': 'customer.created',
    'webhook-id': `evt_${hub.cursors.encode(owner.id, 1n)}`,
    'x-shop': 'north',
  });
  const verified = new Webhook(endpoint.secret).verify(body, headers as Record<string, string>);
  expect(verified).toMatchObject({
    type: 'customer.created',
    data: { customerId, version: 1, reasons: ['CREATED'], snapshot: { customerId, version: 1, name: 'Ada Lovelace' } },
  });
  await hub.eventually(async () => (await owner.cursor(endpoint.id)).acked === 1);
  const [logged] = await hub.rows(
    'SELECT state, status, attempt, version, response_head FROM webhook_attempt WHERE endpoint_id = $1',
    [endpoint.id],
  );
  expect(logged).toEqual({
    state: 'SUCCEEDED',
    status: 200,
    attempt: 1,
    version: 1,
    response_head: 'thanks [redacted]',
  });
});

test('a receiver that fails a third of all requests gets every version of every customer in ascending order', async () => {
  const owner = await hub.owner();
  let seed = 7;
  const chance = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
  const accepted: string[] = [];
  const receiver = await hub.receiver((request, res) => {
    if (chance() < 0.33) return void res.writeHead(500).end();
    accepted.push(request.body);
    res.writeHead(204).end();
  });
  const endpoint = await owner.endpoint(receiver);
  // Long enough that nobody dies of bad luck.
  const retryScheduleMs = Array.from({ length: 60 }, () => 5);
  hub.dispatcher({ retryScheduleMs });
  const customers = await owner.customers(12);
  for (let round = 0; round < 9; round++) await owner.change(customers);
  await hub.eventually(
    async () => (await owner.cursor(endpoint.id)).acked === 120 && (await owner.parked(endpoint.id)).length === 0,
  );
  const arrived = versionsByCustomer(accepted.map((body) => ({ ...receiver.requests[0]!, body })));
  for (const customer of customers) {
    const versions = arrived.get(customer)!;
    expect(versions).toEqual([...versions].sort((a, b) => a - b));
    expect(new Set(versions)).toEqual(new Set([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]));
  }
  expect(receiver.requests.length).toBeGreaterThan(accepted.length);
});

test('requests of one customer never overlap, those of different customers do', async () => {
  const owner = await hub.owner();
  const underWay = new Map<string, number>();
  let most = 0;
  const receiver = await hub.receiver((request, res) => {
    const { customerId } = dataOf(request);
    underWay.set(customerId, (underWay.get(customerId) ?? 0) + 1);
    expect(underWay.get(customerId)).toBe(1);
    most = Math.max(most, [...underWay.values()].filter((count) => count > 0).length);
    setTimeout(() => {
      underWay.set(customerId, 0);
      res.writeHead(204).end();
    }, 15);
  });
  const endpoint = await owner.endpoint(receiver, { maxInFlight: 4 });
  const customers = await owner.customers(8);
  await owner.change(customers);
  hub.dispatcher();
  await hub.eventually(async () => (await owner.cursor(endpoint.id)).acked === 16);
  expect(receiver.requests).toHaveLength(16);
  expect(most).toBe(4);
});

test('a customer whose data is refused is parked and delays nobody; in the end it is dead, until its next change', async () => {
  const owner = await hub.owner();
  const customers = await owner.customers(6);
  const bad = customers[2]!;
  let refused = 0;
  const receiver = await hub.receiver((request, res) => {
    const refuse = dataOf(request).customerId === bad && refused < 10;
    if (refuse) refused += 1;
    res.writeHead(refuse ? 422 : 204).end();
  });
  const endpoint = await owner.endpoint(receiver);
  await owner.change(customers);
  hub.dispatcher();
  await hub.eventually(async () => (await owner.cursor(endpoint.id)).acked === 12);
  const [first] = await owner.parked(endpoint.id);
  expect(first).toMatchObject({ customerId: bad, firstPos: 9, lastPos: 9 });
  await hub.eventually(async () => (await owner.parked(endpoint.id))[0]?.state === 'DEAD');
  const attempts = (await owner.attempts(endpoint.id)).filter((attempt) => attempt.customerId === bad);
  expect(attempts.map(({ attempt, state, status }) => [attempt, state, status])).toEqual([
    ...[1, 2, 3, 4, 5, 6, 7, 8, 9].map((attempt) => [attempt, 'RETRYING', 422]),
    [10, 'DEAD', 422],
  ]);
  expect(receiver.requests).toHaveLength(15);
  expect(hub.logged.map((line) => line.message)).toContain('webhook.endpoint.failing');
  await owner.change([bad]);
  await hub.eventually(async () => (await owner.parked(endpoint.id)).length === 0);
  expect(dataOf(receiver.requests.at(-1)!)).toMatchObject({ customerId: bad, version: 3 });
});

test('what happens to a parked customer waits behind it and follows in order', async () => {
  const owner = await hub.owner();
  const [slow, other] = await owner.customers(2);
  let down = true;
  const receiver = await hub.receiver((request, res) =>
    res.writeHead(down && dataOf(request).customerId === slow ? 404 : 204).end(),
  );
  const endpoint = await owner.endpoint(receiver);
  hub.dispatcher({ retryScheduleMs: Array.from({ length: 100 }, () => 40) });
  await owner.change([slow!, other!]);
  await hub.eventually(async () => (await owner.parked(endpoint.id)).length === 1);
  await owner.change([slow!, other!]);
  await owner.change([slow!, other!]);
  await hub.eventually(async () => (await owner.cursor(endpoint.id)).acked === 8);
  expect((await owner.parked(endpoint.id))[0]).toMatchObject({ customerId: slow, firstPos: 3, lastPos: 7 });
  const before = receiver.requests.length;
  down = false;
  await hub.eventually(async () => (await owner.parked(endpoint.id)).length === 0);
  const after = receiver.requests.slice(before).map(dataOf);
  expect(after.slice(-3).map(({ customerId, version }) => [customerId, version])).toEqual([
    [slow, 2],
    [slow, 3],
    [slow, 4],
  ]);
});

test('LATEST: what piled up behind a failure is one request, told as the newest event', async () => {
  const owner = await hub.owner();
  const receiver = await hub.receiver(answering(400));
  const endpoint = await owner.endpoint(receiver, { mode: 'LATEST' });
  const [customer] = await owner.customers(1);
  await owner.change([customer!], EventReason.ORDER);
  await owner.change([customer!], EventReason.TAG);
  hub.dispatcher({ retryScheduleMs: Array.from({ length: 100 }, () => 40) });
  await receiver.until((requests) => requests.length === 1);
  await owner.change([customer!], EventReason.BOOKING);
  await hub.eventually(async () => (await owner.cursor(endpoint.id)).acked === 4);
  // A retry that was under way may not know of the last event; the one after it does.
  const seen = receiver.requests.length;
  await receiver.until((requests) => requests.length >= seen + 2);
  const before = receiver.requests.length;
  receiver.answer(answering(200));
  await hub.eventually(async () => (await owner.parked(endpoint.id)).length === 0);
  const told = receiver.requests.slice(before);
  const last = told.at(-1)!;
  expect(dataOf(last)).toMatchObject({ customerId: customer, version: 4, snapshot: { version: 4 } });
  expect(dataOf(last).reasons.sort()).toEqual(['BOOKING', 'CREATED', 'ORDER', 'TAG']);
  expect(last.headers['webhook-id']).toBe(`evt_${hub.cursors.encode(owner.id, 4n)}`);
  const succeeded = (await owner.attempts(endpoint.id)).filter((attempt) => attempt.state === 'SUCCEEDED');
  expect(succeeded).toHaveLength(1);
});

test('an endpoint gets only the events whose reasons it wants', async () => {
  const owner = await hub.owner();
  const receiver = await hub.receiver();
  const endpoint = await owner.endpoint(receiver, { reasons: [EventReason.TAG, EventReason.CONSENT] });
  const [customer] = await owner.customers(1);
  await owner.change([customer!], EventReason.TAG);
  await owner.change([customer!], EventReason.ORDER);
  hub.dispatcher();
  await hub.eventually(async () => (await owner.cursor(endpoint.id)).acked === 3);
  expect(receiver.requests.map(dataOf).map(({ reasons }) => reasons)).toEqual([['TAG']]);
});

test('an excluded customer is told as a tombstone, and what was still waiting carries no data either', async () => {
  const owner = await hub.owner();
  const receiver = await hub.receiver();
  const endpoint = await owner.endpoint(receiver);
  const [customer] = await owner.customers(1);
  await owner.exclude(customer!);
  hub.dispatcher();
  await hub.eventually(async () => (await owner.cursor(endpoint.id)).acked === 2);
  expect(receiver.requests.map((request) => request.headers['webhook-event'])).toEqual([
    'customer.created',
    'customer.excluded',
  ]);
  expect(receiver.requests.map(dataOf)).toEqual([
    { customerId: customer, version: 1, reasons: ['CREATED'], snapshot: null },
    { customerId: customer, version: 2, reasons: ['EXCLUDED'], snapshot: null },
  ]);
  expect(receiver.requests.map((request) => request.body).join()).not.toContain('Ada');
});

test('the pace of an endpoint holds', async () => {
  const owner = await hub.owner();
  const receiver = await hub.receiver();
  const endpoint = await owner.endpoint(receiver, { ratePerSecond: 50 });
  await owner.customers(30);
  hub.dispatcher();
  await hub.eventually(async () => (await owner.cursor(endpoint.id)).acked === 30);
  const times = receiver.requests.map((request) => request.at);
  // 30 requests at 50 per second are 580 ms apart from first to last, less the slack of 50 ms and the timers' own.
  expect(times.at(-1)! - times[0]!).toBeGreaterThan(480);
});

test('GET sends no body and signs the empty one; PUT is PUT', async () => {
  const owner = await hub.owner();
  const receiver = await hub.receiver();
  const get = await owner.endpoint(receiver, { method: 'GET' });
  const put = await owner.endpoint(receiver, { method: 'PUT' });
  await owner.customers(1);
  hub.dispatcher();
  await receiver.until((requests) => requests.length === 2);
  const byMethod = Object.fromEntries(receiver.requests.map((request) => [request.method, request]));
  expect(byMethod.GET!.body).toBe('');
  expect(byMethod.GET!.headers['content-type']).toBeUndefined();
  new Webhook(get.secret).verify('', byMethod.GET!.headers as Record<string, string>);
  new Webhook(put.secret).verify(byMethod.PUT!.body, byMethod.PUT!.headers as Record<string, string>);
});
