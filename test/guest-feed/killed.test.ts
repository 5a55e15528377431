import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestHub, testSecret, type TestHub } from '../hub.js';
import { command, endStarted } from '../process/command.js';
import { answering } from '../webhook/receiver.js';
import { openHotel } from './hotel.js';

let hub: TestHub;
beforeAll(async () => {
  hub = await startTestHub({ env: { STAMDATA_ROLES: 'api' } });
});
afterAll(async () => {
  await endStarted();
  await hub.stop();
});

test('A34: kill -9 in the middle of a run: the next process sends the rest, and every stay has one success', async () => {
  const open = await openHotel(hub);
  await open.stays(40);
  const env = {
    ...{
      DATABASE_URL: hub.clone.url,
      STAMDATA_SECRET: testSecret,
      STAMDATA_ROLES: 'api',
      PORT: '0',
      LOG_LEVEL: 'error',
    },
    ...{ WEBHOOK_ALLOW_HTTP: 'true', WEBHOOK_ALLOW_CIDRS: '127.0.0.0/8' },
  };
  const { child, line, ended } = command('dist/src/main.js', [], env);
  const url = /http:\S+/.exec(await line(/^stamdata is ready at /))![0];
  open.receiver.answer((_request, res, index) => {
    if (index === 17) child.kill('SIGKILL');
    res.writeHead(200).end();
  });
  const asked = fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${open.owner.key}` },
    body: JSON.stringify({ query: `mutation { runGuestFeed(id: "${open.feed.id}") { sent } }` }),
  });
  await expect(asked).rejects.toThrow();
  await ended;
  const before = open.numbers().length;
  expect(before).toBeLessThan(40);
  open.receiver.answer(answering(200));
  // its lease would end by itself within 20 seconds
  await hub.clone.sql(`UPDATE guest_feed_run SET lease_until = '-infinity' WHERE finished_at IS NULL`);
  expect(await open.run()).toMatchObject({ sent: 40, failed: 0, stopped: false });
  const numbers = open.numbers();
  expect(new Set(numbers).size).toBe(40);
  expect(numbers.length - 40).toBeLessThanOrEqual(4); // those that were under way
  const entries = await hub.clone.sql<{ n: number }>(
    `SELECT count(*)::int AS n FROM booking_history WHERE owner_id = $1 AND event = 'sent' GROUP BY booking_id`,
    [open.owner.id],
  );
  expect(entries.map(({ n }) => n)).toEqual(Array.from({ length: 40 }, () => 1));
  await open.receiver.close();
});
