import { afterAll, beforeAll, expect, test } from 'vitest';
import { GuestFeedRunner } from '../../src/guest-feed/runner.js';
import { startTestHub, type TestHub } from '../hub.js';
import { answering, startReceiver, type Behaviour } from '../webhook/receiver.js';
import { openHotel, toldOf, type Hotel } from './hotel.js';

let hub: TestHub;
const hotels: Hotel[] = [];
beforeAll(async () => {
  hub = await startTestHub();
});
afterAll(async () => {
  await hub.stop();
  await Promise.all(hotels.map(({ receiver }) => receiver.close()));
});

async function hotel(options: Parameters<typeof openHotel>[1] = {}): Promise<Hotel> {
  const opened = await openHotel(hub, options);
  hotels.push(opened);
  return opened;
}

/** Answers one stay in its own way, and takes the others. */
const except =
  (number: string, behave: Behaviour): Behaviour =>
  (request, res, index) =>
    (toldOf(request).reservation_number === number ? behave : answering(200))(request, res, index);

const sentEntries = async ({ history }: Hotel, number: string): Promise<string[]> =>
  (await history(number)).filter((entry) => entry.startsWith('sent'));

test.each([
  [503, 'answered 503: the service is under maintenance'],
  [500, 'answered 500'],
  [401, 'answered 401'],
])('A35: after %i the stay waits for the next run, and has no entry in its history', async (status, error) => {
  const open = await hotel();
  const { stay, run, receiver, explain, numbers } = open;
  const troubled = await stay();
  const fine = await stay();
  receiver.answer(except(troubled, answering(status, 'whatever it says')));
  expect(await run()).toMatchObject({ sent: 1, failed: 1, skipped: 0, stopped: false, reason: null });
  expect(await sentEntries(open, troubled)).toEqual([]);
  expect(await explain(troubled)).toMatchObject({ willSend: true, lastAttempt: { status, error } });
  receiver.answer(answering(200));
  expect(await run()).toMatchObject({ sent: 1, failed: 0 });
  expect(numbers().sort()).toEqual([troubled, troubled, fine].sort());
  expect(await sentEntries(open, troubled)).toHaveLength(1);
  expect(await explain(troubled)).toMatchObject({ willSend: false, lastAttempt: { status: 200, error: null } });
});

test('A35: after 400 that stay waits until its data change, and no other stay does', async () => {
  const open = await hotel();
  const { stay, run, receiver, explain, change, numbers } = open;
  const refused = await stay();
  const fine = await stay();
  receiver.answer(except(refused, answering(400)));
  expect(await run()).toMatchObject({ sent: 1, failed: 1, stopped: false });
  receiver.answer(answering(200));
  expect(await run()).toMatchObject({ sent: 0, failed: 0, skipped: 1 });
  expect(await explain(refused)).toMatchObject({
    willSend: false,
    lastAttempt: { status: 400, error: 'answered 400: the data of the stay are not accepted' },
    rules: expect.arrayContaining([
      {
        rule: 'notRefusedUnchanged',
        value: expect.stringMatching(/^refused .*, unchanged since$/) as string,
        holds: false,
      },
    ]) as object[],
  });
  await change(refused, { guest: { city: 'Elsewhere' }, booking: { service: 'Nothing that is sent' } });
  expect(await run()).toMatchObject({ sent: 0, skipped: 1 });
  await change(refused, { guest: { email: 'mended@example.org' } });
  expect((await explain(refused)).willSend).toBe(true);
  expect(await run()).toMatchObject({ sent: 1, skipped: 0 });
  expect(numbers()).toEqual(expect.arrayContaining([refused, fine, refused]));
  expect(receiver.requests).toHaveLength(3);
});

test.each([
  [403, 'answered 403: the access key is not accepted'],
  [404, 'answered 404: the hotel id is not known there'],
])(
  'A35: %i stops the feed until it is saved as active again; what was checked out meanwhile is sent then',
  async (status, why) => {
    const open = await hotel();
    const { stay, run, receiver, read, update, explain, owner } = open;
    const first = await stay();
    receiver.answer(answering(status));
    expect(await run()).toMatchObject({ sent: 0, failed: 1, stopped: true, reason: `stopped: ${why}` });
    expect(await read()).toMatchObject({ active: true, stoppedReason: why, nextRunAt: null });
    expect(hub.logged).toContainEqual({
      level: 'warn',
      message: 'guest-feed.stopped',
      fields: { part: 'feeds', ownerId: owner.id, feedId: open.feed.id, status },
    });
    const meanwhile = await stay();
    receiver.answer(answering(200));
    expect(await run()).toMatchObject({ sent: 0, failed: 0, stopped: true, reason: `stopped: ${why}` });
    expect(receiver.requests).toHaveLength(1);
    expect(await explain(meanwhile)).toMatchObject({
      willSend: false,
      nextRunAt: null,
      rules: expect.arrayContaining([{ rule: 'notStopped', value: why, holds: false }]) as object[],
    });
    expect((await update({ accessKey: 'a-new-key' })).guestFeed?.stoppedReason).toBe(why); // saving alone starts nothing
    const started = await update({ active: true });
    expect(started.guestFeed).toMatchObject({ stoppedReason: null, nextRunAt: expect.any(String) as string });
    expect(await run()).toMatchObject({ sent: 2 });
    expect(receiver.requests.at(-1)!.headers['x-ca-auth']).toBe('a-new-key');
    expect(new Set(receiver.requests.map((request) => toldOf(request).reservation_number))).toEqual(
      new Set([first, meanwhile]),
    );
  },
);

