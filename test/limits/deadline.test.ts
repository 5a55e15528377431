import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import WebSocket from 'ws';
import { holdRows, type HeldRows } from '../faults/held-rows.js';
import { eventually } from '../feed/events.js';
import { startTestHub, type TestHub, type TestOwner } from '../hub.js';
import { overHttp, overWebSocket } from './transports.js';

let hub: TestHub;
let owner: TestOwner;
let held: HeldRows | undefined;
beforeAll(async () => {
  hub = await startTestHub({ env: { STAMDATA_ROLES: 'api', STAMDATA_QUERY_SECONDS: '1' } });
  owner = await hub.owner();
  await owner.gql('mutation { createCustomer(input: { code: "K1", name: "Known" }) { userErrors { message } } }');
});
beforeEach(async () => {
  await held?.release();
});
afterAll(async () => {
  await held?.release();
  await hub.stop();
});

/** From now on whoever reads customers waits. */
const holdCustomers = async () => {
  held = await holdRows(hub.clone.connection, 'LOCK TABLE customer IN ACCESS EXCLUSIVE MODE');
};

const sessionsBusy = async (): Promise<number> => {
  const [{ n }] = (await hub.clone.sql(
    `SELECT count(*)::int AS n FROM pg_stat_activity
     WHERE datname = current_database() AND application_name = 'stamdata' AND state <> 'idle'`,
  )) as [{ n: number }];
  return n;
};

const noneBusy = () => eventually(async () => (await sessionsBusy()) === 0, 'every connection is idle again');

const lookUp = 'query ($code: String!) { customer(by: { code: $code }) { name } }';
const queries = {
  'a look-up': { query: lookUp, variables: { code: 'K1' } },
  'a page': { query: '{ customers(first: 5, where: { name: { contains: "now" } }) { nodes { name } totalCount } }' },
  'two fields': {
    query:
      '{ a: customer(by: { code: "K1" }) { name tags { name } } b: customers(first: 1) { nodes { orders(first: 1) { nodes { id } } } } }',
  },
};

test.each(Object.entries(queries))(
  'design C: at its deadline a query is cancelled in PostgreSQL and told, over both transports and both roads: %s',
  async (_, request) => {
    const [http, ws] = [overHttp(hub, owner.key), overWebSocket(hub, owner.key)];
    for (let i = 0; i < 2; i++) expect((await http(request)).errors).toBeUndefined(); // known from now on
    await holdCustomers();
    const answers = await Promise.all([http(request), ws(request), http({ ...request, extensions: { cost: true } })]);
    for (const { errors } of answers)
      expect(errors?.map(({ extensions }) => extensions.code)).toContain('DEADLINE_EXCEEDED');
    await noneBusy();
    await held!.release();
    expect((await http(request)).errors).toBeUndefined();
    expect(hub.logged.filter(({ level }) => level === 'error')).toEqual([]);
  },
);

test('design C: a client that hangs up has its query cancelled, over HTTP', async () => {
  await holdCustomers();
  const gone = new AbortController();
  const asked = fetch(`${hub.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${owner.key}` },
    body: JSON.stringify(queries['a page']),
    signal: gone.signal,
  }).catch(() => null);
  await eventually(async () => (await sessionsBusy()) > 0, 'the query waits');
  gone.abort();
  await asked;
  await noneBusy();
});

test('design C: a client that hangs up has its query cancelled, over WebSocket', async () => {
  await holdCustomers();
  const socket = new WebSocket(`${hub.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  socket.once('open', () =>
    socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${owner.key}` } })),
  );
  socket.once('message', () => socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: queries['a page'] })));
  await eventually(async () => (await sessionsBusy()) > 0, 'the query waits');
  socket.terminate();
  await noneBusy();
});

test('design C: twice as many hanging queries as the pool has connections end at their deadline, and the hub serves', async () => {
  await holdCustomers();
  const http = overHttp(hub, owner.key);
  const answers = await Promise.all(Array.from({ length: 20 }, () => http(queries['a look-up'])));
  for (const { errors } of answers) expect(errors?.[0]?.extensions.code).toBe('DEADLINE_EXCEEDED');
  await held!.release();
  expect((await http(queries['a look-up'])).data).toEqual({ customer: { name: 'Known' } });
});

test('design C: a mutation is done or not done: it has no deadline', async () => {
  await holdCustomers();
  const asked = overHttp(
    hub,
    owner.key,
  )({
    query:
      'mutation { updateCustomer(by: { code: "K1" }, input: { name: "Later" }) { customer { name } userErrors { code } } }',
  });
  await eventually(async () => (await sessionsBusy()) > 0, 'the mutation waits');
  await expect(overHttp(hub, owner.key)(queries['a look-up'])).resolves.toMatchObject({
    errors: [{ extensions: { code: 'DEADLINE_EXCEEDED' } }],
  });
  await held!.release();
  expect((await asked).data).toMatchObject({ updateCustomer: { customer: { name: 'Later' } } });
});
