import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestHub, type TestHub } from '../hub.js';
import { customerDesk, faults } from './customer-desk.js';

let hub: TestHub;
beforeAll(async () => {
  hub = await startTestHub({ env: { STAMDATA_ROLES: 'api' } });
});
afterAll(() => hub.stop());

const everyField = {
  type: 'COMPANY',
  code: 'K-1',
  name: 'Ærø Færge ApS',
  firstName: 'Åse',
  lastName: 'O\'Neill "Jr" \\ <b>',
  corporateName: 'Ærø Holding',
  sex: 'NOT_APPLICABLE',
  birthDate: { year: null, month: 2, day: 29 },
  email: 'info@aeroe.example',
  mobile: '20 12 34 56',
  telephone: '+45 70 27 16 99',
  fax: '0045 70271699',
  address: 'Havnen 1',
  postalCode: 'DK-5970',
  city: 'Ærøskøbing',
  country: 'DK',
  language: 'da',
  currency: 'DKK',
  vatNumber: '13748136',
  taxCode: '13748136',
  vatStatus: 'EU_SERVICES',
  bookingOnline: true,
  blockedInDeadline: false,
  creditCard: true,
  forceContextualPayment: false,
  customerHomepage: 'HOTELSONLINE',
  paymentDate: 'startdate',
  prepaymentDays: 30,
  markupHotelsWeb: -2_147_483_648,
  markupCarsWeb: 2_147_483_647,
  markupTransfersWeb: 0,
  markupToursWeb: 1,
  markupGenericServicesWeb: -1,
  sdiCode: 'KRRH6B9',
  accountingCode: 'ACC 1',
  accountingEmail: 'bog@aeroe.example',
  certifiedEmail: 'pec@aeroe.example',
  emergencyNumber: '112',
};
const selection = Object.keys(everyField).join(' ').replace('birthDate', 'birthDate { year month day }');

describe('a new customer', () => {
  test('T1: every field comes back as it was given, with what follows from it', async () => {
    const { create, find, events } = await customerDesk(hub);
    const derived = 'telephoneE164 mobileE164 faxE164 vatNumberCheck taxCodeCheck';
    const { customer, userErrors } = await create(everyField, `${selection} ${derived}`);
    expect(userErrors).toEqual([]);
    const expected = {
      ...everyField,
      id: customer!.id,
      version: 1,
      telephoneE164: '+4570271699',
      mobileE164: '+4520123456',
      faxE164: '+4570271699',
      vatNumberCheck: 'VALID',
      taxCodeCheck: 'VALID',
    };
    expect(customer).toEqual(expected);
    expect(await find({ code: 'k-1' }, `${selection} ${derived}`)).toEqual(expected);
    expect(await events()).toEqual(['K-1 CREATED']);
  });

  test('A63: country, currency, language and SDI code are taken in either case', async () => {
    const { create } = await customerDesk(hub);
    const given = { code: 'A', name: 'A', country: 'dk', currency: 'dkk', language: 'DA', sdiCode: 'krrh6b9' };
    const { customer } = await create(given, 'country currency language sdiCode');
    expect(customer).toMatchObject({ country: 'DK', currency: 'DKK', language: 'da', sdiCode: 'KRRH6B9' });
  });

  test('what is left out has its default: a person in the domestic VAT, of unknown sex, without a birthday', async () => {
    const { create } = await customerDesk(hub);
    const { customer } = await create(
      { code: 'A', name: 'Ann' },
      'type sex vatStatus excluded birthDate { year } email',
    );
    const expected = {
      type: 'PERSON',
      sex: 'UNKNOWN',
      vatStatus: 'DOMESTIC',
      excluded: false,
      birthDate: null,
      email: null,
    };
    expect(customer).toMatchObject(expected);
  });

  test('T4, T2: tags, links and consents come with it, in one event', async () => {
    const { create, events } = await customerDesk(hub);
    const links = [
      { system: '6', identifier: 'w-1' },
      { system: 'posti', identifier: 'w-1' },
    ];
    const { customer } = await create(
      { code: 'A', name: 'A', tags: ['VIP', 'vip'], externalReferences: links, acceptsMarketingSms: true },
      'tags { name } externalReferences { identifier system { code } } consents { channel accepted source }',
    );
    expect(customer).toMatchObject({
      version: 1,
      tags: [{ name: 'VIP' }],
      externalReferences: [
        { identifier: 'w-1', system: { code: 'POSTI' } },
        { identifier: 'w-1', system: { code: 'WOOCOMMERCE' } },
      ],
      consents: [{ channel: 'SMS', accepted: true, source: expect.stringMatching(/^key of /) as string }],
    });
    expect(await events()).toEqual(['A CREATED,CONSENT']);
  });
});

