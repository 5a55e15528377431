import { afterAll, describe, expect, test } from 'vitest';
import { cloneDatabase } from '../database-clone.js';
import { eventually } from '../feed/events.js';
import { adminKey, startTestHub, testSecret } from '../hub.js';
import { endStarted } from '../process/command.js';
import { breakCopy, type BrokenCopy } from './broken-copy.js';
import { check } from './check.js';
import { readCommitted, type AskSql } from './committed.js';
import { Fleet } from './fleet.js';
import { knownFaults } from './known-faults.js';
import { Random } from './random.js';
import { lastOf } from './reader.js';
import { situations } from './situations.js';
import { setStage } from './stage.js';
import { Subscriber } from './subscriber.js';
import { makeWorld } from './world.js';
import { Writer } from './writer.js';

// Each fault is built into a copy of the product, which then meets the situation that brings it out. The product itself goes
// through the same: a checker that complains of everything would be found out there.
const patienceMs = 60_000;
const customers = 30;
const builds: BrokenCopy[] = [breakCopy([])];
const [sound] = builds;
afterAll(async () => {
  await endStarted();
  for (const build of builds) build.remove();
});

function broken(fault: keyof typeof knownFaults): BrokenCopy {
  const build = breakCopy(knownFaults[fault]);
  builds.push(build);
  return build;
}

describe.each(situations)('$fault', ({ fault, told, meet }) => {
  const faultsOf = async (build: BrokenCopy): Promise<string[]> => {
    const stage = await setStage(build, customers);
    try {
      await meet(stage);
      await stage.settle();
      return check(await readCommitted(stage.hub.clone.sql), stage.world.history, []);
    } finally {
      await stage.end();
    }
  };

  test('D 25: the checker tells of it', { timeout: patienceMs }, async () => {
    expect(await faultsOf(broken(fault))).toContainEqual(expect.stringMatching(told));
  });

  test('D1, D2: the product does not have it', { timeout: patienceMs }, async () => {
    expect(await faultsOf(sound!)).toEqual([]);
  });
});

describe('acknowledged before it was sent', () => {
  test('D 25: the checker tells of it', { timeout: patienceMs }, async () => {
    const clone = await cloneDatabase();
    const fleet = new Fleet({
      main: broken('acknowledged before it was sent').path('main.js'),
      env: {
        DATABASE_URL: clone.url,
        STAMDATA_ADMIN_KEY: adminKey,
        STAMDATA_COST_PER_SECOND: '0',
        STAMDATA_SOCKETS_PER_KEY: '1000',
        STAMDATA_SECRET: testSecret,
        STAMDATA_GRAPHIQL: 'false',
        PORT: '0',
      },
      roles: ['api,relay'],
    });
    try {
      await fleet.start();
      const faults = await leaveInTheMiddle(fleet.url(new Random(1))!, clone.sql);
      expect(faults).toContainEqual(
        expect.stringMatching(/^reader: event 8 is customer \d+ v1, it got customer \d+ v1 \(30 of 31\)$/),
      );
    } finally {
      await fleet.stop();
      await clone.drop();
    }
  });

  test('D3: the product does not have it', { timeout: patienceMs }, async () => {
    const hub = await startTestHub();
    try {
      expect(await leaveInTheMiddle(hub.url, hub.clone.sql)).toEqual([]);
    } finally {
      await hub.stop();
    }
  });
});

/** A reader leaves after seven of thirty events that were moved at once, and comes back for the others and one more. */
async function leaveInTheMiddle(url: string, sql: AskSql): Promise<string[]> {
  const world = await makeWorld(url, adminKey, { owners: 1, customers, tags: 0 });
  const [owner] = world.owners;
  await eventually(async () => (await readCommitted(sql)).outbox === 0, 'all customers are in the feed');
  let connections = 0;
  const reader = new Subscriber({
    name: 'reader',
    owner: owner!,
    key: await world.key('reader'),
    fromStart: true,
    url: () => url,
    leave: () => (connections++ === 0 ? { events: 7 } : {}),
  });
  reader.start();
  try {
    await eventually(() => connections === 2, 'the reader has come back');
    const writer = new Writer(world, 'writer', await world.key('writer'), () => url);
    await writer.rename(owner!, owner!.customers[0]!);
    await eventually(() => lastOf(reader)?.version === 2, 'the reader has got what came last');
  } finally {
    await reader.stop();
  }
  return check(await readCommitted(sql), world.history, [reader]);
}
