import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestHub, type TestHub, type TestOwner } from '../hub.js';
import { answering } from '../webhook/receiver.js';
import { accessKey, createFeed, hotelId, openHotel, updateFeed, type Hotel } from './hotel.js';

let hub: TestHub;
let owner: TestOwner;
const hotels: Hotel[] = [];
beforeAll(async () => {
  hub = await startTestHub();
  owner = await hub.owner(undefined, { guestFeedsActive: true });
});
afterAll(async () => {
  await hub.stop();
  await Promise.all(hotels.map(({ receiver }) => receiver.close()));
});

async function hotel(): Promise<Hotel> {
  const opened = await openHotel(hub);
  hotels.push(opened);
  return opened;
}

const good = { name: 'Reviews', baseUrl: 'https://reviews.example.org/guests', hotelId, accessKey };

test('C1, C2, C4: a new feed is off, comes once a day, looks back no day, and shows only that credentials are set', async () => {
  const { guestFeed, userErrors } = await createFeed(owner, good);
  expect(userErrors).toEqual([]);
  expect(guestFeed).toMatchObject({
    ...{ kind: 'CUSTOMER_ALLIANCE', name: 'Reviews', baseUrl: good.baseUrl, schedule: '0 3 * * *', active: false },
    ...{
      lookBackDays: 0,
      activatedAt: null,
      nextRunAt: null,
      stoppedReason: null,
      hotelIdSet: true,
      accessKeySet: true,
    },
  });
});

test.each([
  ['name', { name: ' ' }, 'REQUIRED'],
  ['name', { name: 'x'.repeat(101) }, 'TOO_LONG'],
  ['name', { name: 'a\u0000b' }, 'INVALID'],
  ['baseUrl', { baseUrl: 'reviews.example.org' }, 'INVALID'],
  ['baseUrl', { baseUrl: 'https://user:secret@example.org/' }, 'INVALID'],
  ['hotelId', { hotelId: '' }, 'REQUIRED'],
  ['hotelId', { hotelId: 'x'.repeat(101) }, 'TOO_LONG'],
  ['accessKey', { accessKey: '  ' }, 'REQUIRED'],
  ['accessKey', { accessKey: 'x'.repeat(256) }, 'TOO_LONG'],
  ['accessKey', { accessKey: 'key\r\nx-other: 1' }, 'INVALID'],
  ['accessKey', { accessKey: 'schlüssel' }, 'INVALID'],
  ['schedule', { schedule: 'daily' }, 'INVALID'],
  ['schedule', { schedule: '' }, 'INVALID'],
  ['lookBackDays', { lookBackDays: -1 }, 'OUT_OF_RANGE'],
  ['lookBackDays', { lookBackDays: 366 }, 'OUT_OF_RANGE'],
])('C2, C4, A37: a wrong %s is told by its field: %j', async (field, wrong, code) => {
  const { guestFeed, userErrors } = await createFeed(owner, { ...good, ...wrong });
  expect(guestFeed).toBeNull();
  expect(userErrors).toMatchObject([{ field, code }]);
});

test('api 3: all problems are told at once', async () => {
  const { userErrors } = await createFeed(owner, {
    ...{ name: '', baseUrl: 'x', hotelId: '', accessKey: '', schedule: 'x', lookBackDays: -1 },
  });
  expect(userErrors.map(({ field }) => field).sort()).toEqual(
    ['accessKey', 'baseUrl', 'hotelId', 'lookBackDays', 'name', 'schedule'].sort(),
  );
});

test('api 2: what an update leaves out stays, null restores the default, an empty credential keeps the stored one', async () => {
  const { update, stay, run, receiver } = await hotel();
  await update({ name: 'Renamed', schedule: '15 4 * * *', lookBackDays: 7 });
  expect((await update({ name: 'Again' })).guestFeed).toMatchObject({
    ...{ name: 'Again', schedule: '15 4 * * *', lookBackDays: 7, active: true },
  });
  expect((await update({ schedule: null, lookBackDays: null, active: null })).guestFeed).toMatchObject({
    ...{ schedule: '0 3 * * *', lookBackDays: 0, active: false },
  });
  await update({ active: true, accessKey: 'second-key' });
  await stay();
  await run();
  expect(receiver.requests[0]!.headers['x-ca-auth']).toBe('second-key');
  expect(JSON.parse(receiver.requests[0]!.body)).toMatchObject({ hotel_id: hotelId });
});

test('C2: stored credentials are not sent elsewhere by somebody who cannot see them', async () => {
  const { update, receiver } = await hotel();
  const elsewhere = receiver.url.replace('127.0.0.1', '127.0.0.2');
  const refused = await update({ baseUrl: elsewhere });
  expect(refused.guestFeed).toBeNull();
  expect(refused.userErrors).toMatchObject([
    { field: 'hotelId', code: 'REQUIRED' },
    { field: 'accessKey', code: 'REQUIRED' },
  ]);
  expect((await update({ baseUrl: `${receiver.url}/other/path` })).userErrors).toEqual([]);
  expect((await update({ baseUrl: elsewhere, hotelId: 'own', accessKey: 'own' })).userErrors).toEqual([]);
});