describe('what is refused, and leaves nothing', () => {
  test('code and name are compulsory, and blank is not given (A21)', async () => {
    const { create, events } = await customerDesk(hub);
    for (const input of [{}, { code: null, name: null }, { code: ' ', name: '\t' }])
      expect(faults(await create(input))).toEqual(['REQUIRED code', 'REQUIRED name']);
    expect(await events()).toEqual([]);
  });

  test('all problems are told at once, each with its field', async () => {
    const { create, events } = await customerDesk(hub);
    const answer = await create({
      code: 'x'.repeat(65),
      name: 'nul \0',
      birthDate: { year: 2023, month: 2, day: 29 },
      email: 'no',
      telephone: '12345 ext. 6',
      country: 'UK',
      prepaymentDays: 31,
      tags: ['ok', 'x'.repeat(51)],
      externalReferences: [{ system: 'NOPE', identifier: '' }],
    });
    expect(answer.customer).toBeNull();
    expect(faults(answer)).toEqual([
      'TOO_LONG code',
      'INVALID name',
      'INVALID birthDate',
      'INVALID country',
      'INVALID email',
      'INVALID telephone',
      'OUT_OF_RANGE prepaymentDays',
      'REQUIRED externalReferences.0.identifier',
      'TOO_LONG tags.1',
    ]);
    expect(await events()).toEqual([]);
  });

  test('A22: limits count characters as people do: 64 emoji are a code, 65 are not', async () => {
    const { create } = await customerDesk(hub);
    expect(faults(await create({ code: '😀'.repeat(64), name: '😀'.repeat(100) }))).toEqual([]);
    expect(faults(await create({ code: '😀'.repeat(65), name: '😀'.repeat(101) }))).toEqual([
      'TOO_LONG code',
      'TOO_LONG name',
    ]);
  });

  test('A42: an existing code or pair is TAKEN with the id of its customer, in any case', async () => {
    const { create, find } = await customerDesk(hub);
    const pair = { system: 'WOOCOMMERCE', identifier: 'w-1' };
    const first = await create({ code: 'abc', name: 'A', externalReferences: [pair] });
    const { id: existingId } = first.customer!;
    const byCode = await create({ code: 'ABC', name: 'Another' });
    expect(byCode).toMatchObject({
      customer: null,
      userErrors: [{ code: 'TAKEN', field: 'code', message: 'invalid code (already exists)', existingId }],
    });
    const byPair = await create({ code: 'new', name: 'N', externalReferences: [{ ...pair, system: '6' }] });
    expect(byPair.userErrors).toMatchObject([{ code: 'TAKEN', field: 'externalReferences.0', existingId }]);
    expect(await find({ code: 'new' })).toBeNull();
    const other = await create({ code: 'x', name: 'X', externalReferences: [{ system: '5', identifier: 'w-1' }] });
    expect(faults(other)).toEqual([]);
  });

  test('A17: of calls at once with one code exactly one makes it, and the others are told whose it is', async () => {
    const { create, events } = await customerDesk(hub);
    const codes = ['race', 'RACE', 'Race', 'rAce', 'raCe', 'racE'];
    const answers = await Promise.all(codes.map((code) => create({ code, name: code, tags: ['T'] })));
    const made = answers.filter(({ customer }) => customer !== null);
    expect(made).toHaveLength(1);
    for (const { userErrors } of answers.filter((answer) => answer !== made[0]))
      expect(userErrors).toMatchObject([{ code: 'TAKEN', existingId: made[0]!.customer!.id }]);
    expect(await events()).toHaveLength(1);
  });

  test('wrong types are refused before anything is judged, and a key without customers:write is FORBIDDEN', async () => {
    const { owner, events } = await customerDesk(hub);
    const query = 'mutation ($input: CreateCustomerInput!) { createCustomer(input: $input) { customer { id } } }';
    const ok = { code: 'A', name: 'A' };
    const wrong = [
      { ...ok, sex: 1 },
      { ...ok, name: 7 },
      { ...ok, markupCarsWeb: 2 ** 31 },
      { ...ok, excluded: true },
      null,
    ];
    for (const input of wrong) {
      const answer = await hub.request(query, { input }, { key: owner.key });
      expect(answer).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
    }
    const key = await owner.newKey(['customers:read', 'customers:bulk']);
    const refused = await hub.request(query, { input: ok }, { key });
    expect(refused.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    expect(await events()).toEqual([]);
  });
});
