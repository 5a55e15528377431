import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cloneDatabase, type Clone } from '../database-clone.js';
import { adminKey, testSecret } from '../hub.js';
import { endStarted } from '../process/command.js';
import { ask } from './ask.js';
import type { BrokenCopy } from './broken-copy.js';
import { checkFeed } from './check-feed.js';
import { readCommitted } from './committed.js';
import { DeliveryLedger } from './delivery-ledger.js';
import { Fleet } from './fleet.js';
import { hasty, hastyBuild } from './hasty-build.js';
import { Random } from './random.js';

const seconds = Number(process.env.STAMDATA_FAULT_SECONDS ?? 4);
const long = process.env.STAMDATA_FAULT_SECONDS !== undefined;
/** In requests of `rows`; after one in `taggedOneIn` its customers change once more. */
const size = long
  ? {
      customers: 1_000 * Math.min(100, Math.round(seconds / 6)),
      rows: 1_000,
      taggedOneIn: 5,
      strikeEveryMs: 6_000,
      workers: 3,
    }
  : { customers: 300, rows: 20, taggedOneIn: 1, strikeEveryMs: 500, workers: 2 };
/** Of the whole, that the clients take; in the rest the hubs are killed while they deliver. */
const clientsShare = 0.7;
const clients = 2;
const atOnce = 250;
const window = 256;
/** A lease that nobody gave back is over, and what is left is sent. */
const settleMs = 60_000;
const endpoints = [
  // One whose worker dies is served again half a minute later, so it is sent no more than it can make up for in time.
  { path: '/whole', shards: 1, maxInFlight: long ? 32 : 4, reasons: ['TAG'] },
  { path: '/shards', shards: 8, maxInFlight: 32, reasons: null },
];
const ownerCode = 'KILLS';

let clone: Clone;
let build: BrokenCopy;
let fleet: Fleet;
let tagId: string;
/** Not at once, so that whoever is killed leaves something that is not answered. */
const ledger = new DeliveryLedger((_arrival, res) => void setTimeout(() => res.writeHead(204).end(), 15));
beforeAll(async () => {
  clone = await cloneDatabase();
  await ledger.start();
  build = hastyBuild('kills', long ? null : hasty);
  fleet = new Fleet({
    main: build.path('main.js'),
    env: {
      DATABASE_URL: clone.url,
      STAMDATA_SECRET: testSecret,
      STAMDATA_ADMIN_KEY: adminKey,
      STAMDATA_COST_PER_SECOND: '0',
      STAMDATA_SOCKETS_PER_KEY: '1000',
      WEBHOOK_ALLOW_HTTP: 'true',
      WEBHOOK_ALLOW_CIDRS: '127.0.0.0/8',
      PORT: '0',
      LOG_LEVEL: 'fatal',
    },
    roles: ['api', ...Array.from({ length: size.workers }, () => 'relay,webhooks')],
  });
  await fleet.start();
  const admin = new Client(new Random(1));
  await ask(
    fleet.url(new Random(1))!,
    { key: adminKey },
    'mutation ($input: OwnerInput!) { createOwner(input: $input) { userErrors { code } } }',
    { input: { code: ownerCode } },
  );
  ({ id: tagId } = (
    await admin.done<{ tag: { id: string } }>(
      'mutation { done: createTag(name: "Inserted") { tag { id } userErrors { code } } }',
      {},
    )
  ).tag);
  for (const { path, ...settings } of endpoints)
    await admin.done(
      'mutation ($input: WebhookEndpointInput!) { done: createWebhookEndpoint(input: $input) { userErrors { code } } }',
      { input: { url: ledger.url(path), ...settings, ratePerSecond: 10_000 } },
    );
}, 90_000);
afterAll(async () => {
  await fleet?.stop();
  await endStarted();
  build?.remove();
  await ledger.stop();
  await clone?.drop();
}, 60_000);

