import { createServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createNetstormingDoor } from '../../src/netstorming/door.js';
import { UnknownSenders } from '../../src/netstorming/unknown-senders.js';
import { contentsOf } from '../bulk/partner-rows.js';
import { adminKey, startTestHub, type TestHub, type TestOwner } from '../hub.js';
import { item, partnerOf, send, type DoorPath } from './partner.js';

let hub: TestHub;
let owner: TestOwner;
let other: TestOwner;
beforeAll(async () => {
  hub = await startTestHub({ env: { STAMDATA_ROLES: 'api' } });
  [owner, other] = [await hub.owner(), await hub.owner()];
});
afterAll(() => hub.stop());

const words = '(valid values: yes, no, y, n, true, false, 1, 0)';
const uncovered = 'invalid owner_code (unknown, or not covered by this key)';
/** The answer to a call of which nothing is done, byte by byte. */
const refusal = (path: DoorPath, messages: string[], dryRun = false) =>
  `{"dry_run":${dryRun},"results":${path === 'insert' ? '[]' : '{}'},"errors":[{"line/index":0,"errors":${JSON.stringify(messages)}}]}`;

const paths: DoorPath[] = ['insert', 'enable', 'disable'];
const causes: [cause: string, status: number, changes: object, messages: string[]][] = [
  ['N1: no key', 401, { key: undefined }, ['missing key']],
  ['N1: an empty key', 401, { key: ' ' }, ['missing key']],
  ['N1: a key that is no text', 401, { key: { $ne: null } }, ['invalid key']],
  ['N1: a list of keys', 401, { key: [adminKey] }, ['invalid key']],
  ['N1: an unknown key', 401, { key: 'Loremipsumdolorsitametconsecteturadipiscingelitlaoreet' }, ['invalid key']],
  ['N1: a key of 100,000 characters', 401, { key: 'x'.repeat(100_000) }, ['invalid key']],
  ['N1: no key and nothing else either', 401, { key: null, owner_code: null, customers: null }, ['missing key']],
  ['N1: no owner_code', 400, { owner_code: undefined }, ['missing owner_code']],
  ['N1: an empty owner_code', 400, { owner_code: '' }, ['missing owner_code']],
  ['N1: an owner_code that is no text', 400, { owner_code: 123 }, ['invalid owner_code']],
  ['N1: an unknown owner', 403, { owner_code: 'NOBODY' }, [uncovered]],
  ['N1: an owner_code that can be nobody’s', 403, { owner_code: 'scope\u0000"\\🏝️' }, [uncovered]],
  ['N1: an owner_code of 100,000 characters', 403, { owner_code: 'x'.repeat(100_000) }, [uncovered]],
  ['N1: no customers', 400, { customers: undefined }, ['missing customers']],
  ['N1: null for customers', 400, { customers: null }, ['missing customers']],
  ['N1: an object for customers', 400, { customers: { 0: {} } }, ['invalid customers (send a list of objects)']],
  ['N1: text for customers', 400, { customers: '[]' }, ['invalid customers (send a list of objects)']],
  ['N1: an empty list', 400, { customers: [] }, ['missing customers (send at least one row)']],
  ...['', ' ', 'tru', 'si', 'null', 2, -1, 0.5, {}, []].map((dry_run): [string, number, object, string[]] => [
    `A56: dry_run ${JSON.stringify(dry_run)}`,
    400,
    { dry_run },
    [`invalid dry_run ${words}`],
  ]),
  [
    'N1, A56: everything at once',
    400,
    { owner_code: null, dry_run: 'maybe', customers: 'x' },
    ['missing owner_code', `invalid dry_run ${words}`, 'invalid customers (send a list of objects)'],
  ],
];

