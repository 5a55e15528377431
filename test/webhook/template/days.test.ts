import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ClockSweeper } from '../../../src/clock-sweeper.js';
import { startTestHub, type TestHub } from '../../hub.js';
import { guestBook, movableClock, type Guest, type GuestBook } from '../../snapshot/guest-book.js';
import { preview } from './template-desk.js';

const clock = movableClock('2026-03-04T11:00:00Z'); // noon in Copenhagen
let hub: TestHub;
let sweeper: ClockSweeper;
beforeAll(async () => {
  hub = await startTestHub({ clock, env: { STAMDATA_ROLES: 'api' } });
  sweeper = new ClockSweeper(hub.hub, hub.hub.log);
});
afterAll(() => hub.stop());

async function bookAt(start: string, timeZone = 'Europe/Copenhagen'): Promise<GuestBook> {
  clock.moveTo(start);
  return guestBook(hub, { timeZone });
}

async function passTo(moment: string): Promise<void> {
  clock.moveTo(moment);
  while (await sweeper.sweep());
}

/** `last | next`, each as date in the three forms and service. */
async function bookingsOf(book: GuestBook, guest: Guest): Promise<string> {
  const codes = (which: string) =>
    `[customer${which}BookingDate] [customer${which}BookingDate_DD-MM-YYYY] [customer${which}BookingDate_YYYY-MM-DD] [customer${which}BookingService]`;
  const template = `${codes('Last')}|${codes('Next')}`;
  const { body } = await preview(book.owner, guest.id, { template, contentType: 'text/plain' });
  return body;
}

const nothing = '   '; // three blank dates and a blank service
const told = (day: string, service: string) => {
  const [year, month, date] = day.split('-') as [string, string, string];
  return `${date}/${month}-${year} ${date}-${month}-${year} ${day} ${service}`;
};

describe('G20–G27, A3–A6: yesterday, begun today, later today, tomorrow', () => {
  test.each<[string, [string, string][], string, string]>([
    ['none', [], nothing, nothing],
    [
      'A3: of several before today the most recent',
      [
        ['2025-12-31', 'Old'],
        ['2026-03-03', 'New'],
      ],
      told('2026-03-03', 'New'),
      nothing,
    ],
    ['A6: begun earlier today: neither', [['2026-03-04T10:00', 'Now']], nothing, nothing],
    ['A6: begins this moment: neither', [['2026-03-04T11:00', 'Now']], nothing, nothing],
    [
      'A5: later today is the next',
      [
        ['2026-03-05', 'Then'],
        ['2026-03-04T11:01', 'Soon'],
      ],
      nothing,
      told('2026-03-04', 'Soon'),
    ],
    [
      'A5: date and service are of one booking',
      [
        ['2026-03-05', 'A'],
        ['2026-03-06', 'B'],
      ],
      nothing,
      told('2026-03-05', 'A'),
    ],
    [
      'both',
      [
        ['2026-03-03', 'Before'],
        ['2026-03-05', 'After'],
      ],
      told('2026-03-03', 'Before'),
      told('2026-03-05', 'After'),
    ],
  ])('%s', async (_what, bookings, last, next) => {
    const book = await bookAt('2026-03-04T11:00:00Z');
    const guest = await book.guest();
    for (const [at, service] of bookings)
      await book.booking(guest, at.includes('T') ? `${at}:00Z` : `${at}T12:00:00Z`, { service });
    expect(await bookingsOf(book, guest)).toBe(`${last}|${next}`);
  });
});

/** The local day ends when it says: then what had begun becomes the last one, with its local date. */
test.each([
  ['Europe/Copenhagen', 'winter', '2026-01-15T22:30:00Z', '2026-01-15', '2026-01-15T23:00:00Z'],
  ['Europe/Copenhagen', 'the day of 23 hours', '2026-03-29T21:30:00Z', '2026-03-29', '2026-03-29T22:00:00Z'],
  ['Europe/Copenhagen', 'the hour that comes twice', '2026-10-25T00:30:00Z', '2026-10-25', '2026-10-25T23:00:00Z'],
  [
    'America/Sao_Paulo',
    'the day before the clocks go forward',
    '2018-11-04T02:30:00Z',
    '2018-11-03',
    '2018-11-04T03:00:00Z',
  ],
  [
    'America/Sao_Paulo',
    'the day of 23 hours, without a midnight',
    '2018-11-05T01:30:00Z',
    '2018-11-04',
    '2018-11-05T02:00:00Z',
  ],
  [
    'America/Sao_Paulo',
    'the day whose last hour comes twice',
    '2018-02-18T01:30:00Z',
    '2018-02-17',
    '2018-02-18T03:00:00Z',
  ],
])('G22, A3, A6, A62: %s, %s', async (zone, _what, starts, day, ends) => {
  const minute = 60_000;
  const before = new Date(Date.parse(starts) - minute).toISOString();
  const book = await bookAt(before, zone);
  const guest = await book.guest();
  await book.booking(guest, starts, { service: 'Late' });
  expect(await bookingsOf(book, guest)).toBe(`${nothing}|${told(day, 'Late')}`);
  await passTo(starts);
  expect(await bookingsOf(book, guest)).toBe(`${nothing}|${nothing}`);
  await passTo(new Date(Date.parse(ends) - 1).toISOString());
  expect(await bookingsOf(book, guest)).toBe(`${nothing}|${nothing}`);
  await passTo(ends);
  expect(await bookingsOf(book, guest)).toBe(`${told(day, 'Late')}|${nothing}`);
});

test('G33, A62: an age is told by the local day of the owner', async () => {
  const ages: string[] = [];
  for (const zone of ['Europe/Copenhagen', 'America/Sao_Paulo']) {
    const book = await bookAt('2026-07-05T22:30:00Z', zone); // past midnight in Copenhagen
    const guest = await book.guest({ birthDate: { year: 1985, month: 7, day: 6 } });
    ages.push((await preview(book.owner, guest.id, { template: '[KUNDEALDER]', contentType: 'text/plain' })).body);
  }
  expect(ages).toEqual(['41', '40']);
});
