/** A field of an item as the document describes it, and what the hub makes of it. */
export interface FieldCase {
  rule: string;
  /** The partner's name. */
  field: string;
  /** Where it is found in the schema. */
  graphql: string;
  required: boolean;
  /** What is taken, with what is stored of it. */
  good: [given: unknown, stored: unknown][];
  /** What is refused, the first ones just outside the limits. */
  bad: unknown[];
  /** Behind `invalid <field>`, where the values are a closed set. */
  hint?: string;
}

const long = (length: number) => 'x'.repeat(length);
const as = (...values: unknown[]): [unknown, unknown][] => values.map((value) => [value, value]);
/** What partners' files hold: quotes, backslashes, emoji, text from right to left, no-break spaces. */
const unusual = [
  '"Da \'Gino\'" \\ n',
  'Café 🏝️🧳',
  'وكالة سفر النيل',
  '日本旅行',
  'x\u00a0y',
  '</script><b>&amp;',
  "'; DROP --",
];
const unclean = ['two\nlines', 'a\tb', 'nul\u0000', 'half \ud800 pair', 'bell\u0007'];

const text = (max: number) => ({
  good: [...as('x', long(max), '🏝'.repeat(max), ...unusual), [`  ${long(max)}  `, long(max)]] as [unknown, unknown][],
  bad: [long(max + 1), '🏝'.repeat(max + 1), ...unclean, 7, true, {}, []],
});
const email = {
  good: [
    ...as('a@b.it', 'o.neill+x@sub.example'),
    [` A@b.it `, 'A@b.it'],
    as(`${long(48)}@${'a'.repeat(43)}.example`)[0]!,
  ] as [unknown, unknown][],
  bad: [`${long(49)}@${'a'.repeat(43)}.example`, 'a@b', '@b.it', 'a b@c.it', 'a@b.it,c@d.it', 'a\n@b.it', 7, true, {}],
};
const phone = {
  good: [...as('1', '01234567890123456789', '0694805123'), [' 0694805123 ', '0694805123']] as [unknown, unknown][],
  bad: ['012345678901234567890', '+390694805123', '06 94805123', '(06)9480', '06-9480', '٠٦٩٤٨', 694805123, true, []],
};
const booleans = {
  good: [
    ...['yes', 'YES', 'y', 'Y', 'true', 'True', '1', ' yes ', true, 1].map((given) => [given, true] as const),
    ...['no', 'No', 'n', 'N', 'false', 'FALSE', '0', '\tno', false, 0].map((given) => [given, false] as const),
  ] as [unknown, unknown][],
  bad: ['si', 'on', '2', '-1', 2, 0.5, {}, [true]],
  hint: ' (valid values: yes, no, y, n, true, false, 1, 0)',
};
const markup = {
  good: [...as(0, -2147483648, 2147483647), ['15', 15], ['-15', -15], [' 7 ', 7]] as [unknown, unknown][],
  bad: [2147483648, -2147483649, 1.5, '1.5', '1e3', 'ten', '0x10', true, [], {}],
};

