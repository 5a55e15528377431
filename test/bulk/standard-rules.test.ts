import { describe, expect, test } from 'vitest';
import { checkCustomerRow } from '../../src/bulk/rules.js';
import { graphqlRow, type Row, standardMessages } from './rows.js';

const check = (row: Row) => checkCustomerRow({ code: 'K-1', name: 'Anna', ...row }, 'STANDARD', 'graphql');
const login = { name: 'Anna', email: 'anna@example.com', login: 'anna1', password: 'secret12' };

describe('STANDARD profile', () => {
  test('code and name are all that is compulsory', () => {
    expect(checkCustomerRow({}, 'STANDARD', 'graphql').problems.map((p) => p.message)).toEqual([
      'missing code',
      'missing name',
    ]);
    expect(check({})).toEqual({
      fields: { code: 'K-1', name: 'Anna' },
      adminUser: null,
      externalReferences: [],
      tags: [],
      problems: [],
      code: 'K-1',
    });
  });

  test('N2: a code is any 1-64 characters', () => {
    for (const code of ['a', 'Kunde 17/ø', 'x'.repeat(64)]) expect(standardMessages({ code })).toEqual([]);
    for (const code of ['x'.repeat(65), 'a\nb', 17]) expect(standardMessages({ code })).toEqual(['invalid code']);
  });

  test('N5, N7: postal code is free text up to 16, city a name up to 100', () => {
    for (const postalCode of ['SW1A 1AA', 'AD500', 'x'.repeat(16)])
      expect(standardMessages({ postalCode })).toEqual([]);
    for (const postalCode of ['x'.repeat(17), 185])
      expect(standardMessages({ postalCode })).toEqual(['invalid postalCode']);
    expect(standardMessages({ city: "Reggio nell'Emilia" })).toEqual([]);
    expect(standardMessages({ city: 'x'.repeat(101) })).toEqual(['invalid city']);
  });

  test('N10, N11, N32, N36: phones have digits, spaces and + - ( ), up to 30', () => {
    for (const field of ['telephone', 'fax', 'mobile', 'emergencyNumber']) {
      for (const number of ['1', '+39 (06) 9480-5123', '1'.repeat(30)])
        expect(standardMessages({ [field]: number })).toEqual([]);
      for (const number of ['1'.repeat(31), '06/9480', '+', 694805123]) {
        expect(standardMessages({ [field]: number })).toEqual([`invalid ${field}`]);
      }
    }
    expect(check({ mobile: '+45 70 27 16 99' }).fields).toMatchObject({
      mobile: '+45 70 27 16 99',
      mobileE164: '+4570271699',
    });
  });

  test("the other limits are those of N2-N38, in GraphQL's names", () => {
    const changes = {
      address: 'x'.repeat(151),
      language: 'xx',
      vatNumber: 'x'.repeat(31),
      accountingCode: 'x'.repeat(21),
    };
    expect(
      standardMessages({
        ...changes,
        accountingEmail: 'a@b',
        certifiedEmail: 'a',
        sdiCode: 'ABC123',
        prepaymentDays: 31,
      }),
    ).toEqual(
      [
        'address',
        'language',
        'vatNumber',
        'accountingEmail',
        'sdiCode',
        'accountingCode',
        'certifiedEmail',
        'prepaymentDays',
      ].map((field) => `invalid ${field}`),
    );
    expect(standardMessages({ creditCard: 'ja' })).toEqual([
      'invalid creditCard (valid values: yes, no, y, n, true, false, 1, 0)',
    ]);
  });

  test('type, sex and VAT status: names in any case, or their wire numbers', () => {
    expect(check({ type: 'company', sex: 'FEMALE', vatStatus: 'EU_GOODS' }).fields).toMatchObject({
      type: 'COMPANY',
      sex: 2,
      vatStatus: 'EU_GOODS',
    });
    expect([0, 1, 2, 9, '9'].map((sex) => check({ sex }).fields.sex)).toEqual([0, 1, 2, 9, 9]);
    expect([1, '2', 7].map((vatStatus) => check({ vatStatus }).fields.vatStatus)).toEqual([
      'DOMESTIC',
      'CONSTRUCTION_REVERSE',
      'OUTSIDE_EU',
    ]);
    expect(standardMessages({ type: 'DOG' })).toEqual(['invalid type (valid values: PERSON, COMPANY)']);
    for (const sex of [3, '3', 'M', true, []]) {
      expect(standardMessages({ sex })).toEqual([
        'invalid sex (valid values: UNKNOWN, MALE, FEMALE, NOT_APPLICABLE, 0, 1, 2, 9)',
      ]);
    }
    for (const vatStatus of [0, 8, 'EU']) {
      expect(standardMessages({ vatStatus })[0]).toMatch(
        /^invalid vatStatus \(valid values: DOMESTIC, .*, OUTSIDE_EU, 1, 2, 3, 4, 5, 6, 7\)$/,
      );
    }
  });

  test('G10-G12: a birthday becomes three columns', () => {
    expect(check({ birthDate: '0000-05-17' }).fields).toMatchObject({ birthYear: null, birthMonth: 5, birthDay: 17 });
    expect(check({ birthDate: { year: 1985, month: null } }).fields).toMatchObject({
      birthYear: 1985,
      birthMonth: null,
      birthDay: null,
    });
    expect('birthDate' in check({ birthDate: '1985-12-10' }).fields).toBe(false);
    for (const birthDate of ['2023-02-30', '2023-13-01', 7])
      expect(standardMessages({ birthDate })).toEqual(['invalid birthDate']);
  });

  test('consents are read as booleans and are absent when they are not given', () => {
    expect(check({ acceptsMarketingEmail: 'Y', acceptsMarketingSms: 0 })).toMatchObject({
      acceptsMarketingEmail: true,
      acceptsMarketingSms: false,
    });
    expect('acceptsMarketingSms' in check({ acceptsMarketingSms: null })).toBe(false);
    expect(standardMessages({ acceptsMarketingSms: 'x' })[0]).toMatch(/^invalid acceptsMarketingSms \(valid/);
  });
});

describe('STANDARD profile, the login', () => {
  test('N16-N20: optional, but whole when it is given', () => {
    expect(check({ adminUser: login }).adminUser).toEqual({ ...login, foreignCode: null });
    const four = ['name', 'email', 'login', 'password'].map((part) => `missing adminUser.${part}`);
    expect(check({ adminUser: login, country: 'UK' })).toMatchObject({ adminUser: null, login: 'anna1' });
    expect(check({ adminUser: { ...login, login: 'ab' } }).login).toBeUndefined();
    expect(standardMessages({ adminUser: {} })).toEqual(four);
    expect(standardMessages({ adminUser: { foreignCode: 'F1' } })).toEqual(four);
    expect(standardMessages({ adminUser: { ...login, login: 'ab' } })).toEqual(['invalid adminUser.login']);
  });

  test('A21: null, and an object of nothing but empty cells, are no login', () => {
    for (const adminUser of [null, undefined, '', { name: '', email: null, login: ' ' }]) {
      expect(check({ adminUser })).toMatchObject({ adminUser: null, problems: [] });
    }
    const row = { code: 'K-1', name: 'Anna', admin_user_name: '', admin_user_login: '' };
    expect(checkCustomerRow(row, 'STANDARD', 'netstorming')).toMatchObject({ adminUser: null, problems: [] });
  });

  test('something else than an object is invalid, in either profile, at its place among the fields', () => {
    for (const adminUser of ['anna', 7, [login], true]) {
      expect(standardMessages({ adminUser, creditCard: 'x', vatNumber: 7 }).map((m) => m.replace(/ \(.*/, ''))).toEqual(
        ['invalid creditCard', 'invalid adminUser', 'invalid vatNumber'],
      );
    }
    const partner = checkCustomerRow({ ...graphqlRow, adminUser: 'anna' }, 'PARTNER', 'graphql');
    expect(partner.problems.map((p) => p.message)).toEqual(['invalid adminUser']);
  });
});

describe('STANDARD profile, lists', () => {
  test('T4: an external reference has both parts or neither', () => {
    const externalReferences = [
      { system: 'WOOCOMMERCE', identifier: ' 17 ' },
      { system: 6, identifier: '18' },
      {},
      null,
      { system: '', identifier: null },
    ];
    expect(check({ externalReferences })).toMatchObject({
      externalReferences: [
        { system: 'WOOCOMMERCE', identifier: '17' },
        { system: '6', identifier: '18' },
      ],
      problems: [],
    });
    expect(standardMessages({ externalReferences: [{ system: '6' }] })).toEqual([
      'missing externalReferences.0.identifier',
    ]);
    expect(standardMessages({ externalReferences: [{}, { identifier: '17' }] })).toEqual([
      'missing externalReferences.1.system',
    ]);
  });

  test('T4: limits and shapes of external references', () => {
    const of = (system: unknown, identifier: unknown) =>
      standardMessages({ externalReferences: { system, identifier } });
    expect(of('x'.repeat(64), 'x'.repeat(255))).toEqual([]);
    expect(of('x'.repeat(65), 'x'.repeat(256))).toEqual([
      'invalid externalReferences.0.system',
      'invalid externalReferences.0.identifier',
    ]);
    expect(of(6.5, 17)).toEqual(['invalid externalReferences.0.system', 'invalid externalReferences.0.identifier']);
    expect(standardMessages({ externalReferences: ['6:17', [1]] })).toEqual([
      'invalid externalReferences.0',
      'invalid externalReferences.1',
    ]);
    const many = Array.from({ length: 101 }, (_, i) => ({ system: `S${i}`, identifier: '1' }));
    expect(standardMessages({ externalReferences: many.slice(1) })).toEqual([]);
    expect(standardMessages({ externalReferences: many })).toEqual(['invalid externalReferences']);
  });

  test('G31: tags are 1-50 characters; spellings that differ in case collapse to the first', () => {
    expect(check({ tags: [' VIP ', 'vip', 'Åben', 'åben', '', null, 'x'.repeat(50)] }).tags).toEqual([
      'VIP',
      'Åben',
      'x'.repeat(50),
    ]);
    expect(check({ tags: 'VIP' }).tags).toEqual(['VIP']);
    expect(standardMessages({ tags: ['VIP', 'x'.repeat(51), 7, {}] })).toEqual([
      'invalid tags.1',
      'invalid tags.2',
      'invalid tags.3',
    ]);
    const names = Array.from({ length: 101 }, (_, i) => `t${i}`);
    expect(standardMessages({ tags: names.slice(1) })).toEqual([]);
    expect(check({ tags: names }).problems).toEqual([{ code: 'TOO_LONG', field: 'tags', message: 'invalid tags' }]);
  });
});
