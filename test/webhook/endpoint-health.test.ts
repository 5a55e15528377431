import { expect, test } from 'vitest';
import type { Database } from '../../src/database/database.js';
import { startTestHub } from '../hub.js';
import { changeEndpoint, makeCustomers, makeEndpoint, operatorDesk, rename } from './operator-desk.js';
import { answering, dataOf } from './receiver.js';

const desk = operatorDesk();

interface Health {
  id: string;
  state: string;
  lag: number;
  lagSeconds: number;
  needsResync: boolean;
  parkedCount: number;
  deadCount: number;
  successRate: number | null;
  breaker: { state: string; failingSince: string | null; failures: number; nextProbeAt: string | null };
  lastError: { at: string; status: number | null; message: string } | null;
  lastDelivery: { customerId: string; state: string; status: number } | null;
  failingSince: string | null;
  failingReason: string | null;
}
const list = `{ webhookEndpoints { id state lag lagSeconds needsResync parkedCount deadCount successRate
  breaker { state failingSince failures nextProbeAt } lastError { at status message }
  lastDelivery { customerId state status } failingSince failingReason } }`;
type Owner = Awaited<ReturnType<typeof desk.owner>>;
const healthOf = async (owner: Owner) => (await owner.gql<{ webhookEndpoints: Health[] }>(list)).webhookEndpoints;

test('issue 5.2: an endpoint that was sent nothing yet has no figures but zero, one that accepts everything none to worry', async () => {
  const owner = await desk.owner();
  await makeEndpoint(owner, await desk.receiver());
  const untouched = {
    ...{ state: 'ACTIVE', lag: 0, lagSeconds: 0, needsResync: false, parkedCount: 0, deadCount: 0 },
    ...{ breaker: { state: 'CLOSED', failingSince: null, failures: 0, nextProbeAt: null }, lastError: null },
    ...{ failingSince: null, failingReason: null },
  };
  expect(await healthOf(owner)).toMatchObject([{ ...untouched, successRate: null, lastDelivery: null }]);
  const customers = await makeCustomers(owner, ['A', 'B', 'C']);
  const waiting = await desk.eventually(async () => (await healthOf(owner)).find(({ lag }) => lag === 3));
  expect(waiting.lagSeconds).toBeGreaterThan(0);
  desk.dispatcher();
  const served = await desk.eventually(async () => (await healthOf(owner)).find(({ lag }) => lag === 0));
  expect(served).toMatchObject({ ...untouched, successRate: 1, lastDelivery: { state: 'SUCCEEDED', status: 204 } });
  expect(customers).toContain(served.lastDelivery!.customerId);
});

