import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestHub, type TestHub } from '../hub.js';
import { bulkInsert, bulkMutation, contentsOf, outboxOf, type BulkAnswer } from './partner-rows.js';
import type { Row } from './rows.js';

let hub: TestHub;
beforeAll(async () => {
  hub = await startTestHub({ env: { STAMDATA_ROLES: 'api' } });
});
afterAll(() => hub.stop());

const row = (code: string, changes: Row = {}): Row => ({ code, name: `Customer ${code}`, ...changes });

/** A body as it is, past everything that would make it well-formed. */
async function send(key: string, body: string) {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${key}` };
  const response = await fetch(`${hub.url}/graphql`, { method: 'POST', headers, body });
  const answer = (await response.json()) as {
    data?: { bulkInsertCustomers: BulkAnswer } | null;
    errors?: { message: string; extensions: { code: string } }[];
  };
  return { status: response.status, ...answer };
}

const body = (ownerCode: string, customers: string, more = ''): string =>
  `{"query":${JSON.stringify(bulkMutation)},"variables":{"input":{"ownerCode":"${ownerCode}"${more},"customers":${customers}}}}`;

describe('the call as a whole', () => {
  test('an empty list and 10,001 rows are refused before anything is judged', async () => {
    const owner = await hub.owner();
    const before = await contentsOf(hub);
    const none = await bulkInsert(owner, []);
    expect(none.userErrors).toMatchObject([{ code: 'REQUIRED', field: 'customers' }]);
    const tooMany = await bulkInsert(
      owner,
      Array.from({ length: 10_001 }, (_, i) => row(`C${i}`)),
    );
    expect(tooMany).toMatchObject({
      results: [],
      errors: [],
      counts: { rows: 10_001, customers: 0, users: 0, rejected: 10_001 },
      userErrors: [
        { code: 'LIMIT_EXCEEDED', field: 'customers', message: expect.stringContaining('10,000') as string },
      ],
    });
    expect(await contentsOf(hub)).toEqual(before);
  });

  test('another owner, or none, is FORBIDDEN, and so is a key without customers:bulk', async () => {
    const [owner, other] = [await hub.owner(), await hub.owner()];
    const readOnly = await owner.newKey(['customers:read', 'customers:write']);
    const calls: [string, string][] = [
      [other.code, owner.key],
      ['NOBODY', owner.key],
      ['', owner.key],
      [owner.code, readOnly],
    ];
    for (const [ownerCode, key] of calls) {
      const input = { ownerCode, customers: [row('A')] };
      const answer = await hub.request(bulkMutation, { input }, { key });
      expect(answer.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    }
    for (const { id } of [owner, other]) expect(await outboxOf(hub, { ...owner, id })).toEqual([]);
  });

  test('the owner is named in any case', async () => {
    const owner = await hub.owner();
    const { counts } = await bulkInsert(owner, [row('A')], { ownerCode: owner.code.toLowerCase() });
    expect(counts.customers).toBe(1);
  });

  test('null for an option is its default', async () => {
    const owner = await hub.owner();
    const input = { ownerCode: owner.code, customers: [row('A'), row('B', { email: 'no' })] };
    const options = { dryRun: null, profile: null, errorPolicy: null, idempotencyKey: null };
    const answer = await owner.gql<{ bulkInsertCustomers: BulkAnswer }>(bulkMutation, {
      input: { ...input, ...options },
    });
    expect(answer.bulkInsertCustomers).toMatchObject({ dryRun: false, counts: { customers: 1, rejected: 1 } });
    expect(await outboxOf(hub, owner)).toEqual(['A CREATED']);
  });

  test('A15: REJECT_EVERYTHING writes nothing unless every row is good, a taken login included', async () => {
    const owner = await hub.owner();
    const login = { name: 'N', email: 'n@x.example', login: 'taken', password: 'secret12' };
    const everything = { errorPolicy: 'REJECT_EVERYTHING' } as const;
    const good = await bulkInsert(owner, [row('A', { adminUser: login }), row('B')], everything);
    expect(good.counts).toEqual({ rows: 2, customers: 2, users: 1, rejected: 0 });
    const before = await contentsOf(hub);
    for (const bad of [row('D', { email: 'no' }), row('a'), row('D', { adminUser: login })]) {
      const answer = await bulkInsert(owner, [row('C'), bad], everything);
      expect(answer.results.map(({ customer, user, customerId }) => [customer, user, customerId])).toEqual([
        [false, false, null],
        [false, false, null],
      ]);
      expect(answer.errors.map(({ index }) => index)).toEqual([2]);
      expect(answer.counts).toEqual({ rows: 2, customers: 0, users: 0, rejected: 2 });
    }
    expect(await contentsOf(hub)).toEqual(before);
  });
});

describe('what is no call', () => {
  test('malformed JSON, wrong types, null rows and unknown fields are BAD_USER_INPUT with their place', async () => {
    const owner = await hub.owner();
    const bodies = [
      [`{"query": "mutation`, /not JSON/],
      [body(owner.code, '[null]'), /customers\[0\]/],
      [body(owner.code, '[["A"]]'), /customers\[0\]/],
      [body(owner.code, '[{"code":"A","name":"A"},{"code":"B","nmae":"B"}]'), /customers\[1\].*"nmae" is not defined/],
      [body(owner.code, '[{"code":"A","name":"A","__proto__":{"excluded":true}}]'), /__proto__/],
      [body(owner.code, 'null'), /customers/],
      [body(owner.code, '[{"code":"A","name":"A"}]', ',"errorPolicy":"NONE"'), /errorPolicy/],
      [body(owner.code, '[{"code":"A","name":"A"}]', ',"dryRun":"yes"'), /dryRun/],
    ] as const;
    for (const [text, message] of bodies) {
      const answer = await send(owner.key, text);
      expect(answer.errors![0]).toMatchObject({ message: expect.stringMatching(message) as string });
      expect(answer.errors![0]!.extensions.code).toBe('BAD_USER_INPUT');
    }
    expect(await outboxOf(hub, owner)).toEqual([]);
  });
});

