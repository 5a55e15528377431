import { Webhook } from 'standardwebhooks';
import { expect, test } from 'vitest';
import { changeEndpoint, makeCustomers, makeEndpoint, operatorDesk, rename } from './operator-desk.js';
import { answering, dataOf, type Received, type Receiver } from './receiver.js';

const desk = operatorDesk();
type Owner = Awaited<ReturnType<typeof desk.owner>>;

/** What a notice says. */
interface Told {
  type: string;
  timestamp: string;
  data: Record<string, unknown> & { endpointId: string; reason: string };
}
const toldOf = (request: Received): Told => JSON.parse(request.body) as Told;
const typesOf = (receiver: Receiver): string[] => receiver.requests.map((request) => toldOf(request).type);
const failing = 'webhook.endpoint.failing';
const recovered = 'webhook.endpoint.recovered';
/** An endpoint for operational events alone. */
const watching = { operationalEvents: true, reasons: [] };
/** Attempts a moment apart, and enough of them that nobody dies. */
const patient = { retryScheduleMs: Array.from({ length: 100 }, () => 15) };

const stateOf = async (owner: Owner, id: string) => {
  const { webhookEndpoints } = await owner.gql<{
    webhookEndpoints: { id: string; state: string; failingSince: string | null; failingReason: string | null }[];
  }>('{ webhookEndpoints { id state failingSince failingReason } }');
  return webhookEndpoints.find((endpoint) => endpoint.id === id)!;
};
const noticesLeft = async (owner: Owner) =>
  (await desk.hub.clone.sql('SELECT FROM webhook_notice WHERE owner_id = $1', [owner.id])).length;

test('B.7: four failed attempts of one event are told once, and once that they succeed again: signed, to those that ask, not to itself', async () => {
  const owner = await desk.owner();
  const other = await desk.owner();
  const [receiver, watcher, deaf, stranger] = await Promise.all([1, 2, 3, 4].map(() => desk.receiver()));
  const { id } = await makeEndpoint(owner, { url: `${receiver!.url}?token=hidden` }, { operationalEvents: true });
  const { secret } = await makeEndpoint(owner, watcher!, watching);
  await makeEndpoint(owner, deaf!, { reasons: ['MERGED'] });
  await makeEndpoint(other, stranger!, watching);
  const [good, bad] = await makeCustomers(owner, ['GOOD', 'BAD']);
  receiver!.answer((request, res) => void res.writeHead(dataOf(request).customerId === bad ? 422 : 204).end());
  desk.dispatcher(patient);
  await watcher!.until((requests) => requests.length === 1);
  const [request] = watcher!.requests;
  new Webhook(secret).verify(request!.body, request!.headers as Record<string, string>);
  expect(request!.headers).toMatchObject({ 'webhook-event': failing, 'content-type': 'application/json' });
  expect(toldOf(request!)).toEqual({
    type: failing,
    timestamp: expect.any(String) as string,
    data: {
      ...{ endpointId: id, host: new URL(receiver!.url).host, state: 'ACTIVE', parked: 1, dead: 0 },
      lag: expect.any(Number) as number,
      reason: 'deliveries of 1 customer have failed 4 times or more; the others go on',
      failingSince: expect.any(String) as string,
      lastStatus: 422,
    },
  });
  expect(await stateOf(owner, id)).toMatchObject({
    ...{
      state: 'ACTIVE',
      failingSince: toldOf(request!).data.failingSince,
      failingReason: toldOf(request!).data.reason,
    },
  });
  // it goes on failing, which is nothing new
  const tries = receiver!.requests.length;
  await receiver!.until((requests) => requests.length >= tries + 5);
  receiver!.answer(answering(204));
  await watcher!.until((requests) => requests.length === 2);
  expect(toldOf(watcher!.requests[1]!)).toMatchObject({
    ...{
      type: recovered,
      data: { endpointId: id, reason: 'nothing is failing any more', parked: 0, failingSince: null },
    },
  });
  expect(await stateOf(owner, id)).toMatchObject({ failingSince: null, failingReason: null });
  await rename(owner, good!, 'Another name');
  await receiver!.until(
    (requests) => dataOf(requests.at(-1)!).customerId === good && requests.at(-1)!.body.includes('Another'),
  );
  await desk.eventually(async () => (await noticesLeft(owner)) === 0);
  expect(typesOf(watcher!)).toEqual([failing, recovered]);
  expect(receiver!.requests.filter((got) => got.headers['webhook-event']!.toString().startsWith('webhook.'))).toEqual(
    [],
  );
  expect([deaf!.requests, stranger!.requests]).toEqual([[], []]);
  const lines = desk.logged.filter(({ fields }) => fields.endpointId === id).map(({ message }) => message);
  expect(lines).toEqual([failing, recovered]);
});

