import { describe, expect, test } from 'vitest';
import { checkCustomerRow } from '../../src/bulk/rules.js';
import { doorMessages, doorRow } from './rows.js';

const x = (length: number) => 'x'.repeat(length);
const mail = (length: number) => `${x(length - 52)}@${'a'.repeat(43)}.example`;
const phones = {
  good: ['1', '12345678901234567890'],
  bad: ['123456789012345678901', '+39069480', '06 9480', 694805123],
};
const booleans = {
  good: ['yes', 'NO', 'y', 'N', 'True', 'FALSE', '1', '0', true, false, 1, 0],
  bad: ['ja', '2', 2, [], {}],
};
const markups = {
  good: [0, -2147483648, 2147483647, '15', '-15'],
  bad: [2147483648, -2147483649, 1.5, '1.5', 'ten', true],
};
const text = (max: number) => ({
  good: ['x', x(max), ` ${x(max)} `, '日'.repeat(max)],
  bad: [x(max + 1), 7, true, {}, 'a\u0000b'],
});
const email = { good: ['a@b.it', mail(100)], bad: [mail(101), 'a@b', 'a', 7] };
const words = ' (valid values: yes, no, y, n, true, false, 1, 0)';

interface Case {
  rule: string;
  field: string;
  required: boolean;
  good: unknown[];
  /** The first ones lie just outside the limits. */
  bad: unknown[];
  hint?: string;
}

const cases: Case[] = [
  {
    rule: 'N2',
    field: 'code',
    required: true,
    good: ['abc', 'ABCdef123456'],
    bad: ['ab', 'abcdef1234567', 'a-bc', 'àbc', 123],
  },
  { rule: 'N3', field: 'name', required: true, ...text(100) },
  { rule: 'N4', field: 'address', required: true, ...text(150) },
  {
    rule: 'N5, A9',
    field: 'zip',
    required: true,
    good: ['1', '00185', '12345678'],
    bad: ['123456789', 'SW1A', '001 85', 185],
  },
  {
    rule: 'N6, A63',
    field: 'country',
    required: true,
    good: ['IT', 'it', 'dK'],
    bad: ['I', 'ITA', 'UK', 'EL', 'XK', 7],
  },
  { rule: 'N7, A25', field: 'city', required: true, good: ['ROM', '2POR', '7mon'], bad: ['RM', 'ROMA1', 'R-M', 123] },
  { rule: 'N8', field: 'mailstaff', required: true, ...email },
  { rule: 'N9, A26', field: 'notify_lang', required: true, good: ['it', 'DA'], bad: ['i', 'eng', 'xx', 7] },
  { rule: 'N10, A19', field: 'telephone', required: true, ...phones },
  { rule: 'N11, A19', field: 'fax', required: true, ...phones },
  { rule: 'N12, A63', field: 'currency', required: true, good: ['EUR', 'dkk'], bad: ['EU', 'EURO', 'ZZZ', 978] },
  { rule: 'N13, N43', field: 'booking_online', required: true, ...booleans, hint: words },
  { rule: 'N14, N43', field: 'blocked_in_deadline', required: true, ...booleans, hint: words },
  { rule: 'N15, N43', field: 'credit_card', required: true, ...booleans, hint: words },
  { rule: 'N16', field: 'admin_user_name', required: true, ...text(50) },
  { rule: 'N17', field: 'admin_user_email', required: true, ...email },
  {
    rule: 'N18, A20',
    field: 'admin_user_login',
    required: true,
    good: ['abc', x(12)],
    bad: ['ab', x(13), 'a_bc', 123],
  },
  {
    rule: 'N19, A28',
    field: 'admin_user_psw',
    required: true,
    good: [x(6), x(12), '日本日本日本'],
    bad: [x(5), x(13), 123456],
  },
  { rule: 'N20', field: 'admin_user_foreign_code', required: false, ...text(100) },
  { rule: 'N21, A24', field: 'vat', required: false, ...text(30) },
  { rule: 'N22', field: 'corporatename', required: false, ...text(100) },
  { rule: 'N23', field: 'mailaccountability', required: false, ...email },
  { rule: 'N24, A24', field: 'tax_code', required: false, ...text(100) },
  { rule: 'N25, A27', field: 'markuphotelsweb', required: false, ...markups },
  { rule: 'N26, A27', field: 'markupcarsweb', required: false, ...markups },
  { rule: 'N27, A27', field: 'markuptransfersweb', required: false, ...markups },
  { rule: 'N28, A27', field: 'markuptoursweb', required: false, ...markups },
  { rule: 'N29, A27', field: 'markupgenericservicesweb', required: false, ...markups },
  {
    rule: 'N30, A23',
    field: 'sdi_code',
    required: false,
    good: ['KRRH6B9', 'krrh6b9', '0000000'],
    bad: ['ABC123', 'KRRH6B90', 'krrh-6b', 1234567],
  },
  { rule: 'N31', field: 'accounting', required: false, ...text(20) },
  { rule: 'N32, A19', field: 'mobile_phone', required: false, ...phones },
  { rule: 'N33', field: 'pec_address', required: false, ...email },
  { rule: 'N34, N43', field: 'force_contextual_payment', required: false, ...booleans, hint: words },
  {
    rule: 'N35',
    field: 'customer_homepage',
    required: false,
    good: ['HOME', 'HOTELSONLINE', 'BOOKINGSMANAGEMENT'],
    bad: ['INDEX', 1],
    hint: ' (valid values: HOME, HOTELSONLINE, BOOKINGSMANAGEMENT)',
  },
  { rule: 'N36, A19', field: 'emergency_number', required: false, ...phones },
  {
    rule: 'N37',
    field: 'payment_date',
    required: false,
    good: ['topay', 'deadline', 'startdate', 'TOPAY'],
    bad: ['later', 0],
    hint: ' (valid values: topay, deadline, startdate)',
  },
  { rule: 'N38', field: 'prepayment_days', required: false, good: [0, 30, '7'], bad: [-1, 31, 1.5, 'x', true] },
];

