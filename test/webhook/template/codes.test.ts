import { describe, expect, test } from 'vitest';
import { customerCodes, tagCodes } from '../../../src/webhook/template/codes.js';
import { bare, full, rendered, withSnapshot } from './subject.js';

/** Rule, code, of a customer of whom all is known, of one of whom nothing is. */
const table: [string, string, string, string][] = [
  ['G5, A58', 'customerId', '1042', '1042'],
  ['G6', 'customerName', 'Anna Maria Holm Jensen', 'Plato'],
  ['G7, A2', 'customerFirstname', 'Anna', 'Plato'],
  ['G8, A2', 'customerLastname', 'Jensen', 'Plato'],
  ['G9, A54', 'customerSexValue', '2', '0'],
  ['G10', 'customerBirthdateDay_DD', '06', '00'],
  ['G11', 'customerBirthdateMonth_MM', '07', '00'],
  ['G12', 'customerBirthdateYear', '1985', '0'],
  ['G13, A49', 'customerEmail', 'anna@example.dk', ''],
  ['G14, A49', 'customerMobile', '+45 70 27 16 99', ''],
  ['G15, A49', 'customerPostalcode', '8000', ''],
  ['G16', 'ordersTotalCount', '12', '0'],
  ['G17, A50', 'ordersTotalValue', '1234.50', '0.00'],
  ['G18, A50', 'ordersTotalValueExVat', '987.60', '0.00'],
  ['G19, A49', 'ordersLastDate', '05/01-2026', ''],
  ['G20, A49', 'customerLastBookingDate', '04/03-2026', ''],
  ['G21', 'customerLastBookingDate_DD-MM-YYYY', '04-03-2026', ''],
  ['G22', 'customerLastBookingDate_YYYY-MM-DD', '2026-03-04', ''],
  ['G23', 'customerLastBookingService', 'Massage', ''],
  ['G24', 'customerNextBookingDate', '31/12-2026', ''],
  ['G25, A4', 'customerNextBookingDate_DD-MM-YYYY', '31-12-2026', ''],
  ['G26, A4', 'customerNextBookingDate_YYYY-MM-DD', '2026-12-31', ''],
  ['G27', 'customerNextBookingService', 'Sauna', ''],
  ['G28', 'customerAcceptsMarketingEmail', '1', '0'],
  ['G29', 'customerAcceptsMarketingSms', '0', '0'],
  ['G33', 'customerMiddlenames', 'Maria Holm', ''],
  ['G33', 'customerAddress', 'Åboulevarden 1', ''],
  ['G33', 'customerCity', 'Aarhus', ''],
  ['G33', 'customerTelephone', '86 12 34 56', ''],
  ['G33', 'customerBirthdateDay', '6', '0'],
  ['G33', 'customerBirthdateMonth', '7', '0'],
  ['G33', 'customerBirthdateMonth_DD', '07', '00'],
  ['G33', 'KUNDENAVN', 'Anna Maria Holm Jensen', 'Plato'],
  ['G33', 'KUNDEFORNAVN', 'Anna', 'Plato'],
  ['G33', 'KUNDEEFTERNAVN', 'Jensen', 'Plato'],
  ['G33', 'KUNDEADRESSE', 'Åboulevarden 1', ''],
  ['G33', 'KUNDEPOSTNR', '8000', ''],
  ['G33', 'KUNDEBYNAVN', 'Aarhus', ''],
  ['G33', 'KUNDETELEFON', '86 12 34 56', ''],
  ['G33', 'KUNDEMOBIL', '+45 70 27 16 99', ''],
  ['G33', 'KUNDEEMAIL', 'anna@example.dk', ''],
  ['G33', 'KUNDENUMMER', 'C-1001', 'C-1001'],
  ['G33', 'KUNDEALDER', '40', ''],
  ['G33', 'KUNDEKODE', '******', '******'],
];

test.each(table)('%s: [%s] gives %j, and %j where nothing is known', (_rule, code, known, unknown) => {
  expect(rendered(`<[${code}]>`, full)).toBe(`<${known}>`);
  expect(rendered(`<[${code}]>`, bare)).toBe(`<${unknown}>`);
});

test('G2, G33: every code that there is stands in the table above, or is one of a tag', () => {
  const tested = new Set(table.map(([, code]) => code.toLowerCase()));
  expect([...tested].sort()).toEqual(
    Object.keys(customerCodes)
      .map((code) => code.toLowerCase())
      .sort(),
  );
  expect(Object.keys(tagCodes)).toEqual(['customerTagId', 'customerTagName', 'customerTagValue']);
});

