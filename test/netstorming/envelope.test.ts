import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { outboxOf } from '../bulk/partner-rows.js';
import { startTestHub, type TestHub } from '../hub.js';
import { item, partnerOf, send } from './partner.js';

let hub: TestHub;
beforeAll(async () => {
  hub = await startTestHub({ env: { STAMDATA_ROLES: 'api' } });
});
afterAll(() => hub.stop());

describe('the sample of the document', () => {
  test('N1, N39-N44, A10-A12: its request is answered byte by byte', async () => {
    const owner = await hub.owner('netstorming');
    const sample = item(1, { code: 'test0123', address: undefined, notify_lang: 'xx', booking_online: 'perhaps' });
    const body = `{\n"key": "${owner.key}",\n"owner_code": "netstorming",\n"dry_run": true,\n"customers": [${JSON.stringify(sample)}]\n}\n`;
    const { status, text, headers } = await send(hub, 'insert', body);
    expect(status).toBe(200);
    expect(text).toBe(
      '{"dry_run":true,"results":[{"code":"test0123","customer":false,"user":false}],' +
        '"errors":[{"line/index":1,"errors":["missing address","invalid notify_lang",' +
        '"invalid booking_online (valid values: yes, no, y, n, true, false, 1, 0)"]}]}',
    );
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(headers.get('cache-control')).toBe('no-store');
  });

  test('N39, A13: a good call byte by byte; dry_run is told as false where it was not sent, and errors as an empty list', async () => {
    const owner = await hub.owner();
    const { text } = await partnerOf(hub, owner).insert([item(1), item(2)]);
    expect(text).toBe(
      '{"dry_run":false,"results":[{"code":"N1x","customer":true,"user":true},{"code":"N2x","customer":true,"user":true}],"errors":[]}',
    );
    expect(await outboxOf(hub, owner)).toEqual(['N1x CREATED', 'N2x CREATED']);
  });
});

describe('the call', () => {
  test('N1: the owner code in any case and with blanks around it; keys of the body in any order, unknown ones ignored', async () => {
    const owner = await hub.owner();
    const calls = [owner.code.toLowerCase(), ` ${owner.code} `].map((owner_code, n) =>
      JSON.stringify({ version: 2, customers: [item(n)], ownerCode: 'ELSE', owner_code, key: ` ${owner.key} ` }),
    );
    for (const call of calls) expect(await send(hub, 'insert', call)).toMatchObject({ status: 200, errors: [] });
  });

  test.each([
    ...['yes', 'Y', ' True ', '1', true, 1].map((given) => [given, true] as const),
    ...['no', 'N', 'false', '0', false, 0, null, undefined].map((given) => [given, false] as const),
  ])('A56, A13, N43: dry_run %j is %j, told as a boolean and obeyed', async (given, dry) => {
    const owner = await hub.owner();
    const { status, text } = await partnerOf(hub, owner).insert([item(1)], { dry_run: given });
    expect(status).toBe(200);
    expect(text).toMatch(new RegExp(`^{"dry_run":${dry},"results":`));
    expect(await outboxOf(hub, owner)).toEqual(dry ? [] : ['N1x CREATED']);
  });

  test('api 1: the figures of requests name the paths of the door', async () => {
    await partnerOf(hub, await hub.owner()).enable([{ code: 'nobody' }]);
    const metrics = await (await fetch(`${hub.url}/metrics`)).text();
    for (const path of ['insert', 'enable'])
      expect(metrics).toContain(`_count{path="/api/customers/${path}",status="200"}`);
  });

  test('api 4: an Idempotency-Key does the call once; the same key with other items, or an impossible one, is refused', async () => {
    const owner = await hub.owner();
    const partner = partnerOf(hub, owner);
    const once = { 'idempotency-key': 'batch-1' };
    const first = await partner.insert([item(1)], {}, once);
    expect(first.results).toEqual([{ code: 'N1x', customer: true, user: true }]);
    expect((await partner.insert([item(1)], {}, once)).text).toBe(first.text);
    expect((await partner.insert([item(1)])).errors[0]!.errors).toEqual([
      'invalid code (already exists)',
      'invalid admin_user_login (already exists)',
    ]);
    expect(await partner.insert([item(2)], {}, once)).toMatchObject({
      status: 422,
      results: [],
      errors: [{ 'line/index': 0, errors: ['this Idempotency-Key was used for another request'] }],
    });
    expect(await partner.insert([item(2)], {}, { 'idempotency-key': 'x'.repeat(256) })).toMatchObject({
      status: 400,
      errors: [{ 'line/index': 0, errors: ['invalid Idempotency-Key (1 to 255 characters)'] }],
    });
    expect(await outboxOf(hub, owner)).toEqual(['N1x CREATED']);
  });
});

