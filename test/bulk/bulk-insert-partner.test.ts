import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestHub, type TestHub } from '../hub.js';
import { bulkInsert, faultsOf, loginOf, outboxOf, partnerRow } from './partner-rows.js';
import { graphqlRow, type Row } from './rows.js';

let hub: TestHub;
beforeAll(async () => {
  hub = await startTestHub({ env: { STAMDATA_ROLES: 'api' } });
});
afterAll(() => hub.stop());

const partner = { profile: 'PARTNER' } as const;

describe('a good row', () => {
  test('N2-N38: every field arrives, in its canonical form, under the name of the schema', async () => {
    const owner = await hub.owner();
    const answer = await bulkInsert(owner, [partnerRow(1, { country: 'it', sdiCode: 'krrh6b9' })], partner);
    const { customerId } = answer.results[0]!;
    expect(answer).toEqual({
      dryRun: false,
      results: [{ index: 1, code: 'P1x', customer: true, user: true, customerId }],
      errors: [],
      counts: { rows: 1, customers: 1, users: 1, rejected: 0 },
      userErrors: [],
    });
    const { adminUser: _, ...fields } = graphqlRow;
    const { customer } = await owner.gql<{ customer: Row }>(
      `query ($id: ID!) { customer(by: { id: $id }) { ${Object.keys(fields).join(' ')}
         type vatNumberCheck taxCodeCheck telephoneE164 users { name email login foreignCode } } }`,
      { id: customerId },
    );
    expect(customer).toEqual({
      ...fields,
      code: 'P1x',
      bookingOnline: true,
      blockedInDeadline: false,
      forceContextualPayment: false,
      markupCarsWeb: 2,
      type: 'COMPANY',
      vatNumberCheck: 'VALID',
      taxCodeCheck: 'VALID',
      telephoneE164: '+390694805123',
      users: [{ name: 'Mario Rossi', email: 'mario@rossi.example', login: 'user1', foreignCode: 'F-1' }],
    });
    expect(await outboxOf(hub, owner)).toEqual(['P1x CREATED']);
  });

  test('A21: optional fields that are empty or null are absent', async () => {
    const owner = await hub.owner();
    const answer = await bulkInsert(
      owner,
      [partnerRow(1, { mobile: '', vatNumber: '  ', prepaymentDays: null })],
      partner,
    );
    expect(answer.errors).toEqual([]);
    const { customer } = await owner.gql<{ customer: Row }>(
      '{ customer(by: { code: "p1X" }) { mobile vatNumber prepaymentDays } }',
    );
    expect(customer).toEqual({ mobile: null, vatNumber: null, prepaymentDays: null });
  });
});

describe('what is wrong is told', () => {
  test('N42: the sample of the document, in its order, under the names of the schema', async () => {
    const owner = await hub.owner();
    const sample = partnerRow(1, { code: 'test0123', address: undefined, language: 'xx', bookingOnline: 'maybe' });
    for (const dryRun of [true, false]) {
      const answer = await bulkInsert(owner, [sample], { ...partner, dryRun });
      expect(answer.results).toEqual([{ index: 1, code: 'test0123', customer: false, user: false, customerId: null }]);
      expect(answer.errors.map(({ index, errors }) => ({ index, errors }))).toEqual([
        {
          index: 1,
          errors: [
            'missing address',
            'invalid language',
            'invalid bookingOnline (valid values: yes, no, y, n, true, false, 1, 0)',
          ],
        },
      ]);
      expect(faultsOf(answer, 1)).toEqual(['REQUIRED address', 'INVALID language', 'INVALID bookingOnline']);
    }
  });

  test('N2-N19, A21: a row of nothing misses every compulsory field, in the order of the rules', async () => {
    const owner = await hub.owner();
    const compulsory = [
      ...['code', 'name', 'address', 'postalCode', 'country', 'city', 'email', 'language', 'telephone', 'fax'],
      ...['currency', 'bookingOnline', 'blockedInDeadline', 'creditCard'],
      ...['name', 'email', 'login', 'password'].map((part) => `adminUser.${part}`),
    ];
    const blank = Object.fromEntries(Object.keys(graphqlRow).map((field) => [field, '']));
    const rows: Row[] = [{}, { ...blank, adminUser: null }, { ...blank, adminUser: {} }];
    const answer = await bulkInsert(owner, rows, partner);
    for (const index of [1, 2, 3]) {
      const { errors } = answer.errors.find((entry) => entry.index === index)!;
      expect(errors).toEqual(compulsory.map((field) => `missing ${field}`));
    }
    expect(answer.counts).toEqual({ rows: 3, customers: 0, users: 0, rejected: 3 });
  });

  test('A9, A19, A23: a zip with letters, a phone with a plus or as a number, a six-character SDI code', async () => {
    const owner = await hub.owner();
    const wrong: Row[] = [
      { postalCode: 'SW1A1AA' },
      { postalCode: '123456789' },
      { postalCode: 185 },
      { telephone: '+390694805123' },
      { telephone: 694805123 },
      { sdiCode: 'KRRH6B' },
      { city: 'Roma!' },
    ];
    const rows = wrong.map((changes, i) => partnerRow(i + 1, changes));
    const { errors } = await bulkInsert(owner, rows, partner);
    expect(errors.map(({ index, errors: messages }) => [index, messages])).toEqual(
      wrong.map((changes, i) => [i + 1, [`invalid ${Object.keys(changes)[0]}`]]),
    );
  });

  test('A12, A15, A18: one result for each row in its place, whatever its code is, and the good ones are written', async () => {
    const owner = await hub.owner();
    const codes = ['A1', undefined, null, 42, true, { no: 'code' }, ['x'], 'GOOD', 'Zo\u0000\ud800e'];
    const answer = await bulkInsert(
      owner,
      codes.map((code, i) => partnerRow(i, { code })),
      partner,
    );
    expect(answer.results.map(({ index, code, customer }) => [index, code, customer])).toEqual([
      [1, 'A1', false],
      [2, '', false],
      [3, '', false],
      [4, '42', false],
      [5, 'true', false],
      [6, '', false],
      [7, '', false],
      [8, 'GOOD', true],
      [9, 'Zo\ufffd\ufffde', false],
    ]);
    expect(answer.errors.map((entry) => entry.index)).toEqual([1, 2, 3, 4, 5, 6, 7, 9]);
    expect(await outboxOf(hub, owner)).toEqual(['GOOD CREATED']);
  });
});

