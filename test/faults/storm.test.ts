import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { adminKey, testSecret } from '../hub.js';
import { endStarted } from '../process/command.js';
import { check } from './check.js';
import { readCommitted } from './committed.js';
import { Fleet } from './fleet.js';
import { startOwnPostgres, type OwnPostgres } from './own-postgres.js';
import { Puller } from './puller.js';
import { Random } from './random.js';
import { hasRead, lastOf, type Reader } from './reader.js';
import { settled } from './settled.js';
import { Subscriber } from './subscriber.js';
import { makeWorld, type World } from './world.js';
import { Writer } from './writer.js';

const seconds = Number(process.env.STAMDATA_FAULT_SECONDS ?? 6);
const size = { owners: 4, customers: 10, tags: 3 };
const writers = Array.from({ length: 8 }, (_, i) => `writer ${i}`);
const movers = writers.map((name) => `mover beside ${name}`);
/** Writes for the latecomer, should the storm have left it nothing. */
const caller = 'caller';
const strikeEveryMs = 400;
/** A server takes more than a second of a processor to come back, a relay a third of it. */
const serverEveryMs = 3_000;
const cutEveryMs = 1_000;
/** Two crashes of PostgreSQL in the short form, one every twenty seconds in the long one. */
const restartEveryMs = Math.min((seconds * 1_000) / 3, 20_000);

interface Storm {
  until: number;
  /** Crashes of PostgreSQL. */
  restarts: number;
  /** Connections that were cut. */
  cuts: number;
  /** Kills of processes that served. */
  servers: number;
}

let postgres: OwnPostgres;
let fleet: Fleet;
let world: World;
let keys: Map<string, string>;
beforeAll(async () => {
  postgres = await startOwnPostgres();
  fleet = new Fleet({
    env: {
      DATABASE_URL: postgres.url,
      STAMDATA_DATA_DIR: postgres.home,
      STAMDATA_SECRET: testSecret,
      STAMDATA_ADMIN_KEY: adminKey,
      STAMDATA_COST_PER_SECOND: '0',
      STAMDATA_SOCKETS_PER_KEY: '1000',
      PORT: '0',
      LOG_LEVEL: 'fatal',
    },
    // Who serves moves nothing, so every relay that is killed is one that was needed.
    roles: ['api', 'api,clock,webhooks,feeds', 'relay', 'relay', 'relay'],
  });
  await fleet.start();
  world = await makeWorld(fleet.url(new Random(1))!, adminKey, size);
  const names = [...writers, ...movers, caller, 'reader'];
  keys = new Map(await Promise.all(names.map(async (name) => [name, await world.key(name)] as const)));
}, 90_000);
afterAll(async () => {
  await fleet?.stop();
  await endStarted();
  await postgres?.stop();
}, 60_000);

test(
  'D1, D2, D3: hubs are killed and PostgreSQL crashes under load: nothing lost, nothing twice, all in order',
  { timeout: (seconds + 240) * 1_000 },
  async () => {
    const latecomer = makeLatecomer();
    const readers = [...makeReaders(), latecomer];
    for (const reader of readers) reader.start();
    const storm: Storm = { until: Date.now() + seconds * 1_000, restarts: 0, cuts: 0, servers: 0 };
    await Promise.all([
      ...writers.map((_, i) => write(i, storm.until)),
      ...[strike(storm), cutConnections(storm), restartPostgres(storm)],
    ]);
    await fleet.ready();
    const writer = new Writer(world, caller, keys.get(caller)!, readFrom);
    await settled(() => hasBegun(latecomer, writer));
    await settled(async () => (await postgres.sql('SELECT FROM outbox LIMIT 1')).length === 0);
    const committed = await readCommitted(postgres.sql);
    await settled(() => Promise.resolve(readers.every((reader) => hasRead(reader, committed))));
    await Promise.all(readers.map((reader) => reader.stop()));

    expect(fleet.surprises).toEqual([]);
    expect(check(committed, world.history, readers)).toEqual([]);
    // It was a storm, and not a calm in which nothing could go wrong.
    const { history } = world;
    expect(storm.restarts).toBeGreaterThanOrEqual(2);
    const { ready, starting } = fleet.kills;
    expect(ready + starting).toBeGreaterThan((0.6 * seconds * 1_000) / strikeEveryMs);
    expect(ready).toBeGreaterThan(seconds / 8);
    expect(storm.servers).toBeGreaterThan(0);
    expect(storm.cuts).toBeGreaterThan(0);
    expect(history.count('ok')).toBeGreaterThan(10);
    expect(history.count('fail')).toBeGreaterThan(0);
    for (const reader of readers) expect(reader.connections.length).toBeGreaterThan(2);
    if (process.env.STAMDATA_FAULT_SECONDS)
      console.info(
        `${seconds} s: ${history.count('ok')} writes acknowledged, ${history.count('fail')} failed, ${history.count('unknown')} unknown, ` +
          `${committed.feed.length} events, ${ready} kills of ready and ${starting} of starting processes (${storm.servers} of them served), ` +
          `${storm.cuts} connections cut, ${storm.restarts} restarts of PostgreSQL, ` +
          `${readers.reduce((sum, reader) => sum + reader.connections.length, 0)} readings`,
      );
  },
);