describe.each(paths)('%s', (path) => {
  test.each(causes)('A29, %s is %i in the envelope, and nothing is done', async (_, status, changes, messages) => {
    const before = await contentsOf(hub);
    const body = { ...partnerOf(hub, owner).body([item(1)]), ...changes };
    const answer = await send(hub, path, JSON.stringify(body));
    expect([answer.status, answer.text]).toEqual([status, refusal(path, messages)]);
    expect(answer.headers.get('www-authenticate')).toBe(status === 401 ? 'Bearer' : null);
    expect(await contentsOf(hub)).toEqual(before);
  });

  test('A29: 403 for the owner of somebody else and for a key without customers:bulk, dry runs too (A57)', async () => {
    const body = partnerOf(hub, owner).body([item(1)], { dry_run: 'Yes' });
    const foreign = await send(hub, path, JSON.stringify({ ...body, owner_code: other.code }));
    expect([foreign.status, foreign.text]).toEqual([403, refusal(path, [uncovered], true)]);
    const key = await owner.newKey(['customers:read', 'customers:write', 'orders:write']);
    const scopeless = await send(hub, path, JSON.stringify({ ...body, key }));
    expect([scopeless.status, scopeless.text]).toEqual([
      403,
      refusal(path, ['this key lacks the scope customers:bulk'], true),
    ]);
  });

  test.each([
    ['', 'the body is not JSON: it ends too early'],
    ['{"key": ', 'the body is not JSON: it ends too early'],
    ["{'key': 1}", 'the body is not JSON: it breaks at character 1'],
    ['key=abc&owner_code=x', 'the body is not JSON: it breaks at character 0'],
    ['null', 'invalid body (send an object with key, owner_code and customers)'],
    ['[]', 'invalid body (send an object with key, owner_code and customers)'],
    ['"text"', 'invalid body (send an object with key, owner_code and customers)'],
  ])('A29: the body %j is 400 in the envelope', async (body, message) => {
    const answer = await send(hub, path, body);
    expect([answer.status, answer.text]).toEqual([400, refusal(path, [message])]);
  });

  test('A29: another content type, a body over 32 MiB and another method, in the envelope too', async () => {
    const body = JSON.stringify(partnerOf(hub, owner).body([item(1)]));
    const form = await send(hub, path, body, { 'content-type': 'application/x-www-form-urlencoded' });
    expect([form.status, form.text]).toEqual([415, refusal(path, ['send content-type: application/json'])]);
    const large = await send(hub, path, body.padEnd(32 * 1024 * 1024 + 1));
    expect([large.status, large.text]).toEqual([413, refusal(path, ['the body is larger than 33554432 bytes'])]);
    for (const method of ['GET', 'PUT', 'DELETE', 'OPTIONS']) {
      const answer = await send(hub, path, body, { origin: 'https://shop.example' }, method);
      expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST']);
      expect(answer.text).toBe(refusal(path, ['invalid method (send a POST)']));
      expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
    }
  });
});

describe('how many items', () => {
  test('N1: 10,001 are refused before anything is judged', async () => {
    const before = await contentsOf(hub);
    const answer = await partnerOf(hub, owner).insert(Array.from({ length: 10_001 }, () => ({})));
    expect([answer.status, answer.text]).toEqual([
      400,
      refusal('insert', ['invalid customers (10001 rows; at most 10,000 in a call)']),
    ]);
    expect(await contentsOf(hub)).toEqual(before);
  });

  test('N1: 10,000 are judged, each with its result and its error', async () => {
    const { status, results, errors } = await partnerOf(hub, owner).insert(Array.from({ length: 10_000 }, () => ({})));
    expect([status, results.length, errors.length, errors.at(-1)!['line/index']]).toEqual([
      200, 10_000, 10_000, 10_000,
    ]);
  });
});