test(
  'D 1: hubs and workers are killed during a bulk insert: every customer once, every change delivered, in order',
  { timeout: seconds * 1_000 + 5 * settleMs },
  async () => {
    const began = Date.now();
    const strikes = strikeUntil(began + seconds * 1_000);
    const requests = Array.from({ length: size.customers / size.rows }, (_, i) => i);
    const shares = Array.from({ length: clients }, (_, n) => requests.filter((i) => i % clients === n));
    const everyMs = (clientsShare * seconds * 1_000) / (requests.length / clients);
    const told = await Promise.all(shares.map((share, n) => insertAll(share, new Random(n + 2), began, everyMs)));
    await strikes;
    const lastKill = performance.now();
    await fleet.ready();
    await until(isSettled, 'the backlog is empty');
    const settledMs = performance.now() - lastKill;

    const committed = await readCommitted(clone.sql);
    expect(fleet.surprises).toEqual([]);
    expect(checkFeed(committed)).toEqual([]);
    // Every customer that a client was told of is there, and nobody else.
    expect(told.flat().sort()).toEqual(committed.customers.map(({ id }) => id).sort());
    expect(committed.customers).toHaveLength(size.customers);
    const kills = fleet.kills.ready + fleet.kills.starting;
    for (const { path, shards, reasons } of endpoints) {
      const wanted = committed.feed.filter((event) => !reasons || reasons.some((one) => event.reasons.includes(one)));
      expect(ledger.missing(path, wanted).slice(0, 5)).toEqual([]);
      expect(ledger.repeats(path)).toBeLessThanOrEqual(window * shards * kills);
    }
    expect(ledger.disorder()).toEqual([]);
    expect(ledger.overlaps).toEqual([]);
    const tagged = requests.filter((request) => request % size.taggedOneIn === 0).length;
    expect(committed.feed).toHaveLength(size.customers + tagged * size.rows);
    // There was something to survive: a machine that is too busy to start processes kills fewer.
    expect(kills).toBeGreaterThan((0.3 * seconds * 1_000) / size.strikeEveryMs);
    if (long)
      console.info(
        `${size.customers} customers in ${requests.length} requests, ${committed.feed.length} events, ${ledger.arrivals.length} deliveries, ` +
          `of them ${endpoints.map(({ path }) => `${ledger.repeats(path)} repeated to ${path}`).join(', ')}; ` +
          `${fleet.kills.ready} kills of ready and ${fleet.kills.starting} of starting processes; ` +
          `the backlog was empty ${Math.round(settledMs)} ms after the last kill`,
      );
  },
);

async function strikeUntil(end: number): Promise<void> {
  const random = new Random(42);
  while (Date.now() < end) {
    await sleep(size.strikeEveryMs);
    if (!random.chance(0.3) || !fleet.killServer(random)) fleet.killOther(random);
  }
}

/** Inserts its share of the customers and changes each once, evenly over the time. Gives the ids that it was told. */
async function insertAll(share: number[], random: Random, began: number, everyMs: number): Promise<string[]> {
  const client = new Client(random);
  const told: string[] = [];
  for (const [nth, request] of share.entries()) {
    await sleep(Math.max(0, began + nth * everyMs - Date.now()));
    const codes = Array.from({ length: size.rows }, (_, i) => `K-${request}-${i}`);
    const inserted = await client.done<{ results: { customerId: string }[] }>(
      `mutation ($input: BulkInsertCustomersInput!) { done: bulkInsertCustomers(input: $input) {
         results { customerId } userErrors { code } } }`,
      {
        input: {
          ...{ ownerCode, idempotencyKey: `request ${request}` },
          customers: codes.map((code) => ({ code, name: `Customer ${code}` })),
        },
      },
    );
    const ids = inserted.results.map(({ customerId }) => customerId);
    told.push(...ids);
    for (let i = 0; request % size.taggedOneIn === 0 && i < ids.length; i += atOnce)
      await client.done(
        'mutation ($tag: ID!, $ids: [ID!]!) { done: tagCustomers(tagId: $tag, customerIds: $ids) { userErrors { code } } }',
        { tag: tagId, ids: ids.slice(i, i + atOnce) },
      );
  }
  return told;
}

/** Asks any hub that is there until one answers: what it asks can be asked twice. */
class Client {
  constructor(private readonly random: Random) {}

  async done<Data extends object>(query: string, variables: object): Promise<Data> {
    for (;;) {
      const url = fleet.url(this.random);
      const reply = url && (await ask<{ done: Done }>(url, { key: adminKey, owner: ownerCode }, query, variables));
      if (reply && reply.kind === 'refused') throw new Error(JSON.stringify(reply));
      const done = reply && reply.kind === 'answer' ? reply.data.done : null;
      if (done?.userErrors.length === 0) return done as unknown as Data;
      if (done && done.userErrors.some(({ code }) => code !== 'IN_PROGRESS')) throw new Error(JSON.stringify(done));
      await sleep(50);
    }
  }
}

interface Done {
  userErrors: { code: string }[];
}

async function isSettled(): Promise<boolean> {
  const [left] = await clone.sql<{ any: boolean }>(
    `SELECT EXISTS (SELECT FROM outbox) OR EXISTS (SELECT FROM webhook_parked)
       OR EXISTS (SELECT FROM webhook_cursor c JOIN feed_head h USING (owner_id) WHERE c.acked_pos < h.last_pos) AS any`,
  );
  return !left!.any;
}

/** Waits until it is so; when it never comes, the checks say what is missing. */
async function until(holds: () => Promise<boolean>, what: string): Promise<void> {
  for (const deadline = Date.now() + settleMs; !(await holds()); await sleep(50))
    if (Date.now() > deadline) return console.error(`not so within ${settleMs} ms: ${what}`);
}
