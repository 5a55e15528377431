import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { Dispatcher } from '../../src/webhook/dispatcher.js';
import type { Timing } from '../../src/webhook/timing.js';
import { startTestHub, type TestHub, type TestOwner } from '../hub.js';
import { startReceiver, type Behaviour, type Receiver } from './receiver.js';
import { quick } from './webhook-fixture.js';

/**
 * A hub that answers requests and moves events but sends nothing by itself: each test starts the dispatchers it wants, with
 * waits of milliseconds, on the hub's own database. What was started ends with the test.
 */
export function operatorDesk() {
  const dispatchers: Dispatcher[] = [];
  const receivers: Receiver[] = [];
  const logged: { message: string; fields: { endpointId?: string; code?: string } }[] = [];
  let hub!: TestHub;
  beforeAll(async () => {
    hub = await startTestHub({ env: { STAMDATA_ROLES: 'api,relay' } });
  });
  afterEach(async () => {
    await Promise.all(dispatchers.splice(0).map((dispatcher) => dispatcher.stop()));
    await Promise.all(receivers.splice(0).map((receiver) => receiver.close()));
    logged.length = 0;
  });
  afterAll(() => hub.stop());

  return {
    get hub() {
      return hub;
    },
    logged,
    owner: () => hub.owner(),
    dispatcher(timing: Partial<Timing> = {}): Dispatcher {
      const { db, secret, guard, cursors } = hub.hub;
      const dispatcher = new Dispatcher({
        ...{ db, secret, guard, cursors, version: '1.2.3', random: () => 0.5 },
        log: (_level, message, fields = {}) => void logged.push({ message, fields }),
        timing: { ...quick, noticeMs: 20, ...timing },
      });
      dispatchers.push(dispatcher);
      dispatcher.start();
      return dispatcher;
    },
    async receiver(behave?: Behaviour): Promise<Receiver> {
      const receiver = await startReceiver(behave);
      receivers.push(receiver);
      return receiver;
    },
    /** Polls until `read` gives something truthy; the test's own deadline ends it. */
    async eventually<T>(read: () => Promise<T | undefined | false | null>): Promise<T> {
      for (;;) {
        const found = await read();
        if (found) return found;
        await delay(15);
      }
    },
  };
}

/** Makes an endpoint through the API. Gives its id and its signing secret. */
export async function makeEndpoint(
  owner: TestOwner,
  receiver: { url: string },
  input: object = {},
): Promise<{ id: string; secret: string }> {
  const { made } = await owner.gql<{
    made: { webhookEndpoint: { id: string } | null; secret: string; userErrors: object[] };
  }>(
    `mutation ($input: WebhookEndpointInput!) { made: createWebhookEndpoint(input: $input) {
       webhookEndpoint { id } secret userErrors { code field message } } }`,
    { input: { url: receiver.url, ratePerSecond: 10_000, ...input } },
  );
  if (!made.webhookEndpoint) throw new Error(JSON.stringify(made.userErrors));
  return { id: made.webhookEndpoint.id, secret: made.secret };
}

/** Changes an endpoint's settings; the URL stays that of the receiver. */
export const changeEndpoint = (owner: TestOwner, id: string, receiver: { url: string }, input: object) =>
  owner.gql(
    'mutation ($id: ID!, $input: WebhookEndpointInput!) { updateWebhookEndpoint(id: $id, input: $input) { userErrors { message } } }',
    {
      ...{ id, input: { url: receiver.url, ...input } },
    },
  );

/** Makes customers, one event each. Gives their ids. */
export async function makeCustomers(owner: TestOwner, codes: readonly string[]): Promise<string[]> {
  const { made } = await owner.gql<{ made: { results: { customerId: string }[]; errors: object[] } }>(
    `mutation ($input: BulkInsertCustomersInput!) { made: bulkInsertCustomers(input: $input) { results { customerId } errors { errors } } }`,
    { input: { ownerCode: owner.code, customers: codes.map((code) => ({ code, name: `Name of ${code}` })) } },
  );
  if (made.errors.length > 0) throw new Error(JSON.stringify(made.errors));
  return made.results.map(({ customerId }) => customerId);
}

/** Gives a customer another name: one event. */
export const rename = (owner: TestOwner, id: string, name: string) =>
  owner.gql(
    'mutation ($by: CustomerIdentifierInput!, $name: String!) { updateCustomer(by: $by, input: { name: $name }) { userErrors { message } } }',
    {
      ...{ by: { id }, name },
    },
  );