test('A35: 403 ends the run at once: of many stays only those under way were tried', async () => {
  const { stays, run, receiver } = await hotel();
  await stays(12);
  receiver.answer(answering(403));
  const ended = await run();
  expect(ended.stopped).toBe(true);
  expect(ended.failed).toBeGreaterThan(0);
  expect(ended.failed).toBeLessThanOrEqual(8); // the four under way, and those begun before the first was noted
  expect(receiver.requests).toHaveLength(ended.failed);
});

test('A35: an answer to old settings does not stop a feed that has new ones', async () => {
  const { stay, run, receiver, update, read } = await hotel();
  await stay();
  let hold: () => void = () => undefined;
  receiver.answer((_request, res) => void (hold = () => res.writeHead(403).end()));
  const running = run();
  await receiver.until((requests) => requests.length === 1);
  await update({ accessKey: 'a-better-key', active: true });
  receiver.answer(answering(200));
  hold();
  expect(await running).toMatchObject({ failed: 1, stopped: false });
  expect(await read()).toMatchObject({ stoppedReason: null });
  expect(await run()).toMatchObject({ sent: 1 });
});

test('A35: no answer in time is a failure; the stay waits for the next run', async () => {
  const open = await hotel();
  const { stay, receiver, explain, run, owner, feed } = open;
  const number = await stay();
  receiver.answer(() => undefined);
  const impatient = new GuestFeedRunner(hub.hub, { deadlineMs: 200 });
  expect(await impatient.runNow(owner.id, feed.id)).toMatchObject({ sent: 0, failed: 1, stopped: false });
  expect(await explain(number)).toMatchObject({
    willSend: true,
    lastAttempt: { status: null, error: 'timed out after 0.2 s' },
  });
  receiver.answer(answering(200));
  expect(await run()).toMatchObject({ sent: 1 });
  expect(await sentEntries(open, number)).toHaveLength(1);
});

test('A35: a redirect is not followed, and no success', async () => {
  const other = await startReceiver(answering(200));
  const { stay, receiver, explain, run } = await hotel();
  const number = await stay();
  receiver.answer(answering(307, '', { location: other.url }));
  expect(await run()).toMatchObject({ sent: 0, failed: 1 });
  expect(await explain(number)).toMatchObject({ willSend: true, lastAttempt: { status: 307, error: 'answered 307' } });
  expect(other.requests).toHaveLength(0);
  await other.close();
});

test('A35: what says 200 has taken the stay, even when the rest of its answer breaks off', async () => {
  const open = await hotel();
  const number = await open.stay();
  open.receiver.answer((_request, res) => {
    res.writeHead(200, { 'content-length': '1000' });
    res.write('half of');
    res.socket?.end();
  });
  expect(await open.run()).toMatchObject({ sent: 1, failed: 0 });
  expect(await open.run()).toMatchObject({ sent: 0 });
  expect(await sentEntries(open, number)).toHaveLength(1);
});

test('A35: twenty failures in a row end the run: a service that is down is not asked for every stay', async () => {
  const { stays, run, receiver } = await hotel();
  await stays(28);
  receiver.answer(answering(503));
  const ended = await run();
  expect(ended.reason).toMatch(/^20 requests in a row failed, the last one: answered 503/);
  expect(ended.failed).toBeGreaterThanOrEqual(20);
  expect(ended.failed).toBeLessThan(28);
  receiver.answer(answering(200));
  expect(await run()).toMatchObject({ sent: 28, failed: 0, stopped: false });
});

test('B.9: an address that is not allowed is refused when saving, and gets no request when the operator closes it later', async () => {
  const open = await hotel();
  const number = await open.stay();
  const closed = await startTestHub({
    clone: hub.clone,
    env: { WEBHOOK_ALLOW_CIDRS: '10.0.0.0/8', STAMDATA_ROLES: 'api' },
  });
  const ask = 'mutation ($id: ID!) { runGuestFeed(id: $id) { sent failed } }';
  const answer = await closed.request(ask, { id: open.feed.id }, { key: open.owner.key });
  expect(answer.data).toEqual({ runGuestFeed: { sent: 0, failed: 1 } });
  expect(await open.explain(number)).toMatchObject({ lastAttempt: { status: null, error: 'address not allowed' } });
  await closed.stop();
  expect(open.receiver.requests).toHaveLength(0);
  for (const baseUrl of ['http://169.254.169.254/latest', 'http://localhost/x', 'ftp://example.org', 'nowhere'])
    expect((await open.update({ baseUrl })).userErrors.map(({ field }) => field)).toContain('baseUrl');
});
