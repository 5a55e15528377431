import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import WebSocket from 'ws';
import { Context } from '../../src/context.js';
import { follow, startTestHub, type TestHub, type TestOwner } from '../hub.js';
import { viewer } from './protocol/operations.js';
import { Wire } from './protocol/wire.js';

let hub: TestHub;
let owner: TestOwner;
let broken: string;
beforeAll(async () => {
  hub = await startTestHub();
  owner = await hub.owner();
  broken = await owner.newKey(['customers:read']);
  await hub.request('{ viewer { name } }', {}, { key: owner.key });
  await hub.clone.sql('ALTER TABLE tag RENAME COLUMN name TO renamed');
});
afterAll(() => hub.stop());

const loggedWith = (requestId: string) =>
  hub.logged.filter(
    ({ level, fields }) => level === 'error' && (fields as { requestId?: string }).requestId === requestId,
  );

test('api 3: an error of the hub is masked under the request id that the log and the header have too', async () => {
  const response = await fetch(`${hub.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${owner.key}` },
    body: JSON.stringify({ query: '{ viewer { name } tags { id name } }' }),
  });
  const requestId = response.headers.get('x-request-id')!;
  const text = await response.text();
  expect(JSON.parse(text)).toMatchObject({
    errors: [
      {
        message: `internal error, logged under the request id ${requestId}`,
        path: ['tags'],
        extensions: { code: 'INTERNAL_SERVER_ERROR', requestId },
      },
    ],
  });
  expect(text).not.toMatch(/renamed|42703|stack|select/i);
  expect(loggedWith(requestId)).toHaveLength(1);
});

test('api 3: the same over WebSocket, for an operation and for its code', async () => {
  const { errors } = await follow(hub.subscriber(owner.key), '{ tags { id name } }').nextResult();
  const requestId = errors?.[0]?.extensions?.requestId as string;
  expect(errors).toMatchObject([
    {
      message: `internal error, logged under the request id ${requestId}`,
      path: ['tags'],
      extensions: { code: 'INTERNAL_SERVER_ERROR' },
    },
  ]);
  expect(JSON.stringify(errors)).not.toMatch(/renamed|42703|stack|select/i);
  expect(loggedWith(requestId)).toHaveLength(1);
});

test('api 3: a mutation that breaks is masked as well, and leaves nothing behind', async () => {
  const answer = await hub.request(
    'mutation { createCustomer(input: { code: "A", name: "A", tags: ["x"] }) { customer { id } userErrors { message } } }',
    {},
    { key: owner.key },
  );
  expect(answer.errors?.[0]?.extensions.code).toBe('INTERNAL_SERVER_ERROR');
  expect(await hub.clone.sql('SELECT FROM customer')).toEqual([]);
});

test('design C: when keys cannot be looked up, HTTP answers 500 and a socket closes with 4500, both without a reason', async () => {
  await hub.clone.sql('ALTER TABLE api_key RENAME COLUMN scopes TO renamed');
  try {
    const response = await fetch(`${hub.url}/graphql`, { headers: { authorization: `Bearer ${broken}` } });
    const requestId = response.headers.get('x-request-id')!;
    expect([response.status, await response.text()]).toEqual([
      500,
      `internal error, logged under the request id ${requestId}\n`,
    ]);
    expect(loggedWith(requestId)).toHaveLength(1);
    const socket = new WebSocket(`${hub.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    socket.once('open', () =>
      socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${broken}` } })),
    );
    const closed = await new Promise((resolve) =>
      socket.once('close', (code, reason) => resolve([code, String(reason)])),
    );
    expect(closed).toEqual([4500, 'Internal server error']);
    expect(hub.logged.at(-1)).toMatchObject({ level: 'error', message: 'a socket could not be authenticated' });
  } finally {
    await hub.clone.sql('ALTER TABLE api_key RENAME COLUMN renamed TO scopes');
  }
  expect((await hub.request('{ viewer { name } }', {}, { key: broken })).status).toBe(200);
});

test('design C: a socket whose message the hub cannot handle is closed with 4500, without a reason, and the log has it', async () => {
  const wire = await (await Wire.open(hub.url)).connect(owner.key);
  const end = vi.spyOn(Context.prototype, 'end').mockRejectedValueOnce(new Error('secret of the pool'));
  wire.send(viewer('1'));
  expect(await wire.closed).toEqual({ code: 4500, reason: 'Internal server error' });
  end.mockRestore();
  expect(wire.of('1')).toEqual([]);
  const told = hub.logged.filter(({ message }) => message === 'a message of a socket could not be handled');
  expect(told).toMatchObject([{ level: 'error' }]);
});
