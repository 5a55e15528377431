import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { Database } from '../../src/database/database.js';
import { GuestFeedRunner } from '../../src/guest-feed/runner.js';
import { startTestHub, type TestHub } from '../hub.js';
import { answering } from '../webhook/receiver.js';
import { eventually, openHotel, runFeed, toldOf, type Hotel, type Run } from './hotel.js';

let hub: TestHub;
let other: TestHub;
const hotels: Hotel[] = [];
const runners: GuestFeedRunner[] = [];
beforeAll(async () => {
  // nobody but the tests takes runs over
  hub = await startTestHub({ env: { STAMDATA_ROLES: 'api' } });
  other = await startTestHub({ clone: hub.clone, env: { STAMDATA_ROLES: 'api' } });
});
afterEach(async () => {
  await Promise.all(runners.splice(0).map((runner) => runner.stop()));
});
afterAll(async () => {
  await other.stop();
  await hub.stop();
  await Promise.all(hotels.map(({ receiver }) => receiver.close()));
});

async function hotel(): Promise<Hotel> {
  const opened = await openHotel(hub);
  hotels.push(opened);
  return opened;
}

function runner(...[on, timing]: ConstructorParameters<typeof GuestFeedRunner>): GuestFeedRunner {
  const made = new GuestFeedRunner(on, timing);
  runners.push(made);
  return made;
}

/** Marks and history entries of a success: as many as stays, each stay once. */
async function successes({ owner }: Hotel): Promise<{ marks: number; entries: number; stays: number }> {
  const [row] = await hub.clone.sql<{ marks: number; entries: number; stays: number }>(
    `SELECT (SELECT count(*)::int FROM guest_feed_stay WHERE owner_id = $1 AND state = 'SENT') AS marks,
       (SELECT count(*)::int FROM booking_history WHERE owner_id = $1 AND event = 'sent') AS entries,
       (SELECT count(DISTINCT booking_id)::int FROM booking_history WHERE owner_id = $1 AND event = 'sent') AS stays`,
    [owner.id],
  );
  return row!;
}

const duplicates = (numbers: string[]): string[] => numbers.filter((number, i) => numbers.indexOf(number) !== i);

test('C4: a run of several pages sends every stay once, four requests at a time', async () => {
  const open = await hotel();
  await open.stays(120, { mixed: true });
  let atOnce = 0;
  let most = 0;
  open.receiver.answer((_request, res) => {
    most = Math.max(most, ++atOnce);
    setTimeout(() => {
      atOnce--;
      res.writeHead(200).end();
    }, 2);
  });
  expect(await open.run()).toMatchObject({ sent: 108, skipped: 12, failed: 0, stopped: false });
  expect(open.numbers()).toHaveLength(108);
  expect(duplicates(open.numbers())).toEqual([]);
  expect(await successes(open)).toEqual({ marks: 108, entries: 108, stays: 108 });
  expect([most > 1, most <= 4]).toEqual([true, true]);
});

test('A34: two processes asked to run one feed at the same time send each stay once, in one run', async () => {
  const open = await hotel();
  await open.stays(40);
  const ask = 'mutation ($id: ID!) { runGuestFeed(id: $id) { id sent failed finishedAt } }';
  const answers = await Promise.all(
    [hub, other, hub, other].map((one) =>
      one.request<{ runGuestFeed: Run }>(ask, { id: open.feed.id }, { key: open.owner.key }),
    ),
  );
  const runs = answers.map(({ data }) => data.runGuestFeed);
  expect(runs.reduce((most, { sent }) => Math.max(most, sent), 0)).toBe(40);
  expect(runs.every(({ finishedAt }) => finishedAt !== null)).toBe(true);
  expect(duplicates(open.numbers())).toEqual([]);
  expect(open.numbers()).toHaveLength(40);
  expect(await successes(open)).toEqual({ marks: 40, entries: 40, stays: 40 });
});

test('A34: two processes that hold one run by mistake still note each success once', async () => {
  const open = await hotel();
  await open.stays(12);
  let held: (() => void)[] = [];
  open.receiver.answer((_request, res) => void held.push(() => res.writeHead(200).end()));
  const first = runner(hub.hub).runNow(open.owner.id, open.feed.id);
  await open.receiver.until((requests) => requests.length === 4);
  await hub.clone.sql(`UPDATE guest_feed_run SET lease_until = '-infinity' WHERE owner_id = $1`, [open.owner.id]);
  const second = runner(other.hub).runNow(open.owner.id, open.feed.id); // as if the first one had been paused for long
  await open.receiver.until((requests) => requests.length === 8);
  open.receiver.answer(answering(200));
  for (const answer of held.splice(0)) answer();
  held = [];
  expect((await first).id).toBe((await second).id);
  expect(await eventually(async () => (await open.read()).runs[0]?.finishedAt)).toBeTruthy();
  expect((await open.read()).runs).toMatchObject([{ sent: 12, failed: 0 }]);
  expect(await successes(open)).toEqual({ marks: 12, entries: 12, stays: 12 });
  expect(duplicates(open.numbers())).toHaveLength(4); // those whose outcome nobody knew
});

