import { once } from 'node:events';
import type { ClientBase } from 'pg';
import { Webhook } from 'standardwebhooks';
import { beforeAll, expect, test } from 'vitest';
import { createAddressGuard } from '../../src/webhook/address-guard.js';
import { createEndpoint, maxEndpoints } from '../../src/webhook/create-endpoint.js';
import { deleteEndpoint } from '../../src/webhook/delete-endpoint.js';
import { countDeliveries, deliveriesPage } from '../../src/webhook/find-deliveries.js';
import { findEndpoints } from '../../src/webhook/find-endpoints.js';
import { rotateSecret } from '../../src/webhook/rotate-secret.js';
import { sendTest } from '../../src/webhook/send-test.js';
import { updateEndpoint } from '../../src/webhook/update-endpoint.js';
import { EventReason } from '../../src/event-reason.js';
import { Rejected, type Problem } from '../../src/errors.js';
import type { WebhookEndpointInput } from '../../src/webhook/webhook-endpoint.input.js';
import { answering, dataOf } from './receiver.js';
import { webhookFixture } from './webhook-fixture.js';

const hub = webhookFixture();
const strict = createAddressGuard({ allowCidrs: [], allowHttp: false });
const url = 'https://hooks.example.com/stamdata';
let owner!: Awaited<ReturnType<typeof hub.owner>>;
beforeAll(async () => {
  owner = await hub.owner();
});

const problemsOf = (work: Promise<unknown>): Promise<Problem[]> =>
  work.then(
    () => [],
    (error: unknown) => {
      if (error instanceof Rejected) return error.problems;
      throw error;
    },
  );

const create = (input: WebhookEndpointInput) =>
  createEndpoint({ db: hub.db, secret: hub.secret, guard: strict }, owner.id, input);

test('a new endpoint starts at the head of the feed and answers its secret; the database has it sealed', async () => {
  await owner.customers(3);
  const { webhookEndpoint, secret } = await create({ url });
  expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  expect(webhookEndpoint).toMatchObject({
    url,
    method: 'POST',
    mode: 'EVERY',
    state: 'ACTIVE',
    reasons: null,
    maxInFlight: 8,
  });
  expect((await owner.cursor(webhookEndpoint.id)).acked).toBe(await owner.head());
  const [stored] = await hub.rows<{ sealed: Buffer }>('SELECT sealed FROM webhook_secret WHERE endpoint_id = $1', [
    webhookEndpoint.id,
  ]);
  expect(stored!.sealed.includes(secret)).toBe(false);
  expect(stored!.sealed.includes(secret.slice(6))).toBe(false);
});

test.each<[string, Partial<WebhookEndpointInput>, string, string | null]>([
  ['plain http', { url: 'http://hooks.example.com/' }, 'INVALID', 'url'],
  ['a private address', { url: 'https://10.0.0.1/' }, 'INVALID', 'url'],
  ['a method', { method: 'DELETE' }, 'INVALID', 'method'],
  ['a content type', { contentType: 'text/xml' }, 'INVALID', 'contentType'],
  ['no reason', { reasons: [] }, 'INVALID', 'reasons'],
  ['a reserved header', { headers: [{ name: 'Webhook-Id', value: 'x' }] }, 'INVALID', 'headers.0.name'],
  ['a framing header', { headers: [{ name: 'Content-Length', value: '1' }] }, 'INVALID', 'headers.0.name'],
  ['a proxy header', { headers: [{ name: 'X-Forwarded-For', value: '1' }] }, 'INVALID', 'headers.0.name'],
  ['the host', { headers: [{ name: 'host', value: 'x' }] }, 'INVALID', 'headers.0.name'],
  ['no token', { headers: [{ name: 'a b', value: 'x' }] }, 'INVALID', 'headers.0.name'],
  ['a line break', { headers: [{ name: 'a', value: 'x\r\nhost: y' }] }, 'INVALID', 'headers.0.value'],
  ['a long value', { headers: [{ name: 'a', value: 'x'.repeat(4_097) }] }, 'TOO_LONG', 'headers.0.value'],
  [
    'one header twice',
    { headers: ['a', 'A'].map((name) => ({ name, value: '' })) },
    'DUPLICATE_IN_INPUT',
    'headers.1.name',
  ],
  [
    '11 headers',
    { headers: Array.from({ length: 11 }, (_, i) => ({ name: `a${i}`, value: '' })) },
    'LIMIT_EXCEEDED',
    'headers',
  ],
  ['no request at once', { maxInFlight: 0 }, 'OUT_OF_RANGE', 'maxInFlight'],
  ['too fast', { ratePerSecond: 100_001 }, 'OUT_OF_RANGE', 'ratePerSecond'],
])('refused: %s', async (_what, input, code, field) => {
  expect(await problemsOf(create({ url, ...input }))).toMatchObject([{ code, field }]);
});

