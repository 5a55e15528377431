import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestHub, type TestHub } from '../../hub.js';
import { guestBook, type Guest, type GuestBook } from '../../snapshot/guest-book.js';
import { differencesOf } from '../../../src/webhook/template/differences.js';
import { startReceiver, type Receiver } from '../receiver.js';
import { createEndpoint, preview, sample } from './template-desk.js';

let hub: TestHub;
let book: GuestBook;
let guest: Guest;
let receiver: Receiver;
beforeAll(async () => {
  hub = await startTestHub();
  book = await guestBook(hub);
  guest = await book.guest({ name: 'Anna "A" Jensen', tags: ['VIP'] });
  receiver = await startReceiver();
});
afterAll(async () => {
  await hub.stop();
  await receiver.close();
});

const plain = { contentType: 'text/plain' };

/** An endpoint that has accepted the customer once. */
async function fedEndpoint(input: object): Promise<string> {
  const seen = receiver.requests.length;
  const { webhookEndpoint, userErrors } = await createEndpoint(book.owner, { url: receiver.url, ...input });
  if (!webhookEndpoint) throw new Error(JSON.stringify(userErrors));
  await book.change(guest, { city: `City ${Math.random()}` });
  await receiver.until((requests) => requests.length > seen);
  const { id } = webhookEndpoint;
  for (;;) {
    const logged = await hub.clone.sql('SELECT FROM webhook_attempt WHERE endpoint_id = $1', [id]);
    if (logged.length > 0) return id; // together with the last body
  }
}

test('G2: shows what the template gives for a real customer, and sends nothing', async () => {
  const shown = await preview(book.owner, guest.id, { template: sample });
  expect(JSON.parse(shown.body)).toMatchObject({ CUSTOMERID: Number(guest.id), CUSTOMERNAME: 'Anna "A" Jensen' });
  expect(shown).toMatchObject({ contentType: 'application/json', warnings: [], userErrors: [] });
  expect([shown.lastBody, shown.lastSentAt, shown.differences]).toEqual([null, null, []]);
  const query = await preview(book.owner, guest.id, { template: 'n=[customerName]', method: 'GET' });
  expect(query).toMatchObject({ body: 'n=Anna+%22A%22+Jensen', contentType: 'application/x-www-form-urlencoded' });
  const money = { template: '[ordersTotalValue]', ...plain };
  expect((await preview(book.owner, guest.id, { ...money, comma: true })).body).toBe('0,00');
});

describe('compared with what the endpoint accepted last', () => {
  test('JSON by path; the settings of the endpoint count where none are given', async () => {
    const template =
      '{"id":[customerId],"name":"[customerName]","tags":[[customerTag_Begin]"[customerTagName]"[lineBreak][customerTag_End]]}';
    const endpointId = await fedEndpoint({ template });
    expect(await preview(book.owner, guest.id, { template, endpointId })).toMatchObject({
      differences: [],
      userErrors: [],
    });
    const changed = '{"id":[customerId],"name":"[customerFirstname]","tags":[],"new":{"a":1}}';
    const shown = await preview(book.owner, guest.id, { template: changed, endpointId });
    expect(shown).toMatchObject({ lastBody: `{"id":${guest.id},"name":"Anna \\"A\\" Jensen","tags":["VIP"]}` });
    expect(Date.now() - Date.parse(shown.lastSentAt!)).toBeLessThan(60_000);
    expect(shown.differences).toEqual([
      { path: 'name', before: '"Anna \\"A\\" Jensen"', after: '"Anna"' },
      { path: 'tags.0', before: '"VIP"', after: null },
      { path: 'new', before: null, after: '{"a":1}' },
    ]);
  });

  test('also with the default body that went out before there was a template', async () => {
    const endpointId = await fedEndpoint({});
    const { differences, lastBody } = await preview(book.owner, guest.id, {
      template: '{"type":"customer.updated"}',
      endpointId,
    });
    expect(lastBody).toContain('"snapshot"');
    expect(await hub.clone.sql('SELECT FROM webhook_last_body WHERE endpoint_id = $1', [endpointId])).toEqual([]);
    expect(differences.map(({ path, after }) => [path, after])).toEqual([
      ['timestamp', null],
      ['data', null],
    ]);
  });

  test('text by line', async () => {
    const endpointId = await fedEndpoint({ ...plain, template: 'Hello\n[customerName]\nBye' });
    const shown = await preview(book.owner, guest.id, { template: 'Hello\n[customerFirstname]\n!\nBye', endpointId });
    expect(shown.contentType).toBe('text/plain; charset=utf-8');
    expect(shown.differences).toEqual([
      { path: 'line 2', before: 'Anna "A" Jensen', after: 'Anna' },
      { path: 'line 3', before: null, after: '!' },
    ]);
  });
});