test('A34: after a crash in the middle another process goes on; only what was under way is sent again, nothing twice noted', async () => {
  const open = await hotel();
  await open.stays(10);
  const dying = mortal(hub);
  open.receiver.answer((_request, res) => {
    if (open.receiver.requests.length === 3) dying.die();
    res.writeHead(200).end();
  });
  const crashed = runner({ ...hub.hub, db: dying.db }, { leaseMs: 2_000, deadlineMs: 500, troubleMs: 0 });
  await expect(crashed.runNow(open.owner.id, open.feed.id)).rejects.toThrow('gone');
  await crashed.stop();
  const before = await successes(open);
  expect(before.marks).toBeLessThan(open.numbers().length);
  const begun = await open.explain(open.numbers().at(-1)!);
  expect(begun.lastAttempt?.error).toMatch(/the outcome is not known/);
  open.receiver.answer(answering(200));
  const run = await runner(other.hub).runNow(open.owner.id, open.feed.id);
  expect(run).toMatchObject({ sent: 10, failed: 0, stopped: false });
  expect((await open.read()).runs).toHaveLength(1); // the same run
  expect(await successes(open)).toEqual({ marks: 10, entries: 10, stays: 10 });
  expect(duplicates(open.numbers()).length).toBeLessThanOrEqual(4);
  expect(duplicates(duplicates(open.numbers()))).toEqual([]);
  expect(await runFeed(open.owner, open.feed.id)).toMatchObject({ sent: 0 });
});

test('A34: a database that is away for a moment does not make an accepted stay look unsent', async () => {
  const open = await hotel();
  const number = await open.stay();
  const dying = mortal(hub);
  open.receiver.answer((_request, res) => {
    dying.die();
    setTimeout(() => dying.revive(), 300);
    res.writeHead(200).end();
  });
  const lucky = runner({ ...hub.hub, db: dying.db });
  await lucky.runNow(open.owner.id, open.feed.id).catch(() => undefined); // the caller may be told of the trouble
  await eventually(async () => (await open.read()).runs[0]?.finishedAt);
  expect((await open.read()).runs).toMatchObject([{ sent: 1, failed: 0, stopped: false }]);
  expect(open.numbers()).toEqual([number]);
});

test('C3: switching off while a run is under way ends it', async () => {
  const open = await hotel();
  await open.stays(30);
  let off: Promise<unknown> | null = null;
  open.receiver.answer((_request, res) => {
    off ??= open.switchOwner(false);
    void off.then(() => res.writeHead(200).end());
  });
  const run = await open.run();
  expect(run.reason).toMatch(/guestFeedsActive/);
  expect(run.sent).toBeLessThan(30);
  expect(open.numbers()).toHaveLength(run.sent);
  expect(await successes(open)).toMatchObject({ marks: run.sent, entries: run.sent });
});

test('C5: a stay that changes between being found and being sent is judged as it is then', async () => {
  const open = await hotel();
  const numbers: string[] = [];
  for (let i = 0; i < 6; i++) numbers.push(await open.stay());
  let changed: Promise<unknown> | null = null;
  open.receiver.answer((_request, res) => {
    changed ??= Promise.all([
      open.change(numbers[4]!, { guest: { email: 'newest@example.org' } }),
      open.change(numbers[5]!, { booking: { notify: false } }),
    ]);
    void changed.then(() => res.writeHead(200).end());
  });
  expect(await open.run()).toMatchObject({ sent: 5, skipped: 1 });
  const told = new Map(open.receiver.requests.map(toldOf).map((one) => [one.reservation_number, one.email]));
  expect(told.get(numbers[4]!)).toBe('newest@example.org');
  expect(told.has(numbers[5]!)).toBe(false);
});

test('architecture 5.8: stop: requests under way are noted, the rest is left to another process, within the time given', async () => {
  const open = await hotel();
  await open.stays(10);
  const held: (() => void)[] = [];
  open.receiver.answer((_request, res) => void held.push(() => res.writeHead(200).end()));
  const stopping = runner(hub.hub, { drainMs: 300 });
  const given = stopping.runNow(open.owner.id, open.feed.id);
  await open.receiver.until((requests) => requests.length === 4);
  const started = performance.now();
  const stopped = stopping.stop();
  for (const answer of held.splice(0, 2)) answer(); // two answer in time, two never do
  await stopped;
  expect(performance.now() - started).toBeLessThan(2_000);
  expect((await given).finishedAt).toBeNull();
  expect(await successes(open)).toEqual({ marks: 2, entries: 2, stays: 2 });
  open.receiver.answer(answering(200));
  expect(await runner(other.hub).runNow(open.owner.id, open.feed.id)).toMatchObject({ sent: 10, failed: 0 });
  expect(open.numbers()).toHaveLength(12);
});

/** A hub's database that can be cut off, like a process that was killed: nothing is written any more. */
function mortal(of: TestHub): { db: Database; die: () => void; revive: () => void } {
  let dead = false;
  class Mortal extends Database {
    override asOwner: Database['asOwner'] = (...call) =>
      dead ? Promise.reject(new Error('gone')) : super.asOwner(...call);
    override asWriter: Database['asWriter'] = (...call) =>
      dead ? Promise.reject(new Error('gone')) : super.asWriter(...call);
  }
  return {
    db: new Mortal(of.hub.db.dataSource),
    die: () => void (dead = true),
    revive: () => void (dead = false),
  };
}
