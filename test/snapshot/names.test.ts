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

const namesOf = async (input: object) => {
  const { name, firstName, lastName } = await book.snapshot(await book.guest(input));
  return [name, firstName, lastName];
};

test('G5, A58: the id is a positive integer, the same as the customer', async () => {
  const guest = await book.guest();
  const shown = await book.snapshot(guest);
  expect(shown.customerId).toBe(guest.id);
  expect(shown.customerId).toMatch(/^[1-9]\d*$/);
  expect(shown).toMatchObject({ code: guest.code, version: 1 });
});

describe('G6, G7, G8, A2', () => {
  test.each([
    ['Ada Lovelace', 'Ada', 'Lovelace'],
    ['Anna Maria de la Cruz', 'Anna', 'Cruz'],
    ['Madonna', 'Madonna', 'Madonna'],
    ['Jean-Luc  O’Neill-Smith', 'Jean-Luc', 'O’Neill-Smith'],
    ['Søren\u00a0Kierkegaard Å', 'Søren', 'Å'],
    ['李 小龍', '李', '小龍'],
  ])('%j: the first and the last word', async (name, firstName, lastName) => {
    const [, first, last] = await namesOf({ name });
    expect([first, last]).toEqual([firstName, lastName]);
  });

  test('spaces around a name make no empty word', async () => {
    const [, first, last] = await namesOf({ name: '   Ada   Augusta   Lovelace  ' });
    expect([first, last]).toEqual(['Ada', 'Lovelace']);
  });

  test('parts that are stored win over the words, each by itself', async () => {
    expect(await namesOf({ name: 'Ada Lovelace', firstName: 'Augusta Ada', lastName: 'King' })).toEqual([
      'Ada Lovelace',
      'Augusta Ada',
      'King',
    ]);
    expect(await namesOf({ name: 'Ada Lovelace', lastName: 'King-Noel' })).toEqual([
      'Ada Lovelace',
      'Ada',
      'King-Noel',
    ]);
    expect(await namesOf({ name: 'Ada Lovelace', firstName: 'Augusta' })).toEqual([
      'Ada Lovelace',
      'Augusta',
      'Lovelace',
    ]);
  });

  test('an empty part is no part, and a part that is cleared gives way to the word', async () => {
    expect(await namesOf({ name: 'Ada Lovelace', firstName: '', lastName: '  ' })).toEqual([
      'Ada Lovelace',
      'Ada',
      'Lovelace',
    ]);
    const guest = await book.guest({ name: 'Ada Lovelace', firstName: 'Augusta' });
    await book.change(guest, { firstName: null, name: 'Grace Hopper' });
    expect(await book.snapshot(guest)).toMatchObject({
      name: 'Grace Hopper',
      firstName: 'Grace',
      lastName: 'Hopper',
      version: 2,
    });
  });

  test('a derived part is never stored', async () => {
    const guest = await book.guest({ name: 'Ada Lovelace' });
    const { customer } = await book.owner.gql<{ customer: { firstName: string | null; lastName: string | null } }>(
      'query ($id: ID!) { customer(by: { id: $id }) { firstName lastName } }',
      { id: guest.id },
    );
    expect(customer).toEqual({ firstName: null, lastName: null });
  });
});