describe('a key in the header', () => {
  const bearer = (key: string) => ({ authorization: `Bearer ${key}` });

  test('it will do without one in the body, and beside the same one', async () => {
    const { body } = partnerOf(hub, owner);
    for (const key of [undefined, null, '', owner.key]) {
      const text = JSON.stringify(body([item(1)], { key, dry_run: true }));
      expect(await send(hub, 'insert', text, bearer(owner.key))).toMatchObject({ status: 200, errors: [] });
    }
  });

  test('A29: beside another one it is 401: nobody could say who calls', async () => {
    const text = JSON.stringify(partnerOf(hub, owner).body([item(1)], { key: other.key }));
    const answer = await send(hub, 'insert', text, bearer(owner.key));
    expect([answer.status, answer.text]).toEqual([
      401,
      refusal('insert', ['invalid key (not the one in the authorization header)']),
    ]);
  });

  test('other schemes are of some proxy in between, and not minded', async () => {
    const text = JSON.stringify(partnerOf(hub, owner).body([item(1)], { dry_run: true }));
    expect((await send(hub, 'insert', text, { authorization: 'Basic eDp5' })).status).toBe(200);
  });

  test('A29: a wrong one is 401 before the body is read', async () => {
    const answer = await send(hub, 'insert', '{"not json', bearer('stam_live_wrong'));
    expect([answer.status, answer.text]).toEqual([401, refusal('insert', ['this key is unknown, revoked or expired'])]);
    expect(await rawAnswer(`authorization: Bearer stam_live_wrong\r\ncontent-length: 1000000`)).toMatch(
      /^HTTP\/1\.1 401 /,
    );
  });

  test('N1: the operator’s key works on every owner, in the body as in the header', async () => {
    const { body } = partnerOf(hub, owner);
    for (const { code } of [owner, other]) {
      const inBody = JSON.stringify(body([item(1)], { key: adminKey, owner_code: code, dry_run: 1 }));
      expect((await send(hub, 'insert', inBody)).status).toBe(200);
      const inHeader = JSON.stringify(body([item(1)], { key: null, owner_code: code, dry_run: 1 }));
      expect((await send(hub, 'insert', inHeader, bearer(adminKey))).status).toBe(200);
    }
  });
});

describe('those whose key is not known yet', () => {
  test('design C: the memory that they fill has an end, told by 503, and is given back; a key in the header is known', async () => {
    const doors = createNetstormingDoor(hub.hub, new UnknownSenders(2_000));
    const server = createServer((request, response) => {
      void doors.get('/api/customers/insert')!(request, response, 'a request');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const there = { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
    const { body } = partnerOf(hub, owner);
    const small = JSON.stringify(body([item(1)], { dry_run: true }));
    try {
      for (let round = 0; round < 3; round++)
        expect((await send(there, 'insert', small)).status, 'what was read makes room').toBe(200);
      const large = await send(there, 'insert', small.padEnd(2_001));
      expect([large.status, large.text]).toEqual([
        503,
        refusal('insert', ['too many bodies at once: send this one again']),
      ]);
      expect(large.headers.get('retry-after')).toBe('1');
      const known = await send(there, 'insert', small.padEnd(2_001), { authorization: `Bearer ${owner.key}` });
      expect(known.status).toBe(200);
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
  });

  test('design C: bodies at once share that memory', async () => {
    const senders = new UnknownSenders(100);
    let end = (): void => undefined;
    const ended = new Promise<void>((resolve) => (end = resolve));
    const slow = senders.reading(async (arrived) => {
      arrived(60);
      await ended;
    });
    const read = (bytes: number) => senders.reading((arrived) => Promise.resolve(arrived(bytes)));
    await expect(read(41)).rejects.toMatchObject({ status: 503 });
    await read(40);
    end();
    await slow;
    await read(100);
  });
});

/** The beginning of the answer to the head of a request, of which the body never comes. */
function rawAnswer(head: string): Promise<string> {
  const { port } = new URL(hub.url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), '127.0.0.1', () =>
      socket.write(
        `POST /api/customers/insert HTTP/1.1\r\nhost: hub\r\ncontent-type: application/json\r\n${head}\r\n\r\n`,
      ),
    );
    socket.once('data', (data) => {
      resolve(String(data));
      socket.destroy();
    });
    socket.once('error', reject);
  });
}