test.each([
  ['[]', '[]', []],
  ['1', '2', [['', '1', '2']]],
  ['{"a":[1]}', '{"a":{"0":1}}', [['a', '[1]', '{"0":1}']]],
  ['{"a":null}', '{}', [['a', 'null', null]]],
  ['{"a":{"b":1,"c":2}}', '{"a":{"c":3,"b":1}}', [['a.c', '2', '3']]],
  ['{"__proto__":1}', '{"__proto__":2}', [['__proto__', '1', '2']]],
  ['not JSON', '{}', [['line 1', 'not JSON', '{}']]],
])('differences of %s and %s', (before, after, expected) => {
  const found = differencesOf(before, after, { name: 'JSON' });
  expect(found.map((difference) => [difference.path, difference.before, difference.after])).toEqual(expected);
});

test('of a form the pairs, and never more than 500', () => {
  expect(differencesOf('a=1&b=2', 'a=1&b=3', { name: 'form' })).toEqual([
    { path: 'pair 2', before: 'b=2', after: 'b=3' },
  ]);
  const lines = (word: string) => Array.from({ length: 900 }, () => word).join('\n');
  expect(differencesOf(lines('a'), lines('b'), { name: 'text' })).toHaveLength(500);
});

test('A51: what would keep a template from being stored is told beside what it gives', async () => {
  const shown = await preview(book.owner, guest.id, { template: '{"n": [customerName]}\n[foo]' });
  expect(shown.userErrors).toMatchObject([{ code: 'INVALID', field: 'template' }]);
  expect(shown.body).toBe('{"n": Anna \\"A\\" Jensen}\n[foo]');
  expect(shown.warnings).toEqual(['[foo] is no replacement code: left as it is (line 2, column 1)']);
});

test.each<[string, object, string, string]>([
  ['a content type', { contentType: 'image/png' }, 'INVALID', 'contentType'],
  ['a method', { method: 'HEAD' }, 'INVALID', 'method'],
  ['an endpoint that is not there', { endpointId: '987654321' }, 'NOT_FOUND', 'endpointId'],
  ['an endpoint that nothing can be', { endpointId: 'x' }, 'NOT_FOUND', 'endpointId'],
  ['a template that is too long', { template: 'x'.repeat(65_537) }, 'TOO_LONG', 'template'],
])('refused: %s', async (_what, args, code, field) => {
  const shown = await preview(book.owner, guest.id, { template: '{}', ...args });
  expect(shown).toMatchObject({ body: '', userErrors: [{ code, field }] });
});

test('A44: nobody is shown who is not there, or excluded', async () => {
  const hidden = await book.guest({ name: 'Secret Person' });
  await book.owner.gql(
    'mutation ($id: ID!) { setCustomerExcluded(customer: { id: $id }, excluded: true) { userErrors { code } } }',
    { id: hidden.id },
  );
  const [excluded, nobody] = [hidden.id, '987654321'].map((id) =>
    preview(book.owner, id, { template: '"[customerName]"' }),
  );
  expect(await excluded).toMatchObject({ body: '', userErrors: [{ code: 'EXCLUDED', field: 'customer' }] });
  expect(await nobody).toMatchObject({ body: '', userErrors: [{ code: 'NOT_FOUND', field: 'customer' }] });
});
