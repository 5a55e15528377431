import { afterAll, beforeAll, expect, test } from 'vitest';
import { databaseClock } from '../../src/clock.js';
import { EventReason } from '../../src/event-reason.js';
import { write } from '../../src/write.js';
import { startTestHub, type TestHub, type TestOwner } from '../hub.js';
import { answering, dataOf, startReceiver, type Receiver } from './receiver.js';
import { webhookFixture } from './webhook-fixture.js';

const fixture = webhookFixture();
let hub: TestHub;
let owner: TestOwner;
let receiver: Receiver;
beforeAll(async () => {
  hub = await startTestHub();
  owner = await hub.owner();
  receiver = await startReceiver();
});
afterAll(async () => {
  await hub.stop();
  await receiver.close();
});

const create = 'mutation ($code: String!) { createCustomer(input: { code: $code, name: "Ada" }) { customer { id } } }';
const rename =
  'mutation ($code: String!, $name: String!) { updateCustomer(by: { code: $code }, input: { name: $name }) { customer { version } } }';

test('B.6: what the receiver writes itself with its own key does not come back to it, what others write does', async () => {
  const crm = await owner.newKey(['customers:write', 'customers:read'], 'the CRM');
  const { made } = await owner.gql<{ made: { webhookEndpoint: { exceptOrigins: string[] } } }>(
    `mutation ($url: String!) {
       made: createWebhookEndpoint(input: { url: $url, exceptOrigins: [" the CRM ", "the CRM"] }) { webhookEndpoint { exceptOrigins } } }`,
    { url: receiver.url },
  );
  expect(made.webhookEndpoint.exceptOrigins).toEqual(['the CRM']);
  await hub.request(create, { code: 'OWN-1' }, { key: crm });
  await owner.gql(rename, { code: 'OWN-1', name: 'Ada of the shop' });
  await hub.request(rename, { code: 'OWN-1', name: 'Ada of the CRM' }, { key: crm });
  await owner.gql(rename, { code: 'OWN-1', name: 'Ada at last' });
  await receiver.until((requests) => requests.some((request) => dataOf(request).version === 4));
  expect(receiver.requests.map((request) => dataOf(request).version)).toEqual([2, 4]);
});

test('behind a customer that is tried again, own writes are passed over too, in both modes', async () => {
  for (const mode of ['EVERY', 'LATEST'] as const) {
    const other = await fixture.owner();
    const refusing = await fixture.receiver(answering(422));
    const endpoint = await other.endpoint(refusing, { mode, exceptOrigins: ['the CRM'] });
    fixture.dispatcher({ retryScheduleMs: Array.from({ length: 1_000 }, () => 20) });
    const [customer] = await other.customers(1);
    await refusing.until((requests) => requests.length >= 1);
    const writer = { db: fixture.db, clock: databaseClock, wakeRelay: () => undefined };
    await write(writer, { ownerId: other.id, origin: 'the CRM' }, (tx) =>
      Promise.resolve(tx.touch([customer!], EventReason.UPDATED)),
    );
    await other.change([customer!]);
    await fixture.eventually(async () => (await other.cursor(endpoint.id)).acked === 3);
    // A retry that was under way may not know of the last event; the one after it does.
    const seen = refusing.requests.length;
    await refusing.until((requests) => requests.length >= seen + 2);
    refusing.answer(answering(204));
    await fixture.eventually(async () => (await other.parked(endpoint.id)).length === 0);
    const succeeded = (await other.attempts(endpoint.id)).filter(({ state }) => state === 'SUCCEEDED');
    expect(succeeded.map(({ pos }) => pos)).toEqual(mode === 'EVERY' ? [1, 3] : [3]);
  }
});
