import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startTestHub, type TestHub } from '../hub.js';
import { movableClock } from '../snapshot/guest-book.js';
import { createFeed, eventually, openHotel, type Hotel, type Run } from './hotel.js';

const clock = movableClock('2026-03-27T12:00:00Z');
let first: TestHub;
let second: TestHub;
const hotels: Hotel[] = [];
let open: Hotel;
beforeAll(async () => {
  first = await startTestHub({ clock });
  second = await startTestHub({ clock, clone: first.clone });
});
beforeEach(async () => {
  clock.moveTo('2026-03-27T12:00:00Z');
  open = await openHotel(first, { owner: { timeZone: 'Europe/Copenhagen' } });
  hotels.push(open);
});
afterAll(async () => {
  await second.stop();
  await first.stop();
  await Promise.all(hotels.map(({ receiver }) => receiver.close()));
});

/** The runs once there are so many that have ended, and the machines have had time to begin another. */
const runs = async (count: number): Promise<Run[]> => {
  await eventually(async () => (await open.read()).runs.filter(({ finishedAt }) => finishedAt).length >= count);
  return (await open.read()).runs;
};

test('C4: comes once a day at three, through the change of the clocks, once with two processes', async () => {
  expect(open.feed).toMatchObject({ schedule: '0 3 * * *', nextRunAt: '2026-03-28T02:00:00.000Z' });
  const days: [string, string][] = [
    ['2026-03-28T02:00:00Z', '2026-03-29T01:00:00.000Z'],
    ['2026-03-29T01:00:00Z', '2026-03-30T01:00:00.000Z'],
    ['2026-03-30T01:00:00Z', '2026-03-31T01:00:00.000Z'],
  ];
  for (const [i, [at, next]] of days.entries()) {
    const number = await open.stay();
    clock.moveTo(new Date(Date.parse(at) - 1_000).toISOString());
    expect(await open.read()).toMatchObject({ runs: { length: i } });
    clock.moveTo(at);
    const [newest, ...older] = await runs(i + 1);
    expect(older).toHaveLength(i);
    expect(newest).toMatchObject({ sent: 1, failed: 0, startedAt: new Date(at).toISOString() });
    expect(open.numbers().at(-1)).toBe(number);
    expect((await open.read()).nextRunAt).toBe(next);
  }
  expect(open.numbers()).toHaveLength(3);
});

test('C4: what was missed while nothing ran is one run, and the next time is the first one from now on', async () => {
  const number = await open.stay();
  clock.moveTo('2026-04-10T12:00:00Z');
  expect(await runs(1)).toMatchObject([{ sent: 1, startedAt: '2026-04-10T12:00:00.000Z' }]);
  expect((await open.read()).nextRunAt).toBe('2026-04-11T01:00:00.000Z');
  expect(open.numbers()).toEqual([number]);
});

test("C3: while the owner's switch is off no run is begun, and what was missed is not made up for at once", async () => {
  const number = await open.stay();
  await open.switchOwner(false);
  expect((await open.read()).nextRunAt).toBeNull();
  clock.moveTo('2026-03-28T12:00:00Z');
  const due = `SELECT next_run_at AS at FROM guest_feed WHERE owner_id = $1 AND next_run_at > $2`;
  await eventually(async () => (await first.clone.sql(due, [open.owner.id, clock.at()])).length > 0);
  await open.switchOwner(true);
  expect(await open.read()).toMatchObject({ nextRunAt: '2026-03-29T01:00:00.000Z', runs: [] });
  expect(open.numbers()).toEqual([]);
  clock.moveTo('2026-03-29T01:00:00Z');
  expect(await runs(1)).toMatchObject([{ sent: 1 }]);
  expect(open.numbers()).toEqual([number]);
});

test("C4: follows the owner's time zone, and a schedule of its own", async () => {
  expect((await open.update({ schedule: ' 15  4 * * * ' })).guestFeed).toMatchObject({
    schedule: '15 4 * * *',
    nextRunAt: '2026-03-28T03:15:00.000Z',
  });
  await open.settings({ timeZone: 'America/Sao_Paulo' });
  const saved = await open.update({});
  expect(saved.guestFeed?.nextRunAt).toBe('2026-03-28T07:15:00.000Z');
  expect((await open.update({ schedule: null })).guestFeed).toMatchObject({
    schedule: '0 3 * * *',
    nextRunAt: '2026-03-28T06:00:00.000Z',
  });
});

test(
  'C4, A62: a time zone that changes moves the next time without anybody saving the feed',
  { timeout: 20_000 },
  async () => {
    await open.settings({ timeZone: 'Pacific/Auckland' });
    await eventually(async () => (await open.read()).nextRunAt === '2026-03-27T14:00:00.000Z', 15_000);
  },
);

test('A35: a feed that was stopped is not run by the schedule', async () => {
  await open.stay();
  open.receiver.answer((_request, res) => void res.writeHead(404).end());
  clock.moveTo('2026-03-28T02:00:00Z');
  expect(await runs(1)).toMatchObject([{ failed: 1, stopped: true }]);
  const witness = await openHotel(first, { owner: { timeZone: 'Europe/Copenhagen' } });
  hotels.push(witness);
  clock.moveTo('2026-03-29T02:00:00Z');
  await eventually(async () => (await witness.read()).runs[0]?.finishedAt); // the schedule has had its turn
  expect((await open.read()).runs).toHaveLength(1);
  expect(open.receiver.requests).toHaveLength(1);
});

test('A34: a run whose process is gone is gone on with, at once', async () => {
  const number = await open.stay();
  await first.clone.sql(
    `INSERT INTO guest_feed_run (owner_id, feed_id, started_at, lease_owner, sent) VALUES ($1, $2, now(), gen_random_uuid(), 7)`,
    [open.owner.id, open.feed.id],
  );
  expect(await runs(1)).toMatchObject([{ sent: 8, failed: 0, stopped: false }]);
  expect(open.numbers()).toEqual([number]);
});

test("D6: an owner whose services hang does not hold up another owner's feed, and gets all its own done in the end", async () => {
  await open.stay();
  const answers: (() => void)[] = [];
  open.receiver.answer((_request, res) => void answers.push(() => res.writeHead(200).end()));
  const account = { baseUrl: open.receiver.url, hotelId: 'H', accessKey: 'K', active: true, lookBackDays: 1 };
  for (let i = 0; i < 6; i++) await createFeed(open.owner, { name: `Slow ${i}`, ...account });
  clock.moveTo('2026-03-28T02:00:00Z');
  await open.receiver.until((requests) => requests.length === 4);
  const witness = await openHotel(first, { owner: { timeZone: 'Europe/Copenhagen' } });
  hotels.push(witness);
  await witness.stay();
  clock.moveTo('2026-03-29T01:00:00Z');
  await eventually(async () => (await witness.read()).runs[0]?.sent === 1);
  expect(open.receiver.requests).toHaveLength(4);
  open.receiver.answer((_request, res) => void res.writeHead(200).end());
  for (const answer of answers) answer();
  await open.receiver.until((requests) => requests.length === 7);
});
