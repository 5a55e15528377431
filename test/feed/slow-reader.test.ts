import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import WebSocket from 'ws';
import { OwnerStream } from '../../src/feed/owner-stream.js';
import { endOfFeed, startTestHub, type TestHub } from '../hub.js';
import { guestBook } from '../snapshot/guest-book.js';
import { eventually, followEvents } from './events.js';

const events = 2_500;

let hub: TestHub;
beforeAll(async () => {
  hub = await startTestHub();
});
afterAll(() => hub.stop());

test('D11: a reader that stops reading costs a batch, not thousands of events; later it gets them all', async () => {
  const book = await guestBook(hub);
  const after = await endOfFeed(book.owner);
  // sixty tags of fifty characters of four bytes: an event of twelve kilobytes, so the kernel's buffers hold few of them
  for (let i = 0; i < 60; i++) {
    const name = '🦎'.repeat(48) + String(i);
    await book.owner.gql('mutation ($name: String!) { createTag(name: $name) { tag { id } } }', { name });
  }
  const socket = new WebSocket(`${hub.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  const seen: string[] = [];
  let acknowledged = false;
  // once for each event from memory, and for each batch from the feed
  const asked = vi.spyOn(OwnerStream.prototype, 'next');
  try {
    socket.on('message', (data: Buffer) => {
      const message = JSON.parse(data.toString('utf8')) as {
        type: string;
        payload?: { data: { customerSnapshots: { customerId: string } } };
      };
      acknowledged ||= message.type === 'connection_ack';
      if (message.type === 'next') seen.push(message.payload!.data.customerSnapshots.customerId);
    });
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${book.owner.key}` } }));
    await eventually(() => acknowledged, 'the connection is acknowledged');
    const query =
      'subscription ($after: String) { customerSnapshots(after: $after) { customerId snapshot { tags { name } } } }';
    socket.send(JSON.stringify({ id: 's', type: 'subscribe', payload: { query, variables: { after } } }));
    await book.guest();
    await eventually(() => seen.length === 1, 'the first event');
    socket.pause();
    const rows = Array.from({ length: events }, (_, i) => ({ code: `S${i}`, name: 'S' }));
    await book.owner.gql(
      'mutation ($input: BulkInsertCustomersInput!) { bulkInsertCustomers(input: $input) { counts { customers } } }',
      {
        input: { ownerCode: book.owner.code, customers: rows },
      },
    );
    // a reader that reads has them all; the other one's share of the work has stopped long before
    const end = await endWhenMoved(book.owner.id);
    const last = followEvents(hub.subscriber(book.owner.key), {
      after: hub.hub.cursors.encode(book.owner.id, BigInt(end - 1)),
    });
    await last.take(1);
    void last.end();
    await eventually(async () => {
      const before = asked.mock.calls.length;
      await new Promise((resolve) => setTimeout(resolve, 100));
      return before > 1 && asked.mock.calls.length === before;
    }, 'the slow one is at rest');
    expect(asked.mock.calls.length).toBeLessThan(events / 2);
    socket.resume();
    await eventually(() => seen.length === events + 1, 'the slow one has caught up');
    expect(new Set(seen).size).toBe(events + 1);
    expect(seen.map(Number)).toEqual(seen.map(Number).sort((a, b) => a - b));
  } finally {
    socket.terminate();
    asked.mockRestore();
  }
});

/** The feed's last position once all events are in it. */
async function endWhenMoved(ownerId: string): Promise<number> {
  const last = async () => {
    const [head] = await hub.clone.sql<{ last: string }>('SELECT last_pos AS last FROM feed_head WHERE owner_id = $1', [
      ownerId,
    ]);
    return Number(head!.last);
  };
  await eventually(async () => (await last()) === events + 1, 'all events are in the feed');
  return last();
}