describe('the login', () => {
  test('A16: a login that is taken costs the login only; a malformed one the whole row', async () => {
    const owner = await hub.owner();
    await bulkInsert(owner, [partnerRow(1)], partner);
    const answer = await bulkInsert(
      owner,
      [
        partnerRow(2, { adminUser: loginOf(1, { login: 'USER1' }) }),
        partnerRow(3, { adminUser: loginOf(3, { login: 'no' }) }),
        partnerRow(4),
        partnerRow(5, { adminUser: loginOf(4, { login: 'uSer4' }) }),
      ],
      partner,
    );
    expect(answer.results.map(({ code, customer, user }) => [code, customer, user])).toEqual([
      ['P2x', true, false],
      ['P3x', false, false],
      ['P4x', true, true],
      ['P5x', true, false],
    ]);
    expect(answer.errors.map(({ index, errors }) => [index, errors])).toEqual([
      [1, ['invalid adminUser.login (already exists)']],
      [2, ['invalid adminUser.login']],
      [4, ['invalid adminUser.login (already exists)']],
    ]);
    expect(faultsOf(answer, 1)).toEqual(['TAKEN adminUser.login']);
    expect(faultsOf(answer, 4)).toEqual(['DUPLICATE_IN_INPUT adminUser.login']);
    expect(answer.counts).toEqual({ rows: 4, customers: 3, users: 1, rejected: 1 });
  });

  test('A16: a rejected row tells that its login is taken along with the rest', async () => {
    const owner = await hub.owner();
    await bulkInsert(owner, [partnerRow(1)], partner);
    const answer = await bulkInsert(owner, [partnerRow(2, { name: '', adminUser: loginOf(1) })], partner);
    expect(faultsOf(answer, 1)).toEqual(['REQUIRED name', 'TAKEN adminUser.login']);
  });

  test('a rejected row occupies neither its code nor its login', async () => {
    const owner = await hub.owner();
    const answer = await bulkInsert(owner, [partnerRow(1, { email: 'no' }), partnerRow(1), partnerRow(1)], partner);
    expect(answer.results.map(({ customer, user }) => [customer, user])).toEqual([
      [false, false],
      [true, true],
      [false, false],
    ]);
    expect(faultsOf(answer, 3)).toEqual(['DUPLICATE_IN_INPUT code', 'DUPLICATE_IN_INPUT adminUser.login']);
  });

  test('logins of another owner are none of this one', async () => {
    const [first, second] = [await hub.owner(), await hub.owner()];
    await bulkInsert(first, [partnerRow(1)], partner);
    const answer = await bulkInsert(second, [partnerRow(1)], partner);
    expect(answer).toMatchObject({ errors: [], counts: { customers: 1, users: 1 } });
  });
});