const readerKey = () => keys.get('reader')!;
const readerRandom = new Random(99);
const readFrom = () => fleet.url(readerRandom);
const leave = () => ({ ms: 200 + readerRandom.below(1_500) });

/** For every owner one who is pushed its feed from the start, and one who pulls. */
function makeReaders(): Reader[] {
  const key = readerKey();
  return [
    ...world.owners.map(
      (owner) => new Subscriber({ name: `reader of ${owner.code}`, owner, key, fromStart: true, url: readFrom, leave }),
    ),
    new Puller('puller', world.owners[1]!, key, readFrom),
  ];
}

/** One who begins somewhere, and stays for its first event: until then it has no cursor to come back with. */
function makeLatecomer(): Reader {
  const latecomer: Subscriber = new Subscriber({
    name: 'latecomer',
    owner: world.owners[0]!,
    key: readerKey(),
    fromStart: false,
    url: readFrom,
    leave: () => (lastOf(latecomer) ? leave() : { events: 1 }),
  });
  return latecomer;
}

/** Had every process died before the latecomer got its first event, the calm after the storm has one for it. */
async function hasBegun(latecomer: Reader, writer: Writer): Promise<boolean> {
  if (lastOf(latecomer)) return true;
  const [owner] = world.owners;
  await writer.rename(owner!, owner!.customers[0]!);
  return false;
}

async function write(index: number, until: number): Promise<void> {
  const random = new Random(index + 1);
  const url = () => fleet.url(random);
  const [writer, mover] = [writers[index]!, movers[index]!].map(
    (name) => new Writer(world, name, keys.get(name)!, url),
  );
  while (Date.now() < until) {
    const owner = random.one(world.owners);
    const customer = random.one(owner.customers);
    const several = random.some(owner.customers, 1 + random.below(4));
    const die = random.next();
    const version = world.versions.get(customer) ?? 1;
    if (die < 0.1) await abort(writer!, owner, several, version, random);
    else if (die < 0.25) await writer!.rename(owner, customer, version);
    else if (die < 0.4) await writer!.rename(owner, customer);
    else if (die < 0.55) await writer!.consent(owner, customer, random.chance(0.5));
    else if (die < 0.7) await writer!.tag(owner, random.one(owner.tags), several, random.chance(0.5));
    else if (die < 0.78) await move(mover!, owner, several, random);
    else await writer!.orders(owner, several, { certain: random.chance(0.5) });
    await sleep(random.below(30));
  }
}

type OfWorld = World['owners'][number];

/** Writes that must leave nothing behind. */
async function abort(writer: Writer, owner: OfWorld, customers: string[], version: number, random: Random) {
  const way = random.below(3);
  if (way === 0) await writer.rename(owner, customers[0]!, version + 1_000_000);
  else await writer.orders(owner, customers, way === 1 ? { dryRun: true } : { spoiled: true });
}

/** Orders that belong to now this customer, now that one: their rows are locked crosswise. */
async function move(mover: Writer, owner: OfWorld, customers: string[], random: Random) {
  const shared = random.some(['SHARED1', 'SHARED2', 'SHARED3', 'SHARED4', 'SHARED5'], customers.length);
  await mover.orders(owner, customers.slice(0, shared.length), { shared });
}

/** A process every 0.4 s, in whatever it is doing; now and then one that serves. */
async function strike(storm: Storm): Promise<void> {
  const random = new Random(7);
  let nextServer = Date.now() + serverEveryMs / 2;
  for (let next = Date.now(); next < storm.until; next += strikeEveryMs) {
    await sleep(Math.max(0, next - Date.now()));
    if (Date.now() >= nextServer && fleet.killServer(random)) {
      storm.servers++;
      nextServer = Date.now() + serverEveryMs;
    } else fleet.killOther(random);
  }
}

/**
 * Some connections, in whatever statement they are. Young ones are left: a process whose start is cut off every time would
 * never be back.
 */
async function cutConnections(storm: Storm): Promise<void> {
  while (Date.now() < storm.until) {
    await sleep(cutEveryMs);
    const cut = postgres.sql(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
         AND backend_start < now() - interval '1 second' AND random() < 0.2`,
    );
    storm.cuts += await cut.then(
      (sessions) => sessions.length,
      () => 0, // PostgreSQL is not there just now
    );
  }
}

async function restartPostgres(storm: Storm): Promise<void> {
  for (let next = Date.now() + restartEveryMs; next < storm.until; next += restartEveryMs) {
    await sleep(Math.max(0, next - Date.now()));
    await postgres.restart();
    storm.restarts++;
  }
}
