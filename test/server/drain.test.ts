import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { blockedIn, holdRows } from '../faults/held-rows.js';
import { eventually } from '../feed/events.js';
import { adminKey, startTestHub, type TestHub, type TestOwner } from '../hub.js';

const hubs: TestHub[] = [];
const agents: Agent[] = [];
afterEach(async () => {
  await Promise.all(hubs.splice(0).map((hub) => hub.stop()));
  for (const agent of agents.splice(0)) agent.destroy();
});

async function hubThatDrains(seconds: number): Promise<TestHub> {
  const hub = await startTestHub({ env: { STAMDATA_DRAIN_SECONDS: String(seconds) } });
  let stopping: Promise<void> | null = null;
  const once = { ...hub, stop: () => (stopping ??= hub.stop()) };
  hubs.push(once);
  return once;
}

interface Answer {
  status: number;
  connection: string | undefined;
  body: string;
  socket: Socket;
}

/** One request on the connections of an agent. */
function ask(hub: TestHub, agent: Agent, path: string, body?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${adminKey}` };
    const sent = httpRequest(`${hub.url}${path}`, { agent, method: body ? 'POST' : 'GET', headers });
    sent.once('error', reject);
    sent.once('socket', (socket) => {
      sent.once('response', (response: IncomingMessage) => {
        const { statusCode, headers } = response;
        void response.toArray().then((chunks: Buffer[]) => {
          const body = Buffer.concat(chunks).toString();
          resolve({ status: statusCode!, connection: headers.connection, body, socket });
        }, reject);
      });
    });
    sent.end(body);
  });
}

function keepingAlive(): Agent {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  agents.push(agent);
  return agent;
}

const whoAmI = JSON.stringify({ query: '{ viewer { name } }' });

/** Whether somebody still accepts connections there. */
function accepts(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

test('D 13: told to stop, the hub is not ready and still serves; each answer is the last one of its connection', async () => {
  const hub = await hubThatDrains(2);
  const [balancer, client] = [keepingAlive(), keepingAlive()];
  expect(await ask(hub, balancer, '/readyz')).toMatchObject({ status: 200, connection: 'keep-alive' });
  const before = await ask(hub, client, '/graphql', whoAmI);
  expect(before).toMatchObject({ status: 200, connection: 'keep-alive' });

  const stopped = hub.stop();
  expect(await ask(hub, balancer, '/readyz')).toMatchObject({ status: 503, connection: 'close', body: 'not ready\n' });
  expect(await ask(hub, balancer, '/healthz')).toMatchObject({ status: 200, connection: 'close' });
  const kept = await ask(hub, client, '/graphql', whoAmI);
  expect(kept).toMatchObject({ status: 200, connection: 'close', body: before.body });
  expect(kept.socket).toBe(before.socket);
  const next = await ask(hub, client, '/graphql', whoAmI);
  expect(next).toMatchObject({ status: 200, connection: 'close' });
  expect(next.socket).not.toBe(before.socket);
  await stopped;
  await expect(ask(hub, client, '/graphql', whoAmI)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

test('D 13: a mutation that is under way when the hub stops accepting is done, and answered', async () => {
  const hub = await hubThatDrains(0);
  const owner = await hub.owner();
  const { id } = await customerOf(owner);
  const held = await holdRows(hub.clone.connection, 'SELECT FROM customer WHERE id = $1 FOR UPDATE', [id]);
  try {
    const query = `mutation { updateCustomer(by: { id: "${id}" }, input: { name: "Late" }) { customer { name version } } }`;
    const body = JSON.stringify({ query });
    const late = httpAs(hub, owner, body);
    await blockedIn(hub.clone.sql, 'lockCustomer');
    const stopped = hub.stop();
    await eventually(async () => !(await accepts(hub.url)), 'nothing new is accepted');
    await held.release();
    const answer = await late;
    expect(answer.headers.get('connection')).toBe('close');
    expect(await answer.json()).toEqual({ data: { updateCustomer: { customer: { name: 'Late', version: 2 } } } });
    await stopped;
  } finally {
    await held.release();
  }
});

test('D 13: connections that were opened in advance do not hold up the stop', async () => {
  const hub = await hubThatDrains(0);
  const { hostname, port } = new URL(hub.url);
  const ended = Array.from({ length: 3 }, () => connect(Number(port), hostname)).map(
    (socket) => new Promise((resolve, reject) => socket.once('error', reject).once('close', resolve).resume()),
  );
  await hub.request('{ viewer { name } }'); // taken after them
  const since = performance.now();
  await hub.stop();
  expect(await Promise.all(ended)).toEqual([false, false, false]);
  expect(performance.now() - since).toBeLessThan(9_000); // headers have ten seconds to come
});

async function customerOf(owner: TestOwner): Promise<{ id: string }> {
  const { createCustomer } = await owner.gql<{ createCustomer: { customer: { id: string } } }>(
    'mutation { createCustomer(input: { code: "C1", name: "Early" }) { customer { id } } }',
  );
  return createCustomer.customer;
}

const httpAs = (hub: TestHub, owner: TestOwner, body: string) =>
  fetch(`${hub.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${owner.key}` },
    body,
  });