describe('PARTNER, field by field: min-1, min, max, max+1', () => {
  for (const { rule, field, required, good, bad, hint = '' } of cases) {
    test(`${rule}: ${field}`, () => {
      for (const value of good) expect([value, doorMessages({ [field]: value })]).toEqual([value, []]);
      for (const value of bad)
        expect([value, doorMessages({ [field]: value })]).toEqual([value, [`invalid ${field}${hint}`]]);
    });

    test(`${rule}, A21: ${field} ${required ? 'is compulsory' : 'may be left out'}; empty and null are absent`, () => {
      for (const value of [undefined, null, '', '   ']) {
        expect(doorMessages({ [field]: value })).toEqual(required ? [`missing ${field}`] : []);
      }
    });
  }

  test('every rule from N2 to N38 is among the cases', () => {
    expect(cases.map((c) => c.rule.split(',')[0])).toEqual(Array.from({ length: 37 }, (_, i) => `N${i + 2}`));
    expect(cases.map((c) => c.field).sort()).toEqual(Object.keys(doorRow).sort());
  });
});

describe('PARTNER, how values are stored', () => {
  const fieldsOf = (changes: Record<string, unknown>) =>
    checkCustomerRow({ ...doorRow, ...changes }, 'PARTNER', 'netstorming').fields;

  test('A22: text is trimmed; a password is not', () => {
    expect(fieldsOf({ name: '  Rossi ' }).name).toBe('Rossi');
    const checked = checkCustomerRow({ ...doorRow, admin_user_psw: ' secret ' }, 'PARTNER', 'netstorming');
    expect(checked.adminUser?.password).toBe(' secret ');
  });

  test('A63, A26, A23: country, currency and SDI code upper, language lower', () => {
    const given = { country: 'it', currency: 'eur', sdi_code: 'krrh6b9', notify_lang: 'IT' };
    expect(fieldsOf(given)).toMatchObject({ country: 'IT', currency: 'EUR', sdiCode: 'KRRH6B9', language: 'it' });
  });

  test('A19: a number keeps its leading zero, and its E.164 form stands beside it or is null', () => {
    expect(fieldsOf({ telephone: '0694805123' })).toMatchObject({
      telephone: '0694805123',
      telephoneE164: '+390694805123',
    });
    expect(fieldsOf({ telephone: '1' })).toMatchObject({ telephone: '1', telephoneE164: null });
  });

  test('A24: a wrong check digit is flagged, never refused', () => {
    const checked = fieldsOf({ vat: '86334519758', tax_code: 'RSSMRA85T10A562T' });
    expect(checked).toMatchObject({ vatNumberCheck: 'INVALID', taxCodeCheck: 'INVALID' });
    expect(fieldsOf({ country: 'US' })).toMatchObject({ vatNumberCheck: 'UNCHECKED', taxCodeCheck: 'UNCHECKED' });
  });

  test('N37: stored in the spelling of the document', () => {
    expect(fieldsOf({ payment_date: 'TOPAY', customer_homepage: 'home' })).toMatchObject({
      paymentDate: 'topay',
      customerHomepage: 'HOME',
    });
  });

  test('A27: an integer as text is stored as a number', () =>
    expect(fieldsOf({ markupcarsweb: '-12' }).markupCarsWeb).toBe(-12));

  test('A21: an optional field that is not there has no key, an empty one is null', () => {
    const fields = fieldsOf({ vat: undefined, corporatename: '' });
    expect('vatNumber' in fields || 'vatNumberCheck' in fields).toBe(false);
    expect(fields.corporateName).toBeNull();
  });

  test('problems tell length and range apart from form', () => {
    const codesOf = (changes: Record<string, unknown>) =>
      checkCustomerRow({ ...doorRow, ...changes }, 'PARTNER', 'netstorming').problems.map((p) => p.code);
    expect(codesOf({ code: 'ab' })).toEqual(['TOO_SHORT']);
    expect(codesOf({ name: x(101) })).toEqual(['TOO_LONG']);
    expect(codesOf({ prepayment_days: 31 })).toEqual(['OUT_OF_RANGE']);
    expect(codesOf({ city: 'R/M' })).toEqual(['INVALID']);
  });
});
