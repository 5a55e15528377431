import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import WebSocket from 'ws';
import { SharedFrames } from '../../src/server/shared-frames.js';
import { endOfFeed, startTestHub, type TestHub, type TestOwner } from '../hub.js';
import { eventually, followEvents, wholeFeed } from './events.js';

let hub: TestHub;
let owner: TestOwner;
beforeAll(async () => {
  hub = await startTestHub({ env: { STAMDATA_STALL_SECONDS: '1' } });
  owner = await hub.owner();
  await owner.gql('mutation { createCustomer(input: { code: "A", name: "Ada" }) { userErrors { message } } }');
  await eventually(async () => (await wholeFeed(owner)).length === 1, 'the creation has passed the relay');
});
afterAll(() => hub.stop());

const rename = (name: string) =>
  owner.gql(
    'mutation ($name: String) { updateCustomer(by: { code: "A" }, input: { name: $name }) { userErrors { message } } }',
    {
      name,
    },
  );

test('the same operation with the same rights is executed once per event, another one by itself', async () => {
  const made = vi.spyOn(SharedFrames.prototype, 'standIn');
  const taken = vi.spyOn(SharedFrames.prototype, 'text');
  const after = await endOfFeed(owner);
  const client = hub.subscriber(owner.key);
  const many = Array.from({ length: 20 }, () => followEvents(client, { after }));
  await rename('Ada Lovelace');
  const got = await Promise.all(many.map((one) => one.take(1)));
  expect(new Set(got.map((events) => JSON.stringify(events))).size).toBe(1);
  const keys = [...made.mock.calls, ...taken.mock.calls].map(([key]) => key);
  expect(keys.length).toBeGreaterThanOrEqual(20);
  expect(new Set(keys).size).toBe(1);
  for (const one of many) await one.end();
  made.mockRestore();
  taken.mockRestore();
});

test('a client that takes nothing for a second is closed with 4413 and the cursor to go on from', async () => {
  for (let i = 0; i < 60; i++)
    await owner.gql('mutation ($name: String!) { createTag(name: $name) { tag { id } } }', {
      name: `${'🦎'.repeat(47)}${i}`,
    });
  const after = await endOfFeed(owner);
  const socket = new WebSocket(`${hub.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  const cursors: string[] = [];
  const closed = new Promise<{ code: number; reason: string }>((resolve) =>
    socket.once('close', (code, reason) => resolve({ code, reason: reason.toString() })),
  );
  socket.on('message', (data: Buffer) => {
    const message = JSON.parse(data.toString()) as {
      type: string;
      payload: { data: { customerSnapshots: { cursor: string } } };
    };
    if (message.type === 'connection_ack')
      socket.send(
        JSON.stringify({
          id: 's',
          type: 'subscribe',
          payload: {
            query:
              'subscription ($after: String) { customerSnapshots(after: $after) { cursor snapshot { tags { name } } } }',
            variables: { after },
          },
        }),
      );
    if (message.type === 'next') cursors.push(message.payload.data.customerSnapshots.cursor);
  });
  await new Promise((resolve) => socket.once('open', resolve));
  socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${owner.key}` } }));
  await rename('Ada 1');
  await eventually(() => cursors.length === 1, 'the first event');
  socket.pause();
  const customers = Array.from({ length: 3_000 }, (_, i) => ({ code: `S${i}`, name: 'S' }));
  await owner.gql(
    'mutation ($input: BulkInsertCustomersInput!) { bulkInsertCustomers(input: $input) { userErrors { message } } }',
    {
      input: { ownerCode: owner.code, customers },
    },
  );
  await eventually(() => hub.logged.some(({ message }) => message.includes('stalled')), 'the hub has noticed');
  socket.resume();
  const { code, reason } = await closed;
  expect(code).toBe(4413);
  // whoever goes on from there misses nothing: all that was not received comes
  const rest = followEvents(hub.subscriber(owner.key), { after: reason });
  const received = new Set(cursors);
  const [next] = await rest.take(1);
  expect(received.has(reason)).toBe(true);
  expect(cursors.indexOf(next!.cursor)).toBeLessThanOrEqual(cursors.indexOf(reason) + 1);
  await rest.end();
});