describe('rows that mean harm', () => {
  test('values of any kind are judged row by row and touch nobody else', async () => {
    const owner = await hub.owner();
    const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
    const rows = [
      '{"code":"N1","name":{"nested":{"garbage":[1,{"a":null}]}}}',
      '{"code":"N2","name":"x","birthDate":{"__proto__":{"year":2000},"constructor":1}}',
      '{"code":"N3","name":"x","sex":{"toString":"1"}}',
      '{"code":"N4","name":"x","country":"__proto__","paymentDate":"constructor"}',
      '{"code":"N5","name":"nul\\u0000","city":"half \\ud800 pair"}',
      '{"code":"N6","name":1e999,"prepaymentDays":1e21,"markupHotelsWeb":2147483648}',
      `{"code":"N7","name":"${'x'.repeat(1_000_000)}"}`,
      `{"code":"N8","name":${deep}}`,
      '{"code":"N9","name":"x","tags":[{"name":"VIP"},7,"ok"],"externalReferences":[{"system":["6"],"identifier":{}}]}',
      `{"code":"N10","name":"x","tags":${JSON.stringify(Array.from({ length: 101 }, (_, i) => `t${i}`))}}`,
      `{"code":"'); DROP TABLE customer; --","name":"Robert'); DROP TABLE customer; --","firstName":"\\\\"}`,
      '{"code":"OK","name":"Good \\ud83d\\ude00"}',
    ];
    const answer = await send(owner.key, body(owner.code, `[${rows.join(',')}]`, ',"idempotencyKey":"harm"'));
    expect(answer.errors).toBeUndefined();
    const { results, errors } = answer.data!.bulkInsertCustomers;
    expect(results.filter(({ customer }) => customer).map(({ code }) => code)).toEqual([
      'N2',
      "'); DROP TABLE customer; --",
      'OK',
    ]);
    expect(
      errors.map(({ index, details }) => [index, ...details.map(({ code, field }) => `${code} ${field}`)]),
    ).toEqual([
      [1, 'INVALID name'],
      [3, 'INVALID sex'],
      [4, 'TOO_LONG country', 'INVALID paymentDate'],
      [5, 'INVALID name', 'INVALID city'],
      [6, 'INVALID name', 'OUT_OF_RANGE markupHotelsWeb', 'OUT_OF_RANGE prepaymentDays'],
      [7, 'TOO_LONG name'],
      [8, 'INVALID name'],
      [
        9,
        'INVALID externalReferences.0.system',
        'INVALID externalReferences.0.identifier',
        'INVALID tags.0',
        'INVALID tags.1',
      ],
      [10, 'TOO_LONG tags'],
    ]);
    const { customer } = await owner.gql<{ customer: Row }>('{ customer(by: { code: "ok" }) { name } }');
    expect(customer.name).toBe('Good 😀');
    expect(({} as Row).year).toBeUndefined();
    expect(hub.logged.filter(({ level }) => level === 'error')).toEqual([]);
  });
});
