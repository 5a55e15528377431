import { expect, test } from 'vitest';
import { pruneDeliveries } from '../../src/webhook/attempt.js';
import { updateEndpoint } from '../../src/webhook/update-endpoint.js';
import { answering, dataOf, versionsByCustomer } from './receiver.js';
import { webhookFixture } from './webhook-fixture.js';

const hub = webhookFixture();

const stateOf = async (endpointId: string) => {
  const [row] = await hub.rows<{ state: string; reason: string | null }>(
    'SELECT state, disabled_reason AS reason FROM webhook_endpoint WHERE id = $1',
    [endpointId],
  );
  return row!;
};

test('a dead endpoint does not delay another one; its backlog is a lag, not rows, and follows when it is back', async () => {
  const owner = await hub.owner();
  const dead = await hub.receiver(answering(503));
  const good = await hub.receiver();
  const deadEndpoint = await owner.endpoint(dead);
  const goodEndpoint = await owner.endpoint(good);
  hub.dispatcher({ retryScheduleMs: Array.from({ length: 200 }, () => 20) });
  const customers = await owner.customers(60);
  await owner.change(customers);
  await hub.eventually(async () => (await owner.cursor(goodEndpoint.id)).acked === 120);
  await hub.eventually(async () => (await owner.cursor(deadEndpoint.id)).breaker === 'OPEN');
  // D 9: no more requests are started than may open it.
  expect((await owner.parked(deadEndpoint.id)).length).toBeLessThanOrEqual(10);
  expect(good.requests).toHaveLength(120);
  const before = dead.requests.length;
  dead.answer(answering(204));
  await hub.eventually(
    async () =>
      (await owner.cursor(deadEndpoint.id)).acked === 120 && (await owner.parked(deadEndpoint.id)).length === 0,
  );
  expect((await owner.cursor(deadEndpoint.id)).breaker).toBe('CLOSED');
  for (const versions of versionsByCustomer(dead.requests.slice(before)).values()) expect(versions).toEqual([1, 2]);
});

test('while the breaker is open, probes are the only requests, ever further apart', async () => {
  const owner = await hub.owner();
  const receiver = await hub.receiver(answering(500));
  const endpoint = await owner.endpoint(receiver, { maxInFlight: 1 });
  await owner.customers(10);
  hub.dispatcher({ probeMs: [50, 10_000], retryScheduleMs: [60_000] }, { random: () => 0.5 });
  await hub.eventually(async () => (await owner.cursor(endpoint.id)).breaker === 'OPEN');
  expect(receiver.requests).toHaveLength(5);
  await receiver.until((requests) => requests.length === 8);
  const probes = receiver.requests.slice(5);
  expect(new Set(probes.map((request) => request.headers['webhook-id'])).size).toBe(1);
  const [first, second, third] = probes.map((request) => request.at);
  expect(third! - second!).toBeGreaterThan((second! - first!) * 1.3);
  expect(await owner.parked(endpoint.id)).toHaveLength(5);
});

test('410 disables at once; enabled again, the endpoint goes on where it stopped', async () => {
  const owner = await hub.owner();
  const receiver = await hub.receiver(answering(410));
  const endpoint = await owner.endpoint(receiver, { maxInFlight: 1 });
  const customers = await owner.customers(3);
  hub.dispatcher();
  await hub.eventually(async () => (await stateOf(endpoint.id)).state === 'DISABLED');
  expect((await stateOf(endpoint.id)).reason).toContain('410');
  expect(receiver.requests).toHaveLength(1);
  expect(await owner.attempts(endpoint.id)).toMatchObject([{ state: 'FAILED', status: 410, attempt: 1 }]);
  expect(hub.logged.map((line) => line.message)).toContain('webhook.endpoint.disabled');
  receiver.answer(answering(204));
  await updateEndpoint(hub, owner.id, endpoint.id, { url: receiver.url, active: true });
  await hub.eventually(async () => (await owner.cursor(endpoint.id)).acked === 3);
  expect(
    receiver.requests
      .slice(1)
      .map(dataOf)
      .map(({ customerId }) => customerId),
  ).toEqual(customers);
  expect(await stateOf(endpoint.id)).toEqual({ state: 'ACTIVE', reason: null });
});

test('120 hours without a success and 20 attempts disable an endpoint', async () => {
  const owner = await hub.owner();
  const receiver = await hub.receiver(answering(500));
  const endpoint = await owner.endpoint(receiver);
  await hub.rows(
    `UPDATE webhook_cursor SET breaker = 'OPEN', fails = 18, fail_since = now() - interval '121 hours', probe_at = now()
     WHERE endpoint_id = $1`,
    [endpoint.id],
  );
  await owner.customers(1);
  hub.dispatcher({ probeMs: [20, 20] });
  await hub.eventually(async () => (await stateOf(endpoint.id)).state === 'DISABLED');
  expect((await stateOf(endpoint.id)).reason).toContain('120 hours');
  expect(receiver.requests).toHaveLength(2);
});

test('a paused endpoint gets nothing, and everything once it is active', async () => {
  const owner = await hub.owner();
  const receiver = await hub.receiver();
  const other = await hub.receiver();
  const endpoint = await owner.endpoint(receiver, { active: false });
  const control = await owner.endpoint(other);
  hub.dispatcher();
  await owner.customers(2);
  await hub.eventually(async () => (await owner.cursor(control.id)).acked === 2);
  expect(receiver.requests).toHaveLength(0);
  await updateEndpoint(hub, owner.id, endpoint.id, { url: receiver.url, active: true });
  await receiver.until((requests) => requests.length === 2);
});

test('events that left the feed before they were sent are never passed over in silence', async () => {
  const owner = await hub.owner();
  const receiver = await hub.receiver();
  const endpoint = await owner.endpoint(receiver, { active: false });
  await owner.customers(5);
  await hub.rows('DELETE FROM feed WHERE owner_id = $1 AND pos <= 3', [owner.id]);
  await hub.rows('UPDATE feed_head SET min_pos = 4 WHERE owner_id = $1', [owner.id]);
  await hub.rows(`UPDATE webhook_endpoint SET state = 'ACTIVE' WHERE id = $1`, [endpoint.id]);
  hub.dispatcher();
  await hub.eventually(async () => (await stateOf(endpoint.id)).state === 'DISABLED');
  expect((await stateOf(endpoint.id)).reason).toContain('resync');
  expect(receiver.requests).toHaveLength(0);
});

test('old attempts and long dead customers are pruned', async () => {
  const owner = await hub.owner();
  const receiver = await hub.receiver();
  const endpoint = await owner.endpoint(receiver);
  await hub.rows(
    `INSERT INTO webhook_attempt (owner_id, at, endpoint_id, webhook_id, attempt, state, duration_ms)
     SELECT $1, now() - n * interval '1 day', $2, 'x', 1, 'FAILED', 1 FROM generate_series(1, 20) n`,
    [owner.id, endpoint.id],
  );
  await hub.rows(
    `INSERT INTO webhook_parked (owner_id, endpoint_id, customer_id, first_pos, last_pos, attempt, next_at, state)
     VALUES ($1, $2, 1, 1, 1, 10, now() - interval '31 days', 'DEAD'), ($1, $2, 2, 1, 1, 10, now() - interval '29 days', 'DEAD')`,
    [owner.id, endpoint.id],
  );
  expect(await pruneDeliveries(hub.db, null)).toBe(7);
  expect(await owner.attempts(endpoint.id)).toHaveLength(13);
  expect(await owner.parked(endpoint.id)).toMatchObject([{ customerId: '2' }]);
});
