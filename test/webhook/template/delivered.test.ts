import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestHub, type TestHub } from '../../hub.js';
import { guestBook, type GuestBook } from '../../snapshot/guest-book.js';
import { startReceiver, type Receiver } from '../receiver.js';
import { createEndpoint, received, sample, updateEndpoint } from './template-desk.js';

let hub: TestHub;
const receivers: Receiver[] = [];
beforeAll(async () => {
  hub = await startTestHub();
});
afterAll(async () => {
  await hub.stop();
  await Promise.all(receivers.map((receiver) => receiver.close()));
});

/** An owner of its own with an endpoint that has a template, and who receives. */
async function fed(input: object): Promise<{ book: GuestBook; receiver: Receiver; endpointId: string }> {
  const receiver = await startReceiver();
  receivers.push(receiver);
  const book = await guestBook(hub, { timeZone: 'Europe/Copenhagen' });
  const { webhookEndpoint, userErrors } = await createEndpoint(book.owner, { url: receiver.url, ...input });
  if (!webhookEndpoint) throw new Error(JSON.stringify(userErrors));
  return { book, receiver, endpointId: webhookEndpoint.id };
}

describe('G1, G3: the sample template, as it stands on the page', () => {
  test('G1, G4, A53: sent when a customer is created and when it is updated; the header tells which', async () => {
    const { book, receiver } = await fed({ template: sample });
    const name = 'Åse "Ås" \\ Ørsted [CUSTOMERID] 👩‍👩‍👧 \u202eאבג'.padEnd(100, 'x');
    const guest = await book.guest({ name, birthDate: { month: 5, day: 17 }, sex: 'FEMALE', tags: ['VIP'] });
    await book.owner.gql('mutation { createTag(name: "Sauna \\"hot\\"") { tag { id } } }');
    const created = await received(receiver, ({ headers }) => headers['webhook-event'] === 'customer.created');
    expect(created.headers['content-type']).toBe('application/json');
    expect(Object.keys(JSON.parse(created.body) as object)).toHaveLength(20);
    await book.change(guest, { email: 'aase@example.dk', birthDate: { year: 1985, month: 5, day: 17 } });
    const updated = await received(receiver, ({ headers }) => headers['webhook-event'] === 'customer.updated');
    const stored = await book.snapshot(guest);
    expect(JSON.parse(updated.body)).toMatchObject({
      CUSTOMERID: Number(guest.id),
      ...{ CUSTOMERNAME: stored.name, CUSTOMERSEXVALUE: '2', CUSTOMERBIRTHDAY: '1985-05-17' },
      ...{ CUSTOMEREMAIL: 'aase@example.dk', CUSTOMERMOBILE: '', ORDERSTOTALVALUE: '0.00' },
      CUSTOMERTAGS: [
        { CUSTOMERTAGID: Number(stored.tags[0]!.id), CUSTOMERTAGNAME: 'VIP', CUSTOMERTAGVALUE: '1' },
        { CUSTOMERTAGID: Number(stored.tags[1]!.id), CUSTOMERTAGNAME: 'Sauna "hot"', CUSTOMERTAGVALUE: '0' },
      ],
    });
    expect(stored.name).toBe(name);
  });

  test('G16, G17, G18, G19, A7, A8: POS, credit notes, cancelled and unpaid orders', async () => {
    const { book, receiver } = await fed({ template: sample, reasons: ['ORDER'] });
    const [pos, online] = [await book.guest(), await book.guest()];
    const orderedAt = '2026-03-01T10:00:00Z';
    const sold = { channel: 'POS', kind: 'RECEIPT', orderedAt };
    await book.orders(pos, [
      { ...sold, totalValue: '100', totalValueExVat: '80' },
      { ...sold, kind: 'CREDIT_NOTE', totalValue: '-25', totalValueExVat: '-20' },
    ]);
    const ofPos = await received(receiver, ({ body }) => body.includes(`"CUSTOMERID": ${pos.id}`));
    expect(JSON.parse(ofPos.body)).toMatchObject({
      ...{ ORDERSTOTALCOUNT: '2', ORDERSTOTALVALUE: '75.00', ORDERSTOTALVALUEEXVAT: '60.00', ORDERSLASTDATE: '' },
    });
    const ordered = { channel: 'ONLINE', kind: 'ONLINE_ORDER', paid: true, totalValue: '10', totalValueExVat: '8' };
    await book.orders(online, [
      { ...ordered, orderedAt: '2026-03-28T23:30:00Z' },
      { ...ordered, orderedAt: '2026-04-01T10:00:00Z', status: 'CANCELLED' },
      { ...ordered, orderedAt: '2026-04-02T10:00:00Z', paid: false },
    ]);
    const ofOnline = await received(receiver, ({ body }) => body.includes(`"CUSTOMERID": ${online.id}`));
    expect(JSON.parse(ofOnline.body)).toMatchObject({
      ...{
        ORDERSTOTALCOUNT: '1',
        ORDERSTOTALVALUE: '10.00',
        ORDERSTOTALVALUEEXVAT: '8.00',
        ORDERSLASTDATE: '29/03-2026',
      },
    });
  });
});

