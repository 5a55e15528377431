import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isPassword } from '../../src/customer/password.js';
import { startTestHub, type TestHub, type TestOwner } from '../hub.js';
import { fieldCases, type FieldCase } from './field-cases.js';
import { compulsoryItem, item, partnerOf } from './partner.js';

let hub: TestHub;
beforeAll(async () => {
  hub = await startTestHub({ env: { STAMDATA_ROLES: 'api' } });
});
afterAll(() => hub.stop());

describe('N2-N38, each at its limits and with what partners really send', () => {
  test.each(fieldCases)('$rule: what $field takes is stored as it means', async ({ field, graphql, good }) => {
    const owner = await hub.owner();
    const rows = good.map(([given], n) => item(n, { [field]: given }));
    const answer = await partnerOf(hub, owner).insert(rows);
    expect(answer.status).toBe(200);
    expect(answer.errors).toEqual([]);
    expect(answer.results).toEqual(rows.map(({ code }) => ({ code, customer: true, user: true })));
    const stored = field === 'admin_user_psw' ? await passwordsHold(good, owner) : await storedValues(owner, graphql);
    expect(stored).toEqual(good.map(([, value]) => value));
  });

  test.each(fieldCases)('$rule, N42: what $field refuses is told by its name alone', async (rule) => {
    const owner = await hub.owner();
    const { field, bad, hint = '' } = rule;
    const rows = bad.map((value, n) => item(n, { [field]: value }));
    const answer = await partnerOf(hub, owner).insert([...rows, item(999)]);
    expect(answer.errors).toEqual(bad.map((_, n) => ({ 'line/index': n + 1, errors: [`invalid ${field}${hint}`] })));
    expect(answer.results.map(({ customer, user }) => [customer, user])).toEqual([
      ...bad.map(() => [false, false]),
      [true, true],
    ]);
    expect(await storedValues(owner, 'code')).toEqual([item(999).code]);
  });

  test.each(fieldCases)('$rule, A21: $field that is empty, blank, null or not there', async (rule) => {
    const owner = await hub.owner();
    const { field, required, graphql } = rule;
    const absent = ['', '   ', '\u00a0', null, undefined];
    const { errors, results } = await partnerOf(hub, owner).insert(
      absent.map((value, n) => item(n, { [field]: value })),
    );
    if (required) {
      expect(errors).toEqual(absent.map((_, n) => ({ 'line/index': n + 1, errors: [`missing ${field}`] })));
      return expect(results.every(({ customer, user }) => !customer && !user)).toBe(true);
    }
    expect(errors).toEqual([]);
    expect(await storedValues(owner, graphql)).toEqual(absent.map(() => null));
  });

  test('N2-N38: the cases above are the fields of the document, each once and in its order', () => {
    expect(fieldCases.map(({ rule }) => rule.split(',')[0])).toEqual(Array.from({ length: 37 }, (_, n) => `N${n + 2}`));
    expect(fieldCases.map(({ field }) => field)).toEqual(Object.keys(item(1)));
    const required = fieldCases.filter((rule) => rule.required).map(({ field }) => field);
    expect(required).toEqual(Object.keys(compulsoryItem(1)));
  });
});