test('every problem is told at once', async () => {
  const problems = await problemsOf(create({ url: 'nonsense', method: 'HEAD', reasons: [], maxInFlight: 99 }));
  expect(problems.map((problem) => problem.field)).toEqual(['url', 'method', 'reasons', 'maxInFlight']);
});

test('an owner has at most 20 endpoints, even when several are made at once', async () => {
  const crowded = await hub.owner();
  const made = await Promise.all(
    Array.from({ length: maxEndpoints + 4 }, () =>
      problemsOf(createEndpoint({ db: hub.db, secret: hub.secret, guard: strict }, crowded.id, { url })),
    ),
  );
  expect(made.filter((problems) => problems.length === 0)).toHaveLength(maxEndpoints);
  expect(made.flat().every((problem) => problem.code === 'LIMIT_EXCEEDED')).toBe(true);
});

test('an update leaves what it does not name, and null restores the default', async () => {
  const { webhookEndpoint } = await create({
    ...{ url, method: 'PUT', mode: 'LATEST', reasons: [EventReason.TAG], active: false },
    headers: [{ name: 'a', value: 'b' }],
  });
  const { id } = webhookEndpoint;
  const guarded = { db: hub.db, guard: strict };
  const moved = await updateEndpoint(guarded, owner.id, id, { url: `${url}/2` });
  expect(moved).toMatchObject({ ...webhookEndpoint, url: `${url}/2`, updatedAt: moved.updatedAt });
  const reset = { method: null, mode: null, reasons: null, headers: null, active: true };
  const plain = await updateEndpoint(guarded, owner.id, id, { url, ...reset });
  expect(plain).toMatchObject({ method: 'POST', mode: 'EVERY', reasons: null, headers: [], state: 'ACTIVE' });
  expect(await problemsOf(updateEndpoint(guarded, owner.id, '999999', { url }))).toMatchObject([{ code: 'NOT_FOUND' }]);
});

test('an endpoint that is switched on is told to every dispatcher, so that what waits leaves at once', async () => {
  const { webhookEndpoint } = await create({ url, active: false });
  const runner = hub.db.dataSource.createQueryRunner();
  const client = (await runner.connect()) as ClientBase;
  await client.query('LISTEN stamdata_feed');
  const told = once(client, 'notification');
  await updateEndpoint({ db: hub.db, guard: strict }, owner.id, webhookEndpoint.id, { url, active: true });
  expect(await told).toMatchObject([{ channel: 'stamdata_feed' }]);
  await client.query('UNLISTEN stamdata_feed');
  await runner.release();
});

test('after a rotation requests are signed with both secrets, the new one first; at most three are live', async () => {
  const receiver = await hub.receiver();
  const endpoint = await owner.endpoint(receiver);
  const second = await rotateSecret(hub, owner.id, endpoint.id);
  await sendTest(hub, { ownerId: owner.id, endpointId: endpoint.id, customerId: null }, '1.2.3');
  const { body, headers } = receiver.requests[0]!;
  const both = headers as Record<string, string>;
  new Webhook(endpoint.secret).verify(body, both);
  new Webhook(second.secret).verify(body, both);
  const onlyFirst = { ...both, 'webhook-signature': both['webhook-signature']!.split(' ')[0]! };
  new Webhook(second.secret).verify(body, onlyFirst);
  expect(() => new Webhook(endpoint.secret).verify(body, onlyFirst)).toThrow();

  await rotateSecret(hub, owner.id, endpoint.id);
  expect(await problemsOf(rotateSecret(hub, owner.id, endpoint.id))).toMatchObject([{ code: 'LIMIT_EXCEEDED' }]);
  await hub.rows('UPDATE webhook_secret SET expires_at = now() WHERE endpoint_id = $1 AND key_no = 1', [endpoint.id]);
  await rotateSecret(hub, owner.id, endpoint.id);
  await sendTest(hub, { ownerId: owner.id, endpointId: endpoint.id, customerId: null }, '1.2.3');
  const later = receiver.requests[1]!;
  expect(later.headers['webhook-signature']!.toString().split(' ')).toHaveLength(3);
  expect(() => new Webhook(endpoint.secret).verify(later.body, later.headers as Record<string, string>)).toThrow();
});