test('C2: neither hotel id nor access key is in the database in the clear, in a log line or in an answer', async () => {
  const { stay, run, receiver, explain, read, update, owner: own } = await hotel();
  const number = await stay();
  const echo = `wrong ${hotelId} ${accessKey}`;
  receiver.answer(answering(400, echo, { 'x-echo': echo }));
  const answers: unknown[] = [await run(), await explain(number), await read(), await update({})];
  receiver.answer(answering(403, echo));
  answers.push(await run(), await update({ active: true }), await run());
  const tables = await hub.clone.sql<{ name: string }>(
    `SELECT c.oid::regclass::text AS name FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace`,
  );
  expect(tables.length).toBeGreaterThan(20);
  const forms = [hotelId, accessKey].flatMap((text) => [text, Buffer.from(text).toString('hex')]);
  for (const { name } of tables) {
    const rows = JSON.stringify(await hub.clone.sql(`SELECT t::text FROM ${name} t`));
    for (const form of forms) expect(rows.includes(form), `${name} has ${form}`).toBe(false);
  }
  const said = JSON.stringify([answers, hub.logged]);
  for (const form of forms) expect(said).not.toContain(form);
  const sealed = await hub.clone.sql('SELECT name FROM guest_feed_secret WHERE owner_id = $1 ORDER BY name', [own.id]);
  expect(sealed).toEqual([{ name: 'accessKey' }, { name: 'hotelId' }]);
});

test('C9: an explanation tells nothing of the guest but what is missing', async () => {
  const { stay, explain } = await hotel();
  const number = await stay({ guest: { name: 'Ottilie Discreet', email: 'ottilie@discreet.example' } });
  expect(JSON.stringify(await explain(` ${number} `))).not.toMatch(/ottilie|discreet/i);
});

test("api 3: an unknown feed or booking, and another owner's, are told alike; runs come in pages of up to 100", async () => {
  const mine = await hotel();
  const theirs = await hotel();
  const number = await theirs.stay();
  const explain = 'query ($f: ID!, $n: String!) { explainGuestFeed(feedId: $f, bookingNumber: $n) { willSend } }';
  const asked = async (f: string, n: string) =>
    (await hub.request(explain, { f, n }, { key: mine.owner.key })).errors?.map(({ message, extensions }) => [
      message,
      extensions.code,
    ]);
  expect(await asked(theirs.feed.id, number)).toEqual(await asked('987654321', number));
  expect(await asked(mine.feed.id, 'STAY-nobody\u0000')).toEqual([
    ['invalid bookingNumber (no such booking)', 'BAD_USER_INPUT'],
  ]);
  const run = await hub.request('mutation { runGuestFeed(id: "x") { id } }', {}, { key: mine.owner.key });
  expect(run.errors?.[0]).toMatchObject({ message: 'invalid id (no such id)', extensions: { code: 'BAD_USER_INPUT' } });
  expect((await updateFeed(mine.owner, theirs.feed.id, good)).userErrors).toMatchObject([{ code: 'NOT_FOUND' }]);
  const many = await hub.request('{ guestFeeds { runs(first: 101) { id } } }', {}, { key: mine.owner.key });
  expect(many.errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  for (let i = 0; i < 3; i++) await mine.run();
  const newest = await mine.owner.gql<{ guestFeeds: { runs: { id: string }[] }[] }>(
    '{ guestFeeds { runs(first: 2) { id } } }',
  );
  const ids = newest.guestFeeds[0]!.runs.map(({ id }) => Number(id));
  expect(ids).toEqual([...ids].sort((a, b) => b - a));
  expect(ids).toHaveLength(2);
});

test('B.9, C2: an owner can have 20 feeds; deleting one takes its runs and credentials along and makes room', async () => {
  const crowded = await hub.owner();
  for (let i = 0; i < 20; i++) expect((await createFeed(crowded, { ...good, name: `F${i}` })).userErrors).toEqual([]);
  expect((await createFeed(crowded, good)).userErrors).toMatchObject([{ field: null, code: 'LIMIT_EXCEEDED' }]);
  const { guestFeeds } = await crowded.gql<{ guestFeeds: { id: string; name: string }[] }>(
    '{ guestFeeds { id name } }',
  );
  expect(guestFeeds.map(({ name }) => name)).toEqual(Array.from({ length: 20 }, (_, i) => `F${i}`));
  const id = guestFeeds[3]!.id;
  await crowded.gql('mutation ($id: ID!) { runGuestFeed(id: $id) { id } }', { id });
  const gone = 'mutation ($id: ID!) { deleteGuestFeed(id: $id) { deletedId userErrors { code } } }';
  expect(await crowded.gql(gone, { id })).toEqual({ deleteGuestFeed: { deletedId: id, userErrors: [] } });
  expect(await crowded.gql(gone, { id })).toMatchObject({ deleteGuestFeed: { userErrors: [{ code: 'NOT_FOUND' }] } });
  expect(await hub.clone.sql('SELECT FROM guest_feed_run WHERE feed_id = $1', [id])).toEqual([]);
  expect(await hub.clone.sql('SELECT FROM guest_feed_secret WHERE feed_id = $1', [id])).toEqual([]);
  expect((await createFeed(crowded, good)).userErrors).toEqual([]);
});

test('C8: a feed is not deleted while a run of it is under way', async () => {
  const { stay, run, receiver, owner: own, feed } = await hotel();
  await stay();
  let answer: () => void = () => undefined;
  receiver.answer((_request, res) => void (answer = () => res.writeHead(200).end()));
  const running = run();
  await receiver.until((requests) => requests.length === 1);
  const gone = 'mutation ($id: ID!) { deleteGuestFeed(id: $id) { deletedId userErrors { code } } }';
  expect(await own.gql(gone, { id: feed.id })).toMatchObject({
    deleteGuestFeed: { userErrors: [{ code: 'IN_PROGRESS' }] },
  });
  await receiver.until(() => true);
  answer();
  expect(await running).toMatchObject({ sent: 1 });
  expect(await own.gql(gone, { id: feed.id })).toMatchObject({ deleteGuestFeed: { deletedId: feed.id } });
});