describe('what stands beside a field', () => {
  test('N2-N19: an item of only the compulsory fields is good, one of none misses them in the order of the document', async () => {
    const partner = partnerOf(hub, await hub.owner());
    const { errors, results } = await partner.insert([compulsoryItem(1), {}]);
    expect(results).toEqual([
      { code: 'N1x', customer: true, user: true },
      { code: '', customer: false, user: false },
    ]);
    const missing = fieldCases.filter(({ required }) => required).map(({ field }) => `missing ${field}`);
    expect(errors).toEqual([{ 'line/index': 2, errors: missing }]);
  });

  test('A19: a number that is one is kept as E.164 as well, with the zero of Italy; one that is none is kept alone', async () => {
    const owner = await hub.owner();
    await partnerOf(hub, owner).insert([
      item(1, { telephone: '0694805123', fax: '1', mobile_phone: '3331234567' }),
      item(2, { telephone: '70271699', country: 'DK', zip: '2100' }),
    ]);
    expect(await storedValues(owner, 'telephoneE164')).toEqual(['+390694805123', '+4570271699']);
    expect(await storedValues(owner, 'faxE164')).toEqual([null, null]);
    expect((await storedValues(owner, 'mobileE164'))[0]).toBe('+393331234567');
  });

  test('A24: a wrong check digit is flagged by country and never refused', async () => {
    const owner = await hub.owner();
    const numbers: [country: string, vat: string, check: string][] = [
      ...(['86334519757', '02342520158', '00743110157'] as const).map(
        (vat) => ['IT', vat, 'VALID'] as [string, string, string],
      ),
      ...[
        ...['86334519758', '12345678901', '00000000000'].map((vat): [string, string, string] => ['IT', vat, 'INVALID']),
      ],
      ['DK', '13748136', 'VALID'],
      ['DK', '35254119', 'INVALID'],
      ['FI', '13669598', 'VALID'],
      ['FI', '20774741', 'INVALID'],
      ['DE', '136695976', 'VALID'],
      ['DE', '123456789', 'INVALID'],
      ['US', '12-3456789', 'UNCHECKED'],
    ];
    const answer = await partnerOf(hub, owner).insert(numbers.map(([country, vat], n) => item(n, { country, vat })));
    expect(answer.errors).toEqual([]);
    expect(await storedValues(owner, 'vatNumberCheck')).toEqual(numbers.map(([, , check]) => check));
  });

  test('A24: an Italian tax code, its omocodic form and the eleven digits of a legal person', async () => {
    const owner = await hub.owner();
    const codes = ['RSSMRA79B11C566R', 'RSSMRA85T10A56NH', 'BNZVCN32S10E57PV', '02342520158', 'RSSMRA85T10A562T'];
    await partnerOf(hub, owner).insert(codes.map((tax_code, n) => item(n, { tax_code })));
    expect(await storedValues(owner, 'taxCodeCheck')).toEqual(['VALID', 'VALID', 'VALID', 'VALID', 'INVALID']);
  });

  test('N1: fields that the document does not have are ignored, the hub’s own among them', async () => {
    const owner = await hub.owner();
    const strange = { id: 7, excluded: true, enabled: false, type: 'PERSON', tags: ['x'], version: 9, notes: {} };
    const { errors } = await partnerOf(hub, owner).insert([{ ...item(1), ...strange, ['__proto__']: { code: 'no' } }]);
    expect(errors).toEqual([]);
    for (const [field, value] of [
      ['excluded', false],
      ['enabled', true],
      ['type', 'COMPANY'],
      ['version', 1],
    ] as const)
      expect(await storedValues(owner, field)).toEqual([value]);
  });
});

/** One field of each customer of the owner, in the order in which they were inserted. */
async function storedValues(owner: TestOwner, path: string): Promise<unknown[]> {
  const [field, part] = path.split('.');
  const { customers } = await owner.gql<{ customers: { nodes: Record<string, unknown>[] } }>(
    `{ customers(first: 100) { nodes { ${part ? `${field} { ${part} }` : field} } } }`,
  );
  return customers.nodes.map((node) => (part ? (node[field!] as Record<string, unknown>[])[0]![part] : node[field!]));
}

/** The given passwords, of those that the stored login takes: as they are, and not as they would be trimmed. */
async function passwordsHold(good: FieldCase['good'], owner: TestOwner): Promise<unknown[]> {
  const users = await hub.clone.sql<{ ownerId: string; login: string; passwordHash: null; passwordSealed: Buffer }>(
    `SELECT owner_id AS "ownerId", login, password_hash AS "passwordHash", password_sealed AS "passwordSealed"
     FROM customer_user WHERE owner_id = $1 ORDER BY id`,
    [owner.id],
  );
  return Promise.all(
    good.map(async ([given], n) => ((await isPassword(hub.hub.secret, users[n]!, String(given))) ? given : 'another')),
  );
}
