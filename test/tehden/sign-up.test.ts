import { afterAll, beforeAll, expect, test } from 'vitest';
import { customerDesk, faults, type CustomerDesk } from '../customer/customer-desk.js';
import { startTestHub, type TestHub } from '../hub.js';

let hub: TestHub;
beforeAll(async () => {
  hub = await startTestHub({ env: { STAMDATA_ROLES: 'api' } });
});
afterAll(() => hub.stop());

const shop = (identifier: string) => ({ system: '6', identifier });
const account = (identifier: string, more: object = {}) => ({
  ...{ code: `SHOP-${identifier}`, name: 'Anna Jensen', externalReferences: [shop(identifier)] },
  ...more,
});

/** What a shop does when somebody signs up or logs in: looks up, then creates or updates. */
async function signIn({ find, create, update }: CustomerDesk, identifier: string, more: object = {}) {
  const by = { external: shop(identifier) };
  const known = await find(by);
  return known ? update({ id: known.id }, more, null, 'email') : create(account(identifier, more), 'email');
}

test('T1: a customer is created and updated through the interface, and everybody hears from which system', async () => {
  const desk = await customerDesk(hub);
  const created = await desk.create(account('1'), 'externalReferences { system { name number } identifier }');
  expect(created.customer!.externalReferences).toEqual([
    { system: { name: 'WooCommerce', number: '6' }, identifier: '1' },
  ]);
  expect((await desk.update({ code: 'shop-1' }, { city: 'Turku' }, 1, 'city')).customer).toMatchObject({
    version: 2,
    city: 'Turku',
  });
  const origins = await hub.clone.sql('SELECT DISTINCT origin FROM outbox WHERE owner_id = $1', [desk.owner.id]);
  expect(origins).toEqual([{ origin: `key of ${desk.owner.code}` }]);
  expect(await desk.events()).toEqual(['SHOP-1 CREATED', 'SHOP-1 UPDATED']);
});

test('T6: sign-up creates, every later log-in finds the same customer and updates it', async () => {
  const desk = await customerDesk(hub);
  const first = await signIn(desk, '1', { email: 'anna@old.example' });
  const second = await signIn(desk, '1', { email: 'anna@new.example' });
  const third = await signIn(desk, '1', { email: 'anna@new.example' });
  expect(second.customer).toMatchObject({ id: first.customer!.id, version: 2, email: 'anna@new.example' });
  expect(third.customer).toEqual(second.customer); // a log-in with nothing new is no change
  expect(await desk.events()).toEqual(['SHOP-1 CREATED', 'SHOP-1 UPDATED']);
});

test('T6: customers of different types, a person unless told; a type can change later', async () => {
  const desk = await customerDesk(hub);
  const typeOf = async (type?: string) =>
    (await desk.create({ code: `${type}`, name: 'N', ...(type && { type }) }, 'type')).customer!.type;
  expect([await typeOf(), await typeOf('PERSON'), await typeOf('COMPANY')]).toEqual(['PERSON', 'PERSON', 'COMPANY']);
  const changed = await desk.update({ code: 'undefined' }, { type: 'COMPANY' }, null, 'type');
  expect(changed.customer).toMatchObject({ type: 'COMPANY', version: 2 });
});

test('A42: creating what exists is no update: TAKEN with the id of the customer that is there, which stays as it is', async () => {
  const desk = await customerDesk(hub);
  const { customer } = await desk.create(account('1'));
  await desk.events();
  const byPair = await desk.create({ ...account('1'), code: 'OTHER', email: 'x@x.example' });
  expect(byPair).toMatchObject({
    customer: null,
    userErrors: [{ code: 'TAKEN', field: 'externalReferences.0', existingId: customer!.id }],
  });
  const byNumber = await desk.create({ code: 'shop-1', name: 'Somebody else' });
  expect(byNumber.userErrors).toMatchObject([{ code: 'TAKEN', field: 'code', existingId: customer!.id }]);
  expect(await desk.find({ id: customer!.id }, 'name email')).toMatchObject({
    name: 'Anna Jensen',
    email: null,
    version: 1,
  });
  expect(await desk.find({ code: 'OTHER' })).toBeNull();
  expect(await desk.events()).toEqual([]);
});

test('A42: of sign-ups that come at once exactly one creates; the others are told whom they can update', async () => {
  const desk = await customerDesk(hub);
  const answers = await Promise.all([1, 2, 3, 4, 5].map((n) => desk.create({ ...account('1'), code: `C${n}` })));
  const [winner, ...more] = answers.flatMap(({ customer }) => (customer ? [customer] : []));
  expect(more).toEqual([]);
  for (const answer of answers.filter(({ customer }) => !customer))
    expect(answer.userErrors).toMatchObject([{ code: 'TAKEN', existingId: winner!.id }]);
  expect(await desk.events()).toEqual([`${winner!.code} CREATED`]);
});

test('A45: only companies have the VAT statuses 2 to 6, also when the type changes', async () => {
  const desk = await customerDesk(hub);
  const company = { type: 'COMPANY', vatStatus: 'EU_TRIANGULATION' };
  expect(faults(await desk.create(account('1', { ...company, type: 'PERSON' })))).toEqual(['INVALID vatStatus']);
  expect(faults(await desk.create(account('1', company)))).toEqual([]);
  expect(faults(await desk.update({ code: 'SHOP-1' }, { type: 'PERSON' }))).toEqual(['INVALID vatStatus']);
  expect(faults(await desk.update({ code: 'SHOP-1' }, { type: 'PERSON', vatStatus: 'OUTSIDE_EU' }))).toEqual([]);
  expect(await desk.find({ code: 'SHOP-1' }, 'type vatStatus')).toMatchObject({
    type: 'PERSON',
    vatStatus: 'OUTSIDE_EU',
  });
});