describe('results and errors', () => {
  test('N40, N41, N44, A12, A15: good and bad items mixed keep their order, each with its own index, and the good are written', async () => {
    const owner = await hub.owner();
    const wrong: Record<number, object> = { 2: { zip: 'SW1A' }, 3: { name: '', fax: null, city: '?' }, 5: { vat: 7 } };
    const rows = [1, 2, 3, 4, 5, 6].map((n) => item(n, wrong[n] as Record<string, unknown>));
    const { results, errors } = await partnerOf(hub, owner).insert(rows);
    expect(results).toEqual(
      rows.map(({ code }, i) => ({ code, customer: !(i + 1 in wrong), user: !(i + 1 in wrong) })),
    );
    expect(errors).toEqual([
      { 'line/index': 2, errors: ['invalid zip'] },
      { 'line/index': 3, errors: ['missing name', 'invalid city', 'missing fax'] },
      { 'line/index': 5, errors: ['invalid vat'] },
    ]);
    expect(await outboxOf(hub, owner)).toEqual(['N1x CREATED', 'N4x CREATED', 'N6x CREATED']);
  });

  test('A18: one result for each item, whatever its code or the item itself is', async () => {
    const owner = await hub.owner();
    const given: [unknown, string][] = [
      ...([
        ['A1', 'A1'],
        [undefined, ''],
        [null, ''],
        ['', ''],
        [42, '42'],
        [true, 'true'],
      ] as [unknown, string][]),
      ...([
        [{ a: 1 }, ''],
        [['x'], ''],
        ['Zo\u0000\ud800"é', 'Zo\ufffd\ufffd"é'],
      ] as [unknown, string][]),
    ];
    const rows = [...given.map(([code], n) => item(n, { code })), null, 'text', 7, [], [[]], true];
    const { results, errors } = await partnerOf(hub, owner).insert(rows);
    expect(results.map(({ code }) => code)).toEqual([...given.map(([, echo]) => echo), '', '', '', '', '', '']);
    expect(errors.map((error) => error['line/index'])).toEqual(rows.map((_, n) => n + 1));
    expect(errors.slice(given.length).map(({ errors: messages }) => messages)).toEqual(
      Array.from({ length: 6 }, () => ['invalid customer']),
    );
  });

  test('A17: a code that exists, in the batch or before it, in any case, is told and never an update', async () => {
    const owner = await hub.owner();
    const partner = partnerOf(hub, owner);
    await partner.insert([item(1, { code: 'abc' })]);
    const { results, errors } = await partner.insert([
      item(2, { code: 'ABC', name: 'Another' }),
      item(3, { code: 'new' }),
      item(4, { code: 'NEW' }),
      item(5, { code: 'bad', zip: 'x' }),
      item(6, { code: 'BAD' }),
    ]);
    expect(results).toEqual([
      { code: 'ABC', customer: false, user: false },
      { code: 'new', customer: true, user: true },
      { code: 'NEW', customer: false, user: false },
      { code: 'bad', customer: false, user: false },
      { code: 'BAD', customer: true, user: true },
    ]);
    expect(errors).toEqual([
      { 'line/index': 1, errors: ['invalid code (already exists)'] },
      { 'line/index': 3, errors: ['invalid code (already exists)'] },
      { 'line/index': 4, errors: ['invalid zip'] },
    ]);
    const { customer } = await owner.gql<{ customer: object }>('{ customer(by: { code: "abc" }) { name version } }');
    expect(customer).toEqual({ name: item(1).name, version: 1 });
  });

  test('A17: codes and logins are of one owner: another has them free', async () => {
    for (const owner of [await hub.owner(), await hub.owner()])
      expect(await partnerOf(hub, owner).insert([item(1)])).toMatchObject({
        errors: [],
        results: [{ customer: true, user: true }],
      });
  });

  test('A16, N40: a login that is taken costs the login alone, a malformed one the whole item', async () => {
    const owner = await hub.owner();
    const partner = partnerOf(hub, owner);
    await partner.insert([item(1, { admin_user_login: 'taken' })]);
    const { results, errors } = await partner.insert([
      item(2, { admin_user_login: 'TAKEN' }),
      item(3, { admin_user_login: 'no' }),
      item(4, { admin_user_login: 'twice' }),
      item(5, { admin_user_login: 'Twice' }),
      item(6, { admin_user_login: 'taken', address: '' }),
    ]);
    expect(results.map(({ customer, user }) => [customer, user])).toEqual([
      [true, false],
      [false, false],
      [true, true],
      [true, false],
      [false, false],
    ]);
    const exists = 'invalid admin_user_login (already exists)';
    expect(errors).toEqual([
      { 'line/index': 1, errors: [exists] },
      { 'line/index': 2, errors: ['invalid admin_user_login'] },
      { 'line/index': 4, errors: [exists] },
      { 'line/index': 5, errors: ['missing address', exists] },
    ]);
    const { customer } = await owner.gql<{ customer: object }>('{ customer(by: { code: "N2x" }) { users { login } } }');
    expect(customer).toEqual({ users: [] });
  });

  test('A11: GraphQL tells the same place under a name that it can have', async () => {
    const owner = await hub.owner();
    const { bulkInsertCustomers } = await owner.gql<Record<string, object>>(
      'mutation ($c: String!) { bulkInsertCustomers(input: { ownerCode: $c, profile: PARTNER, customers: [{ code: "A" }] }) { errors { index } } }',
      { c: owner.code },
    );
    expect(bulkInsertCustomers).toEqual({ errors: [{ index: 1 }] });
  });
});