test('A52: a booking, an order, a tag fires it by default; an endpoint may narrow it to master data', async () => {
  const { book, receiver } = await fed({ template: '[[customerId]]' });
  const narrow = await startReceiver();
  receivers.push(narrow);
  const master = { url: narrow.url, template: '[[customerId]]', reasons: ['CREATED', 'UPDATED'] };
  await createEndpoint(book.owner, master);
  const guest = await book.guest();
  await book.booking(guest, '2099-01-01T10:00:00Z');
  await book.change(guest, { city: 'Ry' });
  await receiver.until((requests) => requests.length === 3);
  await narrow.until((requests) => requests.length === 2);
  expect(receiver.requests.map(({ body }) => body)).toEqual(Array(3).fill(`[${guest.id}]`));
  const kinds = (of: Receiver) => of.requests.map(({ headers }) => headers['webhook-event']);
  expect(kinds(narrow)).toEqual(['customer.created', 'customer.updated']);
});

test.each([
  [
    'application/xml',
    '<c name="[customerName]"/>',
    'application/xml; charset=utf-8',
    '<c name="&#34;Å&#34; &#38; &#60;Ø&#62;"/>',
  ],
  ['text/xml', '<c>[customerName]</c>', 'text/xml; charset=utf-8', '<c>&#34;Å&#34; &#38; &#60;Ø&#62;</c>'],
  ['text/plain', 'Hej [customerName]', 'text/plain; charset=utf-8', 'Hej "Å" & <Ø>'],
  [
    'application/x-www-form-urlencoded',
    'name=[customerName]\n&x=1',
    'application/x-www-form-urlencoded',
    'name=%22%C3%85%22+%26+%3C%C3%98%3E&x=1',
  ],
])('G2: %s: escaped for what it is, and said so in the header', async (contentType, template, header, body) => {
  const { book, receiver } = await fed({ contentType, template });
  await book.guest({ name: '"Å" & <Ø>' });
  await receiver.until((requests) => requests.length === 1);
  expect(receiver.requests[0]).toMatchObject({ method: 'POST', headers: { 'content-type': header }, body });
});

test('G2: with GET the template is the query, after the one that the URL has', async () => {
  const { book, receiver, endpointId } = await fed({ method: 'GET', template: 'id=[customerId]&name=[customerName]' });
  const guest = await book.guest({ name: 'Å & #1?' });
  await receiver.until((requests) => requests.length === 1);
  expect(receiver.requests[0]).toMatchObject({
    method: 'GET',
    url: `/hook?id=${guest.id}&name=%C3%85+%26+%231%3F`,
    body: '',
  });
  await updateEndpoint(book.owner, endpointId, { url: `${receiver.url}?key=x` });
  const long = 'ø'.repeat(400); // far beyond 2,048 characters once it is encoded
  await book.change(guest, { name: 'Bo', email: `bo@example.dk`, address: long.slice(0, 150) });
  await receiver.until((requests) => requests.length === 2);
  expect(receiver.requests[1]!.url).toBe(`/hook?key=x&id=${guest.id}&name=Bo`);
});