test('B.7: three processes tell once that a breaker stays open, and once that it has closed', async () => {
  const owner = await desk.owner();
  const receiver = await desk.receiver(answering(503));
  const watcher = await desk.receiver();
  const { id } = await makeEndpoint(owner, receiver, { shards: 3 });
  await makeEndpoint(owner, watcher, watching);
  await makeCustomers(
    owner,
    Array.from({ length: 40 }, (_, i) => `C${i}`),
  );
  for (let i = 0; i < 3; i++) desk.dispatcher({ ...patient, probeMs: [10, 20] });
  await watcher.until((requests) =>
    requests.some((request) => toldOf(request).data.reason.includes('breaker is open')),
  );
  expect((await stateOf(owner, id)).failingReason).toContain('breaker is open');
  receiver.answer(answering(204));
  await watcher.until((requests) =>
    requests.some((request) => toldOf(request).data.reason === 'nothing is failing any more'),
  );
  await desk.eventually(async () => (await noticesLeft(owner)) === 0);
  const told = watcher.requests.map((request) => `${toldOf(request).type}: ${toldOf(request).data.reason}`);
  expect(new Set(told).size, told.join('\n')).toBe(told.length);
  expect(told.at(-1)).toBe(`${recovered}: nothing is failing any more`);
  expect(typesOf(watcher).filter((type) => type === recovered).length).toBeLessThanOrEqual(2);
});

test('B.7: 24 hours without a success are told on their own', async () => {
  const owner = await desk.owner();
  const receiver = await desk.receiver(answering(500));
  const watcher = await desk.receiver();
  const { id } = await makeEndpoint(owner, receiver);
  await makeEndpoint(owner, watcher, watching);
  await desk.hub.clone.sql(
    `UPDATE webhook_cursor SET breaker = 'OPEN', fails = 9, fail_since = now() - interval '25 hours', probe_at = now()
     WHERE endpoint_id = $1`,
    [id],
  );
  await makeCustomers(owner, ['A']);
  desk.dispatcher(patient);
  await watcher.until((requests) => requests.length === 1);
  const { type, data } = toldOf(watcher.requests[0]!);
  expect([type, data.reason, data.lag]).toEqual([failing, 'no delivery has succeeded for 24 hours', 1]);
});

test('B.7: an endpoint that answers 410 is told to be disabled, and to be enabled when a person has switched it on', async () => {
  const owner = await desk.owner();
  const receiver = await desk.receiver(answering(410));
  const watcher = await desk.receiver();
  const { id } = await makeEndpoint(owner, receiver);
  await makeEndpoint(owner, watcher, watching);
  await makeCustomers(owner, ['A']);
  desk.dispatcher();
  await watcher.until((requests) => requests.length === 1);
  expect(toldOf(watcher.requests[0]!)).toMatchObject({
    type: 'webhook.endpoint.disabled',
    data: { endpointId: id, state: 'DISABLED', reason: 'the endpoint answered 410 Gone', lastStatus: 410 },
  });
  receiver.answer(answering(204));
  await changeEndpoint(owner, id, receiver, { active: true });
  await watcher.until((requests) => requests.length === 2);
  expect(toldOf(watcher.requests[1]!)).toMatchObject({
    ...{ type: 'webhook.endpoint.enabled', data: { endpointId: id, state: 'ACTIVE' } },
  });
  await desk.eventually(async () => (await noticesLeft(owner)) === 0); // its receiver has it before the hub has noted so
  await changeEndpoint(owner, id, receiver, { active: false });
  await changeEndpoint(owner, id, receiver, { active: true });
  expect(await noticesLeft(owner)).toBe(0); // a pause that a person made is no news to persons
});

