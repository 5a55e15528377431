import { relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestHub, type TestHub, type TestOwner } from '../hub.js';
import { endStarted, root, type Command } from '../process/command.js';
import { makeCustomers, makeEndpoint, rename } from '../webhook/operator-desk.js';
import type { BrokenCopy } from './broken-copy.js';
import { DeliveryLedger } from './delivery-ledger.js';
import { hasty, hastyBuild } from './hasty-build.js';
import { startWebhookWorker } from './webhook-worker.js';

const seconds = Number(process.env.STAMDATA_FAULT_SECONDS ?? 0);
const long = seconds > 0;
const times = long ? null : hasty;
/** Far longer than the lease, as the design has it. */
const pauseMs = long ? 60_000 : 3_500;
const rounds = long ? Math.max(1, Math.floor(seconds / 90)) : 1;
/** For one step, on a machine that is too busy. */
const patienceMs = 60_000;

interface Worker {
  command: Command;
  url: string;
  /** What it tells receivers. */
  sender: string;
}

let hub: TestHub;
let owner: TestOwner;
let ledger: DeliveryLedger;
let builds: BrokenCopy[];
let workers: Worker[];
beforeAll(async () => {
  hub = await startTestHub({ env: { STAMDATA_ROLES: 'api,relay' } });
  owner = await hub.owner();
  ledger = new DeliveryLedger();
  await ledger.start();
  builds = ['one', 'other'].map((version) => hastyBuild(version, times));
  workers = await Promise.all(builds.map((build, i) => startWorker(build, ['one', 'other'][i]!)));
}, 90_000);
afterAll(async () => {
  for (const { command: worker } of workers ?? []) worker.child.kill('SIGCONT');
  await endStarted();
  for (const build of builds ?? []) build.remove();
  await ledger?.stop();
  await hub?.stop();
}, 60_000);

test(
  'D 7: a worker stands still in the middle of requests until another has taken over: what it writes then is fenced off',
  { timeout: 60_000 + rounds * (pauseMs + patienceMs) },
  async () => {
    const customers = await makeCustomers(owner, ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H']);
    const endpoint = await makeEndpoint(owner, { url: ledger.url('/hook') });
    await until(() => isDone(endpoint.id), 'all customers are known');
    for (let round = 1; round <= rounds; round++) {
      const fencedBefore = await Promise.all(workers.map(fencedWrites)); // one that stands still answers nothing
      const first = ledger.arrivals.length;
      ledger.answerBy(() => undefined);
      await tagAll(customers, `round ${round}`);
      await until(() => ledger.arrivals.length > first, 'a request is under way');
      const paused = workers.findIndex((worker) => worker.sender === ledger.arrivals[first]!.sender);
      const { command: stopped, sender } = workers[paused]!;
      stopped.child.kill('SIGSTOP');
      const pausedAt = performance.now();
      ledger.answerBy((_arrival, res) => void res.writeHead(204).end());
      for (const id of customers) await rename(owner, id, `Renamed in round ${round}`);
      await until(() => isDone(endpoint.id), 'the other worker has sent all there is');
      await sleep(Math.max(0, pauseMs - (performance.now() - pausedAt))); // past its lease, whatever the other one did
      const written = await writtenOf(endpoint.id);
      const resumed = ledger.arrivals.length;
      stopped.child.kill('SIGCONT');
      await until(async () => (await fencedWrites(workers[paused]!)) > fencedBefore[paused]!, 'its writes are fenced');

      expect(await writtenOf(endpoint.id)).toEqual(written);
      const late = ledger.arrivals.slice(resumed).filter((arrival) => arrival.sender === sender);
      for (const id of customers) expect(late.filter(({ customerId }) => customerId === id).length).toBeLessThan(2);
      // The other one sent all of it, also what the one that stands still had under way.
      const others = ledger.arrivals.slice(first, resumed).filter((arrival) => arrival.sender !== sender);
      for (const customerId of customers) expect(others.filter((a) => a.customerId === customerId)).toHaveLength(2);
      const shown = await hub.clone.sql<{ id: string; version: number; name: string }>(
        `SELECT customer_id AS id, version, body ->> 'name' AS name FROM customer_snapshot WHERE owner_id = $1`,
        [owner.id],
      );
      for (const { id, ...snapshot } of shown) expect(newestShown(id)).toEqual(snapshot);
    }
    expect(ledger.disorder()).toEqual([]);
  },
);

async function startWorker(build: BrokenCopy, version: string): Promise<Worker> {
  const started = await startWebhookWorker(hub, relative(root, build.path('main.js')));
  return { command: started, url: started.url, sender: `stamdata/${version}` };
}

/** One event of each customer, all at once. */
async function tagAll(customerIds: string[], name: string): Promise<void> {
  const { createTag } = await owner.gql<{ createTag: { tag: { id: string } } }>(
    'mutation ($name: String!) { createTag(name: $name) { tag { id } } }',
    { name },
  );
  await owner.gql(
    'mutation ($tag: ID!, $ids: [ID!]!) { tagCustomers(tagId: $tag, customerIds: $ids) { customerIds } }',
    { tag: createTag.tag.id, ids: customerIds },
  );
}

async function fencedWrites({ url }: Worker): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  return Number(/^stamdata_webhook_fenced_writes_total (\d+)$/m.exec(metrics)![1]);
}

const isDone = async (endpointId: string): Promise<boolean> => {
  const { behind, parked } = await writtenOf(endpointId);
  return behind === 0 && parked === 0;
};

/** What workers have written of an endpoint. */
async function writtenOf(endpointId: string) {
  const [written] = await hub.clone.sql<{ behind: number; acked: string; parked: number; attempts: number }>(
    `SELECT (h.last_pos - c.acked_pos)::int + (SELECT count(*)::int FROM outbox) AS behind, c.acked_pos AS acked,
       (SELECT count(*)::int FROM webhook_parked p WHERE p.endpoint_id = $1) AS parked,
       (SELECT count(*)::int FROM webhook_attempt a WHERE a.endpoint_id = $1) AS attempts
     FROM webhook_cursor c JOIN feed_head h ON h.owner_id = c.owner_id WHERE c.endpoint_id = $1`,
    [endpointId],
  );
  return written!;
}

/** What a receiver that keeps the highest version has of a customer. */
function newestShown(customerId: string) {
  const shown = ledger.arrivals.filter((arrival) => arrival.customerId === customerId).map((arrival) => arrival.shown!);
  return shown.reduce((a, b) => (b.version >= a.version ? b : a));
}

async function until(holds: () => boolean | Promise<boolean>, what: string): Promise<void> {
  for (const deadline = Date.now() + patienceMs; !(await holds()); await sleep(10))
    if (Date.now() > deadline) throw new Error(`still not so: ${what}`);
}