describe('A44: of an excluded customer nothing but the id goes out, whatever the template says', () => {
  const exclude =
    'mutation ($id: ID!) { setCustomerExcluded(customer: { id: $id }, excluded: true) { userErrors { code } } }';

  test('the default body without a snapshot, in JSON', async () => {
    const { book, receiver } = await fed({ template: '<c>[customerName]</c>', contentType: 'text/xml' });
    const guest = await book.guest({ name: 'Secret Person' });
    await receiver.until((requests) => requests.length === 1);
    await book.owner.gql(exclude, { id: guest.id });
    await receiver.until((requests) => requests.length === 2);
    const { headers, body } = receiver.requests[1]!;
    expect(headers).toMatchObject({ 'webhook-event': 'customer.excluded', 'content-type': 'application/json' });
    expect(JSON.parse(body)).toMatchObject({
      type: 'customer.excluded',
      data: { customerId: guest.id, version: 2, reasons: ['EXCLUDED'], snapshot: null },
    });
  });

  test('with GET a query of the same', async () => {
    const { book, receiver } = await fed({ method: 'GET', template: 'name=[customerName]' });
    const guest = await book.guest({ name: 'Secret Person' });
    await receiver.until((requests) => requests.length === 1);
    await book.owner.gql(exclude, { id: guest.id });
    await receiver.until((requests) => requests.length === 2);
    expect(receiver.requests[1]!.url).toBe(`/hook?type=customer.excluded&customerId=${guest.id}&version=2`);
  });
});

test('G2: a changed template is what the next delivery has; null gives the default body again', async () => {
  const { book, receiver, endpointId } = await fed({ template: '["old"]' });
  const guest = await book.guest();
  await receiver.until((requests) => requests.length === 1);
  const changed = await updateEndpoint(book.owner, endpointId, {
    url: receiver.url,
    template: '["new [customerId] [foo]"]',
  });
  expect(changed).toMatchObject({
    webhookEndpoint: { template: '["new [customerId] [foo]"]' },
    warnings: ['[foo] is no replacement code: left as it is (line 1, column 20)'],
    userErrors: [],
  });
  await book.change(guest, { city: 'Ry' });
  await receiver.until((requests) => requests.length === 2);
  await updateEndpoint(book.owner, endpointId, { url: receiver.url, template: null });
  await book.change(guest, { city: 'Vejle' });
  await receiver.until((requests) => requests.length === 3);
  const [first, second, third] = receiver.requests.map(({ body }) => body);
  expect([first, second]).toEqual(['["old"]', `["new ${guest.id} [foo]"]`]);
  expect(JSON.parse(third!)).toMatchObject({ type: 'customer.updated', data: { customerId: guest.id } });
});

test('a test with a customer has the template, one without the default body: a made-up customer might be stored', async () => {
  const { book, receiver, endpointId } = await fed({ template: '{"id":[customerId]}', reasons: ['MERGED'] });
  const guest = await book.guest();
  const send =
    'mutation ($id: ID!, $by: CustomerIdentifierInput) { sendTestWebhook(id: $id, customer: $by) { state } }';
  for (const by of [{ id: guest.id }, null])
    expect(await book.owner.gql(send, { id: endpointId, by })).toEqual({ sendTestWebhook: { state: 'SUCCEEDED' } });
  const [withCustomer, without] = receiver.requests;
  expect(withCustomer!.body).toBe(`{"id":${guest.id}}`);
  expect(JSON.parse(without!.body)).toMatchObject({ type: 'webhook.test', data: { customerId: null, snapshot: null } });
});