test('issue 5.6: what is told survives the death of the process that noticed it, and a receiver that is down; in order, under one id', async () => {
  const owner = await desk.owner();
  const receiver = await desk.receiver(answering(422));
  const watcher = await desk.receiver(answering(500));
  const { id } = await makeEndpoint(owner, receiver);
  const listening = await makeEndpoint(owner, watcher, watching);
  await makeCustomers(owner, ['A']);
  const first = desk.dispatcher({ ...patient, noticeMs: 600_000 });
  await desk.eventually(async () => (await noticesLeft(owner)) === 1);
  await first.stop();
  expect(watcher.requests).toEqual([]);
  receiver.answer(answering(204));
  desk.dispatcher(patient);
  await desk.eventually(async () => (await noticesLeft(owner)) === 2);
  await watcher.until((requests) => requests.length >= 3);
  expect(new Set(typesOf(watcher))).toEqual(new Set([failing])); // the recovery waits behind it
  watcher.answer(answering(204));
  await desk.eventually(async () => (await noticesLeft(owner)) === 0);
  expect(typesOf(watcher).at(-1)).toBe(recovered);
  const ids = watcher.requests.map((request) => request.headers['webhook-id']);
  expect(new Set(ids).size).toBe(2);
  const { deliveries } = await owner.gql<{ deliveries: { nodes: object[] } }>(
    'query ($id: ID) { deliveries(endpointId: $id, first: 2) { nodes { state webhookId customerId attempt } } }',
    { id: listening.id },
  );
  expect(deliveries.nodes).toMatchObject([
    { state: 'SUCCEEDED', webhookId: ids.at(-1), customerId: null, attempt: 1 },
    { state: 'SUCCEEDED', webhookId: ids.at(-2), customerId: null, attempt: watcher.requests.length - 1 },
  ]);
  expect((await stateOf(owner, id)).failingSince).toBeNull();
});

test('issue 5.6: a notice that was claimed by a process which died is sent when its lease is over', async () => {
  const owner = await desk.owner();
  const watcher = await desk.receiver();
  const { id } = await makeEndpoint(owner, watcher, watching);
  await desk.hub.clone.sql(
    `INSERT INTO webhook_notice (owner_id, endpoint_id, about_id, type, body, created_at, attempt, next_at)
     VALUES ($1, $2, 1, $3, $4, now(), 1, now() + interval '200 ms')`,
    [owner.id, id, failing, JSON.stringify({ type: failing, data: {} })],
  );
  desk.dispatcher();
  await watcher.until((requests) => requests.length === 1);
  await desk.eventually(async () => (await noticesLeft(owner)) === 0);
  expect(typesOf(watcher)).toEqual([failing]);
});

test('issue 5.6: an endpoint may ask for operational events alone; they need a body', async () => {
  const owner = await desk.owner();
  const receiver = await desk.receiver();
  await expect(makeEndpoint(owner, receiver, { reasons: [] })).rejects.toThrow(/invalid reasons \(name at least one/);
  await expect(makeEndpoint(owner, receiver, { ...watching, method: 'GET' })).rejects.toThrow(
    /"field":"operationalEvents","message":"invalid operationalEvents \(they need POST or PUT\)"/,
  );
  const control = await desk.receiver();
  await makeEndpoint(owner, receiver, watching);
  await makeEndpoint(owner, control);
  await makeCustomers(owner, ['A']);
  desk.dispatcher();
  await control.until((requests) => requests.length === 1);
  await desk.eventually(async () => (await lagsOf(owner)).every((lag) => lag === 0));
  expect(receiver.requests).toEqual([]);
});

const lagsOf = async (owner: Owner) =>
  (await owner.gql<{ webhookEndpoints: { lag: number }[] }>('{ webhookEndpoints { lag } }')).webhookEndpoints.map(
    ({ lag }) => lag,
  );
