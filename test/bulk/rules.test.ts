import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  checkCustomerFields,
  checkCustomerRow,
  checkCustomerUpdateRow,
  fieldNames,
  nameOf,
} from '../../src/bulk/rules.js';
import { doorMessages, doorRow, graphqlRow, standardMessages } from './rows.js';

describe('the row as a whole', () => {
  test('N2-N38: a row with every field is good, and every value has its canonical form', () => {
    const checked = checkCustomerRow({ ...doorRow, country: 'it', sdi_code: 'krrh6b9' }, 'PARTNER', 'netstorming');
    expect(checked.problems).toEqual([]);
    expect(checked.code).toBe('test0123');
    expect(checked.fields).toEqual({
      code: 'test0123',
      name: 'Rossi Viaggi S.r.l.',
      address: 'Via Roma 1',
      postalCode: '00185',
      country: 'IT',
      city: 'ROM',
      email: 'info@rossi.example',
      language: 'it',
      telephone: '0694805123',
      telephoneE164: '+390694805123',
      fax: '0694805124',
      faxE164: '+390694805124',
      currency: 'EUR',
      bookingOnline: true,
      blockedInDeadline: false,
      creditCard: true,
      vatNumber: '02342520158',
      vatNumberCheck: 'VALID',
      corporateName: 'Rossi Viaggi',
      accountingEmail: 'conti@rossi.example',
      taxCode: 'RSSMRA85T10A562S',
      taxCodeCheck: 'VALID',
      markupHotelsWeb: 1,
      markupCarsWeb: 2,
      markupTransfersWeb: -3,
      markupToursWeb: 0,
      markupGenericServicesWeb: 5,
      sdiCode: 'KRRH6B9',
      accountingCode: 'ACC-1',
      mobile: '3331234567',
      mobileE164: '+393331234567',
      certifiedEmail: 'rossi@pec.example',
      forceContextualPayment: false,
      customerHomepage: 'HOME',
      emergencyNumber: '118',
      paymentDate: 'deadline',
      prepaymentDays: 30,
    });
    const { adminUser } = checked;
    expect(adminUser).toEqual({
      name: 'Mario Rossi',
      email: 'mario@rossi.example',
      login: 'mrossi',
      password: 'secret12',
      foreignCode: 'F-1',
    });
  });

  test("the same row with GraphQL's names gives the same result, in both profiles", () => {
    const door = checkCustomerRow(doorRow, 'PARTNER', 'netstorming');
    expect(checkCustomerRow(graphqlRow, 'PARTNER', 'graphql')).toEqual(door);
    expect(checkCustomerRow(graphqlRow, 'STANDARD', 'graphql')).toEqual(door);
  });

  test('N42: the sample, all problems of the item together and in the order of the fields', () => {
    expect(doorMessages({ booking_online: 'maybe', notify_lang: 'xx', address: undefined })).toEqual([
      'missing address',
      'invalid notify_lang',
      'invalid booking_online (valid values: yes, no, y, n, true, false, 1, 0)',
    ]);
  });

  test("an empty PARTNER row misses each compulsory field, in the documents' order and in the sender's words", () => {
    const door = checkCustomerRow({}, 'PARTNER', 'netstorming').problems;
    const compulsory = fieldNames.filter((f) => f.rule && Number(f.rule.slice(1)) <= 19);
    expect(door.map((p) => p.message)).toEqual(compulsory.map((f) => `missing ${f.netstorming}`));
    expect(door.every((p) => p.code === 'REQUIRED')).toBe(true);
    const graphql = checkCustomerRow({}, 'PARTNER', 'graphql').problems;
    expect(graphql.map((p) => p.field)).toEqual(compulsory.map((f) => f.graphql));
    expect(graphql.map((p) => p.message)).toContain('missing adminUser.login');
  });

  test('the table of names covers N2-N38 once each, in order, and translates in both directions', () => {
    const rules = fieldNames.flatMap((f) => f.rule ?? []);
    expect(rules).toEqual(Array.from({ length: 37 }, (_, i) => `N${i + 2}`));
    expect(nameOf('adminUser.login', 'netstorming')).toBe('admin_user_login');
    expect(nameOf('postalCode', 'netstorming')).toBe('zip');
    expect(nameOf('postalCode', 'graphql')).toBe('postalCode');
    expect(nameOf('tags', 'netstorming')).toBe('tags');
  });

  test('keys that no field has are ignored', () => {
    expect(doorMessages({ extra: 1, tags: 7, sex: 'x' })).toEqual([]);
  });

  test('A18: the code is echoed as given, as text, or as ""', () => {
    const echo = (code: unknown) => checkCustomerRow({ ...doorRow, code }, 'PARTNER', 'netstorming').code;
    expect([echo(' a?17 '), echo(17), echo(true), echo(null), echo(undefined), echo({}), echo([1])]).toEqual([
      ' a?17 ',
      '17',
      'true',
      '',
      '',
      '',
      '',
    ]);
    expect(echo('a\u0000b')).toBe('a\ufffdb');
  });

  test('A28: no message repeats a password, whatever is wrong with it or with its row', () => {
    for (const password of ['s3cr', 's3cret-that-is-far-too-long', 's3c\u0000ret', 12345678, { s3cret: 1 }]) {
      const { problems, adminUser } = checkCustomerRow(
        { ...doorRow, admin_user_psw: password },
        'PARTNER',
        'netstorming',
      );
      expect(problems.map((p) => p.message)).toEqual(['invalid admin_user_psw']);
      expect(adminUser).toBeNull();
    }
  });

  test('garbage instead of a row is one problem', () => {
    for (const row of [null, undefined, [], [doorRow], 'row', 7, true]) {
      for (const names of ['graphql', 'netstorming'] as const) {
        const checked = checkCustomerRow(row, 'PARTNER', names);
        expect(checked.problems).toEqual([{ code: 'INVALID', field: null, message: 'invalid customer' }]);
        expect(checked.code).toBe('');
      }
    }
  });

  test('never throws, and says the same twice, whatever JSON stands where', () => {
    const keys = fieldNames.flatMap((f) => [f.graphql.split('.')[0] as string, f.netstorming ?? 'tags']);
    const cell = fc.oneof(fc.jsonValue({ maxDepth: 4 }), fc.string({ unit: 'binary' }), fc.anything());
    const key = fc.constantFrom(...keys, 'externalReferences', 'tags', '__proto__', 'constructor');
    const row = fc.oneof(fc.dictionary(key, cell, { noNullPrototype: false }), fc.anything());
    const profile = fc.constantFrom('STANDARD', 'PARTNER');
    fc.assert(
      fc.property(row, profile, fc.constantFrom('graphql', 'netstorming'), (given, asProfile, names) => {
        const checked = checkCustomerRow(given, asProfile, names);
        expect(checkCustomerRow(given, asProfile, names)).toEqual(checked);
        for (const { message } of [...checked.problems, ...checkCustomerUpdateRow(given).problems]) {
          expect(message).toMatch(/^(missing|invalid) [A-Za-z0-9_.]+( \(valid values: [A-Za-z0-9_, ]+\))?$/);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('a deeply nested or very long cell is just invalid', () => {
    let nested: unknown = 'x';
    for (let i = 0; i < 50_000; i += 1) nested = [nested];
    expect(doorMessages({ name: nested, mailstaff: 'a'.repeat(1_000_000), telephone: '1'.repeat(1_000_000) })).toEqual([
      'invalid name',
      'invalid mailstaff',
      'invalid telephone',
    ]);
  });
});

describe('strict inputs', () => {
  const problemsOf = (input: Record<string, unknown>, partial: boolean) =>
    checkCustomerFields(input, { partial }).problems.map((p) => p.message);

  test('createCustomer: code and name are compulsory', () => {
    expect(problemsOf({}, false)).toEqual(['missing code', 'missing name']);
    expect(problemsOf({ code: 'K 1', name: 'Anna' }, false)).toEqual([]);
  });

  test('updateCustomer: only given fields are judged, null clears, but not code and name', () => {
    expect(checkCustomerFields({}, { partial: true })).toEqual({ fields: {}, problems: [] });
    expect(problemsOf({ code: null, name: '' }, true)).toEqual(['missing code', 'missing name']);
    const { fields, problems } = checkCustomerFields(
      {
        email: null,
        birthDate: null,
        sex: null,
        vatStatus: null,
        type: null,
        mobile: null,
        vatNumber: null,
        city: undefined,
      },
      { partial: true },
    );
    expect(problems).toEqual([]);
    expect(fields).toEqual({
      email: null,
      birthYear: null,
      birthMonth: null,
      birthDay: null,
      sex: 0,
      vatStatus: 'DOMESTIC',
      mobile: null,
      mobileE164: null,
      vatNumber: null,
      vatNumberCheck: 'UNCHECKED',
    });
  });

  test('A19, A24: what derives takes the new country, else the stored one', () => {
    const derived = (input: Record<string, unknown>, country: string | null) =>
      checkCustomerFields(input, { partial: true, country }).fields;
    expect(derived({ mobile: '70271699' }, 'DK').mobileE164).toBe('+4570271699');
    expect(derived({ mobile: '70271699', country: 'DK' }, 'IT').mobileE164).toBe('+4570271699');
    expect(derived({ mobile: '70271699', country: null }, 'DK').mobileE164).toBeNull();
    expect(derived({ vatNumber: '13585628' }, 'DK').vatNumberCheck).toBe('VALID');
  });

  test('a row of a bulk update may leave out everything, and may not clear code or name', () => {
    expect(checkCustomerUpdateRow({ city: 'Roma' })).toMatchObject({ fields: { city: 'Roma' }, problems: [] });
    expect(checkCustomerUpdateRow({ name: null }).problems.map((p) => p.message)).toEqual(['missing name']);
    expect(standardMessages({ city: 'Roma' })).toEqual([]);
  });
});