/** N2 to N38, in the order of the document. */
export const fieldCases: FieldCase[] = [
  {
    ...{ rule: 'N2, A20', field: 'code', graphql: 'code', required: true },
    good: [...as('abc', 'AbCdEf123456', '007'), [' trim1 ', 'trim1']],
    bad: ['ab', 'abcdefghijklm', 'a-bc', 'a bc', 'àbcd', 'abc🏝', 'ａｂｃ', 123, true, {}],
  },
  { rule: 'N3, A22', field: 'name', graphql: 'name', required: true, ...text(100) },
  { rule: 'N4, A22', field: 'address', graphql: 'address', required: true, ...text(150) },
  {
    ...{ rule: 'N5, A9', field: 'zip', graphql: 'postalCode', required: true },
    good: [...as('1', '00185', '2100', '12345678'), [' 00185 ', '00185']],
    bad: ['123456789', 'SW1A 1AA', '1012AB', '001 85', '001-85', '٠٠١٨٥', 185, 12345678],
  },
  {
    ...{ rule: 'N6, A63', field: 'country', graphql: 'country', required: true },
    good: [...as('IT', 'GR', 'GB'), ['it', 'IT'], [' Dk ', 'DK']],
    bad: ['I', 'ITA', 'UK', 'EL', 'XK', 'ZZ', '39', 'I\n', 39],
  },
  {
    ...{ rule: 'N7, A25', field: 'city', graphql: 'city', required: true },
    good: as('ROM', '2POR', '7mon', '1234'),
    bad: ['RM', 'ROMA1', 'R-M', 'RÓM', 'R M', 123],
  },
  { rule: 'N8', field: 'mailstaff', graphql: 'email', required: true, ...email },
  {
    ...{ rule: 'N9, A26', field: 'notify_lang', graphql: 'language', required: true },
    good: [...as('it', 'da'), ['DA', 'da'], [' En ', 'en']],
    bad: ['i', 'eng', 'xx', 'english', 'it-IT', 7],
  },
  { rule: 'N10, A19', field: 'telephone', graphql: 'telephone', required: true, ...phone },
  { rule: 'N11, A19', field: 'fax', graphql: 'fax', required: true, ...phone },
  {
    ...{ rule: 'N12, A63', field: 'currency', graphql: 'currency', required: true },
    good: [...as('EUR', 'DKK'), ['eur', 'EUR'], [' Usd ', 'USD']],
    bad: ['EU', 'EURO', 'ZZZ', '978', '€', 978],
  },
  { rule: 'N13, N43', field: 'booking_online', graphql: 'bookingOnline', required: true, ...booleans },
  { rule: 'N14, N43', field: 'blocked_in_deadline', graphql: 'blockedInDeadline', required: true, ...booleans },
  { rule: 'N15, N43', field: 'credit_card', graphql: 'creditCard', required: true, ...booleans },
  { rule: 'N16, A22', field: 'admin_user_name', graphql: 'users.name', required: true, ...text(50) },
  { rule: 'N17', field: 'admin_user_email', graphql: 'users.email', required: true, ...email },
  {
    ...{ rule: 'N18, A20', field: 'admin_user_login', graphql: 'users.login', required: true },
    good: [...as('abc', 'AbCdEf123456'), [' trim1 ', 'trim1']],
    bad: ['ab', 'abcdefghijklm', 'a_bc', 'a@b.it', 'àbcd', 123],
  },
  {
    ...{ rule: 'N19, A28', field: 'admin_user_psw', graphql: '', required: true },
    good: as(long(6), long(12), '🏝'.repeat(6), '🏝'.repeat(12), ' "\\\' ~', '日本日本日本'),
    bad: [long(5), long(13), '🏝'.repeat(5), '🏝'.repeat(13), 'abc\ndef', 'abcde\u0000', 123456, true, {}],
  },
  {
    ...{ rule: 'N20, A22', field: 'admin_user_foreign_code', graphql: 'users.foreignCode', required: false },
    ...text(100),
  },
  { rule: 'N21, A24', field: 'vat', graphql: 'vatNumber', required: false, ...text(30) },
  { rule: 'N22, A22', field: 'corporatename', graphql: 'corporateName', required: false, ...text(100) },
  { rule: 'N23', field: 'mailaccountability', graphql: 'accountingEmail', required: false, ...email },
  { rule: 'N24, A24', field: 'tax_code', graphql: 'taxCode', required: false, ...text(100) },
  { rule: 'N25, A27', field: 'markuphotelsweb', graphql: 'markupHotelsWeb', required: false, ...markup },
  { rule: 'N26, A27', field: 'markupcarsweb', graphql: 'markupCarsWeb', required: false, ...markup },
  { rule: 'N27, A27', field: 'markuptransfersweb', graphql: 'markupTransfersWeb', required: false, ...markup },
  { rule: 'N28, A27', field: 'markuptoursweb', graphql: 'markupToursWeb', required: false, ...markup },
  {
    ...{ rule: 'N29, A27', field: 'markupgenericservicesweb', graphql: 'markupGenericServicesWeb', required: false },
    ...markup,
  },
  {
    ...{ rule: 'N30, A23', field: 'sdi_code', graphql: 'sdiCode', required: false },
    good: [...as('KRRH6B9', '0000000', 'XXXXXXX'), ['krrh6b9', 'KRRH6B9']],
    bad: ['UFABC1', 'KRRH6B90', 'KRRH-6B', 'KRRH6Bé', 1234567],
  },
  { rule: 'N31, A22', field: 'accounting', graphql: 'accountingCode', required: false, ...text(20) },
  { rule: 'N32, A19', field: 'mobile_phone', graphql: 'mobile', required: false, ...phone },
  { rule: 'N33', field: 'pec_address', graphql: 'certifiedEmail', required: false, ...email },
  {
    ...{ rule: 'N34, N43', field: 'force_contextual_payment', graphql: 'forceContextualPayment', required: false },
    ...booleans,
  },
  {
    ...{ rule: 'N35', field: 'customer_homepage', graphql: 'customerHomepage', required: false },
    good: [...as('HOME', 'HOTELSONLINE', 'BOOKINGSMANAGEMENT'), ['home', 'HOME']],
    bad: ['INDEX', 'HOME PAGE', '[HOME]', 1, true],
    hint: ' (valid values: HOME, HOTELSONLINE, BOOKINGSMANAGEMENT)',
  },
  { rule: 'N36, A19', field: 'emergency_number', graphql: 'emergencyNumber', required: false, ...phone },
  {
    ...{ rule: 'N37, A55', field: 'payment_date', graphql: 'paymentDate', required: false },
    good: [...as('topay', 'deadline', 'startdate'), ['TOPAY', 'topay']],
    bad: ['later', 'start date', '2026-01-01', 0],
    hint: ' (valid values: topay, deadline, startdate)',
  },
  {
    ...{ rule: 'N38, A55', field: 'prepayment_days', graphql: 'prepaymentDays', required: false },
    good: [...as(0, 30, 7), ['30', 30]],
    bad: [-1, 31, 1.5, '31', 'x', true, []],
  },
];