test('a test is sent at once, says so, and is logged; the deliveries are not touched by it', async () => {
  const receiver = await hub.receiver(answering(418, 'teapot'));
  const endpoint = await owner.endpoint(receiver, { active: false });
  const [customerId] = await owner.customers(1);
  const before = await owner.cursor(endpoint.id);
  const target = { ownerId: owner.id, endpointId: endpoint.id, customerId: customerId! };
  const delivery = await sendTest(hub, target, '1.2.3');
  expect(delivery).toMatchObject({
    ...{ endpointId: endpoint.id, customerId, version: 1, attempt: 1, state: 'FAILED', status: 418 },
    ...{ error: 'answered 418', responseHead: 'teapot' },
  });
  expect(receiver.requests[0]!.headers['webhook-event']).toBe('webhook.test');
  expect(receiver.requests[0]!.headers['webhook-id']).toBe(delivery.webhookId);
  expect(dataOf(receiver.requests[0]!)).toMatchObject({ customerId, version: 1, snapshot: { name: 'Ada Lovelace' } });
  expect(await owner.cursor(endpoint.id)).toEqual(before);
  const nobody = sendTest(hub, { ...target, endpointId: '999999' }, '1.2.3');
  expect(await problemsOf(nobody)).toMatchObject([{ code: 'NOT_FOUND' }]);
});

test('deliveries are listed newest first, filtered and in pages; another owner sees none of them', async () => {
  const listed = await hub.owner();
  const receiver = await hub.receiver();
  const endpoint = await listed.endpoint(receiver);
  const customers = await listed.customers(5);
  hub.dispatcher();
  await hub.eventually(async () => (await listed.cursor(endpoint.id)).acked === 5);
  const any = { endpointId: null, customerId: null, state: null };
  const read = <T>(work: (sql: Parameters<Parameters<typeof hub.db.asOwner>[1]>[0]) => Promise<T>, as = listed) =>
    hub.db.asOwner(as.id, work);
  const page = { size: 3, backward: false, after: null, before: null };
  const first = await read((sql) => deliveriesPage(sql, listed.id, any, page));
  expect(first).toHaveLength(4);
  const ids = first.map((delivery) => Number(delivery.id));
  expect(ids).toEqual([...ids].sort((a, b) => b - a));
  const rest = await read((sql) => deliveriesPage(sql, listed.id, any, { ...page, after: first[2]!.id }));
  expect(rest).toHaveLength(2);
  const ofOne = { ...any, customerId: customers[2]!, state: 'SUCCEEDED' as const };
  expect(await read((sql) => deliveriesPage(sql, listed.id, ofOne, page))).toMatchObject([
    {
      customerId: customers[2],
      endpointId: endpoint.id,
      version: 1,
      state: 'SUCCEEDED',
      status: 204,
      responseHead: null,
    },
  ]);
  expect(await read((sql) => countDeliveries(sql, listed.id, any))).toBe(5);
  expect(await read((sql) => countDeliveries(sql, listed.id, { ...any, state: 'DEAD' }))).toBe(0);
  // Row-level security, even if a statement named the other owner.
  expect(await read((sql) => countDeliveries(sql, listed.id, any), owner)).toBe(0);
});

test('a deleted endpoint is gone with all that belongs to it, even while it is served', async () => {
  const receiver = await hub.receiver(() => undefined);
  const endpoint = await owner.endpoint(receiver);
  hub.dispatcher({ drainMs: 50 });
  await owner.customers(1);
  await receiver.until((requests) => requests.length === 1);
  await deleteEndpoint(hub.db, owner.id, endpoint.id);
  const present = await hub.db.asOwner(owner.id, (sql) => findEndpoints(sql, owner.id));
  expect(present.map(({ id }) => id)).not.toContain(endpoint.id);
  const left = await hub.rows(
    `SELECT 1 FROM webhook_cursor WHERE endpoint_id = $1 UNION ALL SELECT 1 FROM webhook_secret WHERE endpoint_id = $1`,
    [endpoint.id],
  );
  expect(left).toEqual([]);
  expect(await problemsOf(deleteEndpoint(hub.db, owner.id, endpoint.id))).toMatchObject([{ code: 'NOT_FOUND' }]);
});
