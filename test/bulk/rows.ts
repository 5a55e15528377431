import { checkCustomerRow, fieldNames } from '../../src/bulk/rules.js';

export type Row = Record<string, unknown>;

/** A row of the door that has every field, each of them good. */
export const doorRow: Row = {
  code: 'test0123',
  name: 'Rossi Viaggi S.r.l.',
  address: 'Via Roma 1',
  zip: '00185',
  country: 'IT',
  city: 'ROM',
  mailstaff: 'info@rossi.example',
  notify_lang: 'it',
  telephone: '0694805123',
  fax: '0694805124',
  currency: 'EUR',
  booking_online: 'yes',
  blocked_in_deadline: 'no',
  credit_card: true,
  admin_user_name: 'Mario Rossi',
  admin_user_email: 'mario@rossi.example',
  admin_user_login: 'mrossi',
  admin_user_psw: 'secret12',
  admin_user_foreign_code: 'F-1',
  vat: '02342520158',
  corporatename: 'Rossi Viaggi',
  mailaccountability: 'conti@rossi.example',
  tax_code: 'RSSMRA85T10A562S',
  markuphotelsweb: 1,
  markupcarsweb: '2',
  markuptransfersweb: -3,
  markuptoursweb: 0,
  markupgenericservicesweb: 5,
  sdi_code: 'KRRH6B9',
  accounting: 'ACC-1',
  mobile_phone: '3331234567',
  pec_address: 'rossi@pec.example',
  force_contextual_payment: 0,
  customer_homepage: 'HOME',
  emergency_number: '118',
  payment_date: 'deadline',
  prepayment_days: 30,
};

/** The same row with GraphQL's names. */
export const graphqlRow: Row = toGraphql(doorRow);

/** Messages of the door about its good row with some fields set otherwise. */
export function doorMessages(changes: Row): string[] {
  return checkCustomerRow({ ...doorRow, ...changes }, 'PARTNER', 'netstorming').problems.map((p) => p.message);
}

/** Messages about a STANDARD row that has just a code and a name, and the given fields. */
export function standardMessages(changes: Row): string[] {
  const row = { code: 'K-1', name: 'Anna', ...changes };
  return checkCustomerRow(row, 'STANDARD', 'graphql').problems.map((p) => p.message);
}

function toGraphql(row: Row): Row {
  const result: Row = {};
  const adminUser: Row = {};
  for (const { graphql, netstorming } of fieldNames) {
    if (netstorming === null) continue;
    if (graphql.startsWith('adminUser.')) adminUser[graphql.slice('adminUser.'.length)] = row[netstorming];
    else result[graphql] = row[netstorming];
  }
  return { ...result, adminUser };
}
