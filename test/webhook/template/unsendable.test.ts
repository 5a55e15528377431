import { expect, test } from 'vitest';
import { dataOf, answering } from '../receiver.js';
import { webhookFixture } from '../webhook-fixture.js';

const hub = webhookFixture();
const rename = (id: string, name: string) =>
  hub.rows('UPDATE customer SET name = $2, version = version WHERE id = $1', [id, name]);

test('G2: a retry is rendered anew, with the newest snapshot and by the template as it is now', async () => {
  const owner = await hub.owner();
  const receiver = await hub.receiver(answering(500));
  const endpoint = await owner.endpoint(receiver, { template: '["[customerName]"]' });
  hub.dispatcher({ retryScheduleMs: Array.from({ length: 100 }, () => 30) });
  const [customer] = await owner.customers(1);
  await receiver.until((requests) => requests.length === 1);
  expect(receiver.requests[0]!.body).toBe('["Ada Lovelace"]');
  await rename(customer!, 'Ada King');
  await owner.change([customer!]);
  await hub.rows('UPDATE webhook_endpoint SET template = $2 WHERE id = $1', [endpoint.id, '["new","[customerName]"]']);
  await receiver.until((requests) => requests.at(-1)!.body === '["new","Ada King"]');
  receiver.answer(answering(204));
  await hub.eventually(async () => (await owner.parked(endpoint.id)).length === 0);
  // the first event told what the customer was by then, under the name that it had from the first attempt
  const [first, ...retries] = receiver.requests.map(({ headers }) => headers['webhook-id']);
  expect(retries[0]).toBe(first);
});

test('A51: what could not be read is never sent: a failed delivery that says why, and delays nobody', async () => {
  const owner = await hub.owner();
  const receiver = await hub.receiver();
  const endpoint = await owner.endpoint(receiver, { template: '{}' });
  const [bad, good] = await owner.customers(2);
  await rename(bad!, 'Ada "X" Lovelace');
  await owner.change([bad!, good!]);
  // no endpoint can be given such a template; should one have it nevertheless, it depends on the customer
  await hub.rows('UPDATE webhook_endpoint SET template = $2 WHERE id = $1', [
    endpoint.id,
    '{"a":\n"\\[customerName]"}',
  ]);
  await hub.rows(`UPDATE customer SET name = 'tea' WHERE id = $1`, [good]);
  await owner.change([good!]);
  hub.dispatcher({ retryScheduleMs: Array.from({ length: 100 }, () => 200) });
  await hub.eventually(async () => (await owner.cursor(endpoint.id)).acked === 5);
  expect(new Set(receiver.requests.map(({ body }) => body))).toEqual(new Set(['{"a":\n"\\tea"}']));
  const [attempt] = (await owner.attempts(endpoint.id)).filter(({ customerId }) => customerId === bad);
  expect(attempt).toMatchObject({
    ...{ state: 'RETRYING', status: null },
    error: 'not sent (template: no valid JSON at line 2, column 2: no such escape in a string)',
  });
  expect(await owner.parked(endpoint.id)).toMatchObject([{ customerId: bad, state: 'RETRY' }]);
  expect(await owner.cursor(endpoint.id)).toMatchObject({ breaker: 'CLOSED' });
  await hub.rows('UPDATE webhook_endpoint SET template = $2 WHERE id = $1', [endpoint.id, '"[customerName]"']);
  await hub.eventually(async () => (await owner.parked(endpoint.id)).length === 0);
  expect(receiver.requests.at(-1)!.body).toBe('"Ada \\"X\\" Lovelace"');
});

test('A47: a block that repeats for thousands of tags ends as a failed delivery, not as a gigabyte', async () => {
  const owner = await hub.owner();
  const receiver = await hub.receiver();
  const item = `{"id": [customerTagId], "x": "${'x'.repeat(60_000)}"}[lineBreak]`;
  const endpoint = await owner.endpoint(receiver, { template: `[[customerTag_Begin]${item}[customerTag_End]]` });
  await hub.rows(
    `INSERT INTO tag (owner_id, name, name_key) SELECT $1, 'tag ' || n, 'tag ' || n FROM generate_series(1, 20000) n`,
    [owner.id],
  );
  await owner.customers(1);
  hub.dispatcher();
  const [attempt] = await hub.eventually(async () => {
    const attempts = await owner.attempts(endpoint.id);
    return attempts.length > 0 && attempts;
  });
  expect(attempt).toMatchObject({ status: null, error: 'not sent (template: more than 256 KiB)' });
  expect(receiver.requests).toEqual([]);
});

test('A44: what waits for a retry is not told once the customer is excluded', async () => {
  const owner = await hub.owner();
  const receiver = await hub.receiver(answering(503));
  const endpoint = await owner.endpoint(receiver, { template: '["[customerName]"]' });
  hub.dispatcher({ retryScheduleMs: Array.from({ length: 100 }, () => 30) });
  const [customer] = await owner.customers(1);
  await receiver.until((requests) => requests.length === 1);
  await owner.exclude(customer!);
  receiver.answer(answering(204));
  // the cursor first: it comes here together with what is parked, which one who had looked before would not have seen
  await hub.eventually(
    async () => (await owner.cursor(endpoint.id)).acked === 2 && (await owner.parked(endpoint.id)).length === 0,
  );
  const told = receiver.requests.slice(-2);
  expect(told.map(({ headers }) => headers['webhook-event'])).toEqual(['customer.created', 'customer.excluded']);
  expect(told.map((request) => dataOf(request).snapshot)).toEqual([null, null]);
});
