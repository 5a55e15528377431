import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestHub, type TestHub } from '../hub.js';
import { guestBook, type GuestBook } from './guest-book.js';

let hub: TestHub;
let book: GuestBook;
beforeAll(async () => {
  hub = await startTestHub({ env: { STAMDATA_ROLES: 'api' } });
  book = await guestBook(hub);
});
afterAll(() => hub.stop());

const shownOf = async (input: object) => book.snapshot(await book.guest(input));

describe('G9, A54: sex', () => {
  test.each(['UNKNOWN', 'MALE', 'FEMALE', 'NOT_APPLICABLE'])('%s is shown as it was given', async (sex) => {
    expect((await shownOf({ sex })).sex).toBe(sex);
  });

  test('not given is UNKNOWN', async () => {
    expect((await shownOf({})).sex).toBe('UNKNOWN');
  });
});

describe('G10, G11, G12, A48: each part of the birth date by itself', () => {
  test.each([
    [{ year: 1915, month: 12, day: 10 }],
    [{ year: 1915, month: null, day: null }],
    [{ year: null, month: 5, day: 17 }],
    [{ year: null, month: 2, day: 29 }],
    [{ year: null, month: null, day: 31 }],
    [{ year: 2024, month: 2, day: null }],
  ])('%j', async (birthDate) => {
    expect((await shownOf({ birthDate })).birthDate).toEqual(birthDate);
  });

  test('none known is null, given or cleared', async () => {
    expect((await shownOf({})).birthDate).toBeNull();
    const guest = await book.guest({ birthDate: { year: 1980, month: 1, day: 2 } });
    await book.change(guest, { birthDate: null });
    expect((await book.snapshot(guest)).birthDate).toBeNull();
  });
});

test('G13, G14, G15: e-mail, mobile and postal code as given', async () => {
  const given = { email: 'Ada@Example.com', mobile: '+45 70 27 16 99', postalCode: 'SW1A 1AA' };
  expect(await shownOf(given)).toMatchObject(given);
});

test('G15: a postal code keeps its leading zeros', async () => {
  expect((await shownOf({ postalCode: '00184' })).postalCode).toBe('00184');
});

test('A49: what is missing is null, never an invented value', async () => {
  expect(await shownOf({})).toMatchObject({
    email: null,
    mobile: null,
    postalCode: null,
    birthDate: null,
    ordersTotalCount: 0,
    ordersTotalValue: '0.00',
    ordersTotalValueExVat: '0.00',
    ordersLastDate: null,
    lastBooking: null,
    nextBooking: null,
    acceptsMarketingEmail: false,
    acceptsMarketingSms: false,
  });
});

test('G13: text that looks like code is only text', async () => {
  const name = `O'Brien "[customerId]" \\u0000 {{x}} <b>; DROP TABLE customer --`;
  expect((await shownOf({ name })).name).toBe(name);
});