test('A1: a code is met in any case', () => {
  for (const code of ['CUSTOMERNAME', 'customerName', 'customername', 'CuStOmErNaMe'])
    expect(rendered(`[${code}]`, full)).toBe('Anna Maria Holm Jensen');
  expect(rendered('[CUSTOMERLASTBOOKINGDATE_yyyy-mm-dd]', full)).toBe('2026-03-04');
  expect(rendered('[CUSTOMERTAG_begin][customertagID][LINEBREAK][customerTAG_END]', full)).toBe('7\n8');
});

test('G9, A54: 0 not known, 1 man, 2 woman; "not applicable" has no number of its own there: nothing chosen', () => {
  const sexes = [0, 1, 2, 9].map((sex) => rendered('[customerSexValue]', withSnapshot({ sex })));
  expect(sexes).toEqual(['0', '1', '2', '0']);
});

describe('A48: each part of a birthday by itself', () => {
  const birthday = '[customerBirthdateYear]-[customerBirthdateMonth_MM]-[customerBirthdateDay_DD]';
  test.each([
    [null, '0-00-00'],
    [{ year: null, month: 5, day: 17 }, '0-05-17'],
    [{ year: 1985, month: null, day: null }, '1985-00-00'],
    [{ year: null, month: 12, day: null }, '0-12-00'],
    [{ year: 1985, month: 7, day: 6 }, '1985-07-06'],
  ])('G4: %j is %s', (birthDate, expected) => {
    expect(rendered(birthday, withSnapshot({ birthDate }))).toBe(expected);
  });
});

describe('G33: age in whole years, where the birthday is known', () => {
  test.each([
    ['2026-07-05', { year: 1985, month: 7, day: 6 }, '40'],
    ['2026-07-06', { year: 1985, month: 7, day: 6 }, '41'],
    ['2026-02-28', { year: 2000, month: 2, day: 29 }, '25'],
    ['2026-03-01', { year: 2000, month: 2, day: 29 }, '26'],
    ['2028-02-29', { year: 2000, month: 2, day: 29 }, '28'],
    ['2026-07-06', { year: 2026, month: 7, day: 6 }, '0'],
    ['2026-07-05', { year: 2026, month: 7, day: 6 }, ''],
    ['2026-07-05', { year: null, month: 7, day: 6 }, ''],
    ['2026-07-05', { year: 1985, month: null, day: 6 }, ''],
    ['2026-07-05', { year: 1985, month: 7, day: null }, ''],
  ])('on %s of %j: %j', (today, birthDate, age) => {
    const { snapshot, details } = withSnapshot({ birthDate });
    expect(rendered('[KUNDEALDER]', { snapshot, details: { ...details, today } })).toBe(age);
  });
});

describe('G33, A2: the middle names are what stands between the first and the last', () => {
  test.each([
    ['Anna Maria Holm Jensen', 'Anna', 'Jensen', 'Maria Holm'],
    ['Anna Maria  Holm Jensen', 'Anna Maria', 'Jensen', 'Holm'],
    ['Vincent van Gogh', 'Vincent', 'van Gogh', ''],
    ['Anna Jensen', 'Anna', 'Jensen', ''],
    ['Plato', 'Plato', 'Plato', ''],
    ['Jensen, Anna Maria', 'Anna Maria', 'Jensen', ''],
    ['Annabella Holm Jensen', 'Anna', 'Jensen', ''],
    ['Ann Ann', 'Ann', 'Ann', ''],
    ['Ann B Ann', 'Ann', 'Ann', 'B'],
  ])('%s (%s, %s): %j', (name, firstName, lastName, middle) => {
    expect(rendered('[CUSTOMERMIDDLENAMES]', withSnapshot({ name, firstName, lastName }))).toBe(middle);
  });
});

test('A50: money has a dot and two decimals, or a comma where the endpoint says so; negative sums too', () => {
  const subject = withSnapshot({ ordersTotalValue: '-99.95', ordersTotalValueExVat: '1234567.00' });
  const template = '[ordersTotalValue] [ordersTotalValueExVat]';
  expect(rendered(template, subject)).toBe('-99.95 1234567.00');
  expect(rendered(template, subject, { moneyDecimalComma: true })).toBe('-99,95 1234567,00');
});
