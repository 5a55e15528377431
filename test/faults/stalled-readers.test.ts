import { afterAll, beforeAll, expect, test } from 'vitest';
import { cloneDatabase, type Clone } from '../database-clone.js';
import { eventually } from '../feed/events.js';
import { adminKey, testSecret } from '../hub.js';
import { command, endStarted, type Command } from '../process/command.js';
import { checkFeed } from './check-feed.js';
import { readCommitted } from './committed.js';
import { Crowd } from './crowd.js';
import type { Audience, AudienceReport } from './crowd-process.js';
import { firstFields } from './feed-ledger.js';
import { MemoryWatch } from './resident-memory.js';
import { makeWorld, type World } from './world.js';

const long = process.env.STAMDATA_FAULT_SECONDS !== undefined;
/**
 * The long form has all the sockets and changes of D 11. If all of them followed everything it would be fifty million
 * messages, a quarter of an hour of two processors: a hundred do, the others follow a tenth of the customers each.
 */
const size = long
  ? { sockets: 1_000, stalled: 10, everything: 100, changes: 50_000, fillers: 16, stallSeconds: 60, minutes: 15 }
  : { sockets: 200, stalled: 4, everything: 40, changes: 2_000, fillers: 40, stallSeconds: 2, minutes: 1 };
const patienceMs = size.minutes * 60_000;
const customers = 500;
const atOnce = 250;
const groups = 10;
/** Of changes to all customers, before memory is looked at. */
const warmUpRounds = 2;

/** So long, and a little less, a connection that is being closed waits for a client that does not read. */
const closingMs = 25_000;
const mostGrowthBytes = 200_000_000;

const subscription = (fields: string) => `subscription ($after: String, $customers: [ID!]) {
  customerSnapshots(after: $after, customers: $customers) { ${fields} } }`;
const small = subscription(firstFields);
/** Many kilobytes an event, so that the kernel's buffers do not hold all that a stalled reader is owed. */
const large = subscription(`${firstFields} snapshot { name tags { name value } }`);

let clone: Clone;
let hub: Command;
let url: string;
let world: World;
let crowd: Crowd;
let said = '';
beforeAll(async () => {
  clone = await cloneDatabase();
  hub = command('dist/src/main.js', [], {
    DATABASE_URL: clone.url,
    STAMDATA_SECRET: testSecret,
    STAMDATA_ADMIN_KEY: adminKey,
    STAMDATA_COST_PER_SECOND: '0',
    STAMDATA_SOCKETS_PER_KEY: '1000',
    STAMDATA_STALL_SECONDS: String(size.stallSeconds),
    PORT: '0',
    LOG_LEVEL: 'warn',
  });
  hub.child.stderr!.on('data', (text: Buffer) => (said += text.toString()));
  crowd = new Crowd();
  url = /http:\S+/.exec(await hub.line(/^stamdata is ready at /))![0];
  world = await makeWorld(url, adminKey, { owners: 1, customers, tags: 1 });
  // names of fifty characters of four bytes
  for (let i = 0; i < size.fillers; i++)
    await request('mutation ($name: String!) { createTag(name: $name) { tag { id } } }', {
      name: `${'🦎'.repeat(48)}${i}`,
    });
  await eventually(async () => (await clone.sql('SELECT FROM outbox')).length === 0, 'the customers are in the feed');
}, 120_000);
afterAll(async () => {
  await crowd?.end();
  await endStarted();
  await clone?.drop();
}, 120_000);

test(
  'D11: some readers stall while thousands of changes go to all: memory stays, nobody loses any, the stalled go on at their cursor',
  { timeout: 3 * patienceMs },
  async () => {
    const { feedCursor } = await request<{ feedCursor: string }>('{ feedCursor }');
    const audiences = makeAudiences(world.owners[0]!.customers);
    await crowd.gather({
      url: `${url.replace('http', 'ws')}/graphql`,
      key: await world.key('crowd'),
      start: feedCursor,
      audiences,
    });
    const changed = { rounds: 0 };
    const have = (audience: Audience, i: number) => crowd.reached[i] === sizeOf(audience) * changed.rounds;
    await change(changed, warmUpRounds);
    const arrived = () => audiences.every((audience, i) => audience.mayStall || have(audience, i));
    await crowd.until(arrived, 'everybody who reads has the first changes', patienceMs);

    await crowd.stall();
    const memory = new MemoryWatch(hub.child.pid!);
    const began = performance.now();
    try {
      const [written, stallCodes] = await Promise.all([
        change(changed, size.changes / customers).then(() => performance.now()),
        wakeWhenClosed(),
      ]);
      await crowd.until(() => audiences.every(have), 'everybody has all changes', patienceMs);
      const growth = memory.growth();
      const done = performance.now();
      const report = await crowd.report();
      if (long)
        console.info(
          `${size.sockets} sockets, ${size.changes} changes written in ${seconds(began, written)} s, ${messages(report)} messages in ` +
            `${seconds(began, done)} s, memory of the hub grew by ${growth === null ? '?' : Math.round(growth / 1e6)} MB`,
        );
      await checkReports(report, audiences, stallCodes);
      if (growth === null) console.warn('D11: how much memory a process uses is asked of Linux only: not checked here');
      else expect(growth).toBeLessThan(mostGrowthBytes);
    } finally {
      memory.stop();
    }
  },
);

