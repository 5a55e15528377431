import { afterAll, beforeAll, expect, test } from 'vitest';
import { customerDesk, identifier, type ShownCustomer } from '../customer/customer-desk.js';
import { startTestHub, type TestHub } from '../hub.js';

let hub: TestHub;
beforeAll(async () => {
  hub = await startTestHub({ env: { STAMDATA_ROLES: 'api' } });
});
afterAll(() => hub.stop());

const selection = 'consents { channel accepted source } snapshot { acceptsMarketingEmail acceptsMarketingSms }';
const snapshot = (acceptsMarketingEmail: boolean, acceptsMarketingSms: boolean) => ({
  snapshot: { acceptsMarketingEmail, acceptsMarketingSms },
});

async function desk() {
  const opened = await customerDesk(hub);
  await opened.create({ code: 'A', name: 'A' });
  await opened.events();
  const say = async (input: object) =>
    (
      await opened.run<{ customer: ShownCustomer | null }>(
        'setMarketingConsent',
        { customer: [identifier, { code: 'A' }], input: ['ConsentInput!', input] },
        `customer { version ${selection} }`,
      )
    ).customer!;
  return { ...opened, say };
}

test('T2: both marketing authorisations are set with the other fields in one update, and one event tells both', async () => {
  const { update, events } = await desk();
  const input = { city: 'Turku', acceptsMarketingEmail: true, acceptsMarketingSms: false };
  const { customer } = await update({ code: 'A' }, input, null, selection);
  expect(customer).toMatchObject({
    ...{ version: 2, ...snapshot(true, false) },
    consents: [
      { channel: 'EMAIL', accepted: true },
      { channel: 'SMS', accepted: false },
    ],
  });
  expect(await events()).toEqual(['A UPDATED,CONSENT']);
});

test('T2: they are given when the customer is created, and each is changed by itself', async () => {
  const { create, update, find } = await desk();
  const made = await create(
    { code: 'B', name: 'B', acceptsMarketingEmail: true, acceptsMarketingSms: true },
    selection,
  );
  expect(made.customer).toMatchObject(snapshot(true, true));
  expect((await update({ code: 'B' }, { acceptsMarketingSms: false }, null, selection)).customer).toMatchObject(
    snapshot(true, false),
  );
  expect(await find({ code: 'A' }, selection)).toMatchObject({ ...snapshot(false, false), consents: [] });
});

test('T2: a withdrawal that was made later beats a grant that arrives late', async () => {
  const { say, events } = await desk();
  await say({ channel: 'EMAIL', accepted: false, source: 'Unsubscribe link', occurredAt: '2026-03-02T09:00:00Z' });
  const late = await say({
    channel: 'EMAIL',
    accepted: true,
    source: 'Paper form',
    occurredAt: '2026-03-01T09:00:00Z',
  });
  expect(late).toMatchObject({
    ...snapshot(false, false),
    consents: [{ channel: 'EMAIL', accepted: false, source: 'Unsubscribe link' }],
  });
  const again = await say({ channel: 'EMAIL', accepted: true, source: 'Shop', occurredAt: '2026-03-03T09:00:00Z' });
  expect(again).toMatchObject(snapshot(true, false));
  expect(await events()).toEqual(['A CONSENT', 'A CONSENT', 'A CONSENT']);
});