test('B.7: a receiver that fails shows as an open breaker with its next probe, lag, parked customers and the last error', async () => {
  const owner = await desk.owner();
  const receiver = await desk.receiver(answering(503, 'down for a while'));
  await makeEndpoint(owner, receiver, { maxInFlight: 1 });
  await makeCustomers(owner, ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H']);
  desk.dispatcher({ probeMs: [60_000, 60_000], retryScheduleMs: [60_000] });
  const down = await desk.eventually(async () =>
    (await healthOf(owner)).find(({ breaker, parkedCount }) => breaker.state === 'OPEN' && parkedCount === 5),
  );
  expect(down).toMatchObject({
    ...{ state: 'ACTIVE', lag: 3, deadCount: 0, successRate: 0, needsResync: false },
    ...{
      breaker: { failures: 5 },
      lastError: { status: 503, message: 'answered 503' },
      lastDelivery: { state: 'RETRYING' },
    },
  });
  expect(down.lagSeconds).toBeGreaterThan(0);
  expect(Date.parse(down.breaker.nextProbeAt!)).toBeGreaterThan(Date.parse(down.breaker.failingSince!));
  expect(Date.parse(down.lastError!.at)).toBeGreaterThanOrEqual(Date.parse(down.breaker.failingSince!));
});

test('B.7: dead letters are counted, listed page by page, and gone from the list once a change of the customer is accepted', async () => {
  const owner = await desk.owner();
  const refused = new Set<string>();
  const receiver = await desk.receiver(
    (request, res) => void res.writeHead(refused.has(dataOf(request).customerId) ? 422 : 204).end(),
  );
  const { id } = await makeEndpoint(owner, receiver);
  const customers = await makeCustomers(owner, ['A', 'B', 'C', 'D']);
  for (const customer of customers.slice(1)) refused.add(customer);
  desk.dispatcher({ retryScheduleMs: [5, 5] });
  await desk.eventually(async () => (await healthOf(owner)).find(({ deadCount }) => deadCount === 3));
  const parked = (variables: object) =>
    owner.gql<{ webhookParked: Page }>(
      `query ($id: ID!, $state: ParkedState, $first: Int, $after: String) {
         webhookParked(endpointId: $id, state: $state, first: $first, after: $after) { totalCount
           pageInfo { hasNextPage endCursor }
           nodes { customerId state attempts nextAttemptAt diedAt since lastStatus lastError } } }`,
      { id, first: 2, ...variables },
    );
  const { webhookParked: page } = await parked({});
  expect(page).toMatchObject({ totalCount: 3, pageInfo: { hasNextPage: true } });
  expect(page.nodes.map(({ customerId }) => customerId)).toEqual(customers.slice(1, 3));
  expect(page.nodes[0]).toMatchObject({
    ...{ state: 'DEAD', attempts: 3, nextAttemptAt: null, lastStatus: 422, lastError: 'answered 422' },
    ...{ diedAt: expect.any(String) as string, since: expect.any(String) as string },
  });
  expect(page.nodes[0]!.since <= page.nodes[0]!.diedAt).toBe(true);
  const { webhookParked: rest } = await parked({ after: page.pageInfo.endCursor, state: 'DEAD' });
  expect(rest).toMatchObject({
    totalCount: 3,
    pageInfo: { hasNextPage: false },
    nodes: [{ customerId: customers[3] }],
  });
  expect((await parked({ state: 'RETRY' })).webhookParked).toMatchObject({ totalCount: 0, nodes: [] });
  refused.clear();
  for (const customer of customers.slice(1)) await rename(owner, customer, 'Another name');
  await desk.eventually(async () => (await healthOf(owner)).find(({ deadCount, lag }) => deadCount === 0 && lag === 0));
  expect((await parked({})).webhookParked.totalCount).toBe(0);
});

interface Page {
  totalCount: number;
  pageInfo: { hasNextPage: boolean; endCursor: string };
  nodes: { customerId: string; since: string; diedAt: string }[];
}

test('B.7: the success rate is of the attempts of the last 24 hours', async () => {
  const owner = await desk.owner();
  const receiver = await desk.receiver((_request, res, index) => void res.writeHead(index < 1 ? 400 : 204).end());
  const { id } = await makeEndpoint(owner, receiver, { maxInFlight: 1 });
  await desk.hub.clone.sql(
    `INSERT INTO webhook_tally (owner_id, endpoint_id, shard, hour, succeeded, failed)
     VALUES ($1, $2, 0, date_trunc('hour', now() - interval '25 hours', 'UTC'), 0, 900)`,
    [owner.id, id],
  );
  await makeCustomers(owner, ['A', 'B', 'C']);
  desk.dispatcher();
  const [health] = await desk.eventually(async () => {
    const found = await healthOf(owner);
    return found[0]!.lag === 0 && found[0]!.parkedCount === 0 && receiver.requests.length === 4 ? found : null;
  });
  expect(health!.successRate).toBe(0.75);
});

test('B.7: an endpoint that was off while changes left the feed says that it needs a resync', async () => {
  const owner = await desk.owner();
  const receiver = await desk.receiver();
  const { id } = await makeEndpoint(owner, receiver, { active: false });
  await makeCustomers(owner, ['A', 'B']);
  await desk.eventually(async () => (await healthOf(owner)).find(({ lag }) => lag === 2));
  await desk.hub.clone.sql('DELETE FROM feed WHERE owner_id = $1 AND pos <= 1', [owner.id]);
  await desk.hub.clone.sql('UPDATE feed_head SET min_pos = 2 WHERE owner_id = $1', [owner.id]);
  expect(await healthOf(owner)).toMatchObject([{ id, state: 'PAUSED', needsResync: true, lag: 2 }]);
});

test('architecture 4: a list of endpoints costs the same statements, however long it is', async () => {
  const owner = await desk.owner();
  const receiver = await desk.receiver();
  await makeEndpoint(owner, receiver);
  const one = await statementsOf(desk.hub.hub.db, () => healthOf(owner));
  for (let i = 0; i < 5; i++) await makeEndpoint(owner, receiver);
  const six = await statementsOf(desk.hub.hub.db, () => healthOf(owner));
  expect(one.length).toBeGreaterThan(3);
  expect(six).toEqual(one);
});

test('issue 5.6: metrics tell of the whole hub the endpoints by state, lag, open breakers, parked and dead customers', async () => {
  const owner = await desk.owner();
  const receiver = await desk.receiver();
  const { id } = await makeEndpoint(owner, receiver);
  await makeCustomers(owner, ['A', 'B']);
  await desk.eventually(async () => (await healthOf(owner)).find(({ lag }) => lag === 2));
  const before = await metrics(desk.hub.url);
  await desk.hub.clone.sql(
    `UPDATE webhook_cursor SET breaker = 'OPEN', fail_since = now(), probe_at = now() + interval '1 hour' WHERE endpoint_id = $1`,
    [id],
  );
  await desk.hub.clone.sql(
    `INSERT INTO webhook_parked (owner_id, endpoint_id, customer_id, first_pos, last_pos, attempt, next_at, state)
     VALUES ($1, $2, 1, 1, 1, 2, now(), 'RETRY'), ($1, $2, 2, 1, 1, 10, now(), 'DEAD')`,
    [owner.id, id],
  );
  const failing = await metrics(desk.hub.url);
  const grown = (now: Map<string, number>, name: string) => now.get(name)! - before.get(name)!;
  expect(grown(failing, 'stamdata_webhook_open_breakers')).toBe(1);
  expect(grown(failing, 'stamdata_webhook_parked_customers{state="retry"}')).toBe(1);
  expect(grown(failing, 'stamdata_webhook_parked_customers{state="dead"}')).toBe(1);
  expect(failing.get('stamdata_webhook_lag_events{of="worst"}')).toBeGreaterThanOrEqual(2);
  await changeEndpoint(owner, id, receiver, { active: false });
  const paused = await metrics(desk.hub.url);
  expect(grown(paused, 'stamdata_webhook_open_breakers')).toBe(0);
  expect(grown(paused, 'stamdata_webhook_lag_events{of="all"}')).toBe(-2);
  expect(grown(paused, 'stamdata_webhook_endpoints{state="active"}')).toBe(-1);
  expect(grown(paused, 'stamdata_webhook_endpoints{state="paused"}')).toBe(1);
});

test('issue 5.6: a process counts its attempts, the shards it took over, and what it was kept from writing', async () => {
  const owner = await desk.owner();
  const answers: (() => void)[] = [];
  const receiver = await desk.receiver((_request, res) => void answers.push(() => res.writeHead(204).end()));
  const { id } = await makeEndpoint(owner, receiver);
  const steal = (leaseEnds: string) =>
    desk.hub.clone.sql(
      `UPDATE webhook_cursor SET lease_owner = gen_random_uuid(), lease_epoch = lease_epoch + 1,
         lease_until = now() + $2::interval WHERE endpoint_id = $1`,
      [id, leaseEnds],
    );
  await steal('-1 second'); // somebody died with it
  await makeCustomers(owner, ['A']);
  const sending = await startTestHub({ clone: desk.hub.clone, env: { STAMDATA_ROLES: 'api,webhooks' } });
  try {
    await receiver.until((requests) => requests.length === 1);
    const counts = await metrics(sending.url);
    expect(counts.get('stamdata_webhook_lease_steals_total')).toBe(1);
    expect(counts.get('stamdata_webhook_fenced_writes_total')).toBe(0);
    await steal('1 hour');
    answers[0]!();
    await desk.eventually(async () => (await metrics(sending.url)).get('stamdata_webhook_fenced_writes_total') === 1);
    expect((await metrics(sending.url)).get('stamdata_webhook_attempts_total{state="succeeded"}')).toBe(1);
  } finally {
    await sending.stop();
  }
});

async function metrics(url: string): Promise<Map<string, number>> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const lines = text.split('\n').filter((line) => line.startsWith('stamdata_webhook'));
  return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]));
}

/** The names of the statements that the reads of an operation take. */
async function statementsOf(db: Database, work: () => Promise<unknown>): Promise<string[]> {
  const seen: string[] = [];
  const openAsOwner = db.openAsOwner.bind(db);
  db.openAsOwner = async (...args) => {
    const opened = await openAsOwner(...args);
    const rows = <Row>(sql: string, parameters?: unknown[]) => {
      seen.push(/\/\* (\w+) \*\//.exec(sql)?.[1] ?? sql);
      return opened.sql.rows<Row>(sql, parameters);
    };
    return { ...opened, sql: Object.assign(Object.create(opened.sql) as typeof opened.sql, { rows }) };
  };
  try {
    await work();
  } finally {
    db.openAsOwner = openAsOwner;
  }
  return seen.sort();
}