/** All who stall, all who follow everything, and the rest, of which each group follows its share of the customers. */
function makeAudiences(ids: string[]): Audience[] {
  const rest = size.sockets - size.stalled - size.everything;
  return [
    { readers: size.stalled, query: large, customers: null, mayStall: true },
    { readers: size.everything, query: small, customers: null, mayStall: false },
    ...Array.from({ length: groups }, (_, group) => ({
      readers: Math.floor((rest + group) / groups),
      query: small,
      customers: ids.filter((_id, i) => i % groups === group),
      mayStall: false,
    })),
  ];
}

const sizeOf = (audience: Audience): number => audience.customers?.length ?? customers;

/** In every round each customer changes once: the tag is set on all or taken from all, many at a time. */
async function change(changed: { rounds: number }, rounds: number): Promise<void> {
  const [{ customers: ids, tags }] = world.owners as [World['owners'][number]];
  for (let round = 0; round < rounds; round++) {
    const field = changed.rounds % 2 === 0 ? 'tagCustomers' : 'untagCustomers';
    for (let i = 0; i < ids.length; i += atOnce)
      await request(
        `mutation ($tag: ID!, $ids: [ID!]!) { ${field}(tagId: $tag, customerIds: $ids) { userErrors { message } } }`,
        { tag: tags[0], ids: ids.slice(i, i + atOnce) },
      );
    changed.rounds++;
  }
}

/** The feed as it is committed is right, and each reader has its part of it, in order, nothing twice in a connection. */
async function checkReports(report: AudienceReport[], audiences: Audience[], stallCodes: number[]): Promise<void> {
  const committed = await readCommitted(clone.sql);
  expect(checkFeed(committed)).toEqual([]);
  const since = committed.feed.slice(customers); // behind their creation
  expect(since).toHaveLength(size.changes + warmUpRounds * customers);
  for (const [i, { events, stays, problems }] of report.entries()) {
    const { customers: only, readers, mayStall } = audiences[i]!;
    const wanted = since
      .filter(({ customerId }) => only === null || only.includes(customerId))
      .map(({ customerId, version }) => `${customerId}:${version}`);
    expect(problems).toEqual([]);
    expect(events.join()).toBe(wanted.join());
    expect(stays).toHaveLength(readers);
    for (const connections of stays) {
      expect(connections[0]!.from).toBe(mayStall ? warmUpRounds * customers : 0);
      expect(connections.at(-1)).toMatchObject({ to: wanted.length, code: null });
      expect(connections.length > 1).toBe(mayStall);
      for (const [n, { from }] of connections.slice(1).entries()) {
        const before = connections[n]!;
        expect(stallCodes).toContain(before.code);
        expect(from).toBeLessThanOrEqual(before.to); // no gap
        expect(from).toBeGreaterThan(before.from); // it was sent some
      }
    }
  }
}

/**
 * When the hub has closed all who stall they read on: what they were sent is still there for them, and why they were closed.
 * Gives the codes that they may be closed with.
 */
async function wakeWhenClosed(): Promise<number[]> {
  await crowd.until(() => stalls() > 0, 'one that stalls is closed', patienceMs);
  const firstClosed = performance.now();
  await crowd.until(() => stalls() >= size.stalled, 'those that stall are closed', patienceMs);
  crowd.wake();
  return performance.now() - firstClosed < closingMs ? [4413] : [4413, 1006]; // on a machine that is too busy
}

/** How many subscribers the hub says that it closed for stalling. */
const stalls = (): number => said.split('a subscriber stalled and was closed').length - 1;

const messages = (report: AudienceReport[]): number =>
  report.flatMap(({ stays }) => stays.flat()).reduce((sum, { from, to }) => sum + to - from, 0);

const seconds = (from: number, to: number): number => Math.round((to - from) / 1_000);

async function request<Data>(query: string, variables: object = {}): Promise<Data> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${adminKey}`,
      'stamdata-owner': 'FAULT0',
    },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = (await response.json()) as { data: Data; errors?: object[] };
  const refused = errors ?? Object.values(data as Record<string, { userErrors?: object[] }>)[0]?.userErrors ?? [];
  if (refused.length > 0) throw new Error(JSON.stringify(refused));
  return data;
}
