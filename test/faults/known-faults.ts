import type { Patch } from './broken-copy.js';

/** Ways to break the feed that are known from others, each of which the checker has to find (delivery-design D 25). */
export const knownFaults = {
  /** What was moved is known by the last outbox id, so what commits late with a smaller id is left behind. */
  'a cursor over outbox ids': [
    {
      file: 'feed/move-outbox.js',
      text: 'WHERE owner_id = ANY ($1::bigint[]) ORDER BY',
      instead: 'WHERE owner_id = ANY ($1::bigint[]) AND id > ${lastId} ORDER BY',
    },
    {
      file: 'feed/move-outbox.js',
      text: 'count(*)::int AS count FROM fed',
      instead: 'count(*)::int AS count, (SELECT max(id) FROM taken) AS last FROM fed',
    },
    {
      file: 'feed/move-outbox.js',
      text: 'return moved.reduce(',
      instead: 'lastId = moved[0]?.last ?? lastId; return moved.reduce(',
    },
    { file: 'feed/move-outbox.js', text: 'const batch =', instead: 'let lastId = 0; const batch =' },
  ],
  'no polling, only notifications': [
    { file: 'feed/relay.js', text: 'const pollMs = 200;', instead: 'const pollMs = 2_000_000_000;' },
  ],
  'no lock on the head of the feed': [
    { file: 'feed/move-outbox.js', text: 'ORDER BY owner_id FOR UPDATE SKIP LOCKED', instead: 'ORDER BY owner_id' },
  ],
  'the order of transaction ids': [
    { file: 'feed/move-outbox.js', text: 'RETURNING o.*)', instead: 'RETURNING o.*, o.xmin::text::bigint AS xid)' },
    {
      file: 'feed/move-outbox.js',
      text: 'PARTITION BY t.owner_id ORDER BY t.id)',
      instead: 'PARTITION BY t.owner_id ORDER BY t.xid)',
    },
  ],
  /** The cursor of an event already covers the next one, which has not been sent. */
  'acknowledged before it was sent': [
    {
      file: 'feed/events-after.js',
      text: 'cursors.encode(ownerId, event.pos)',
      instead: 'cursors.encode(ownerId, event.pos + 1n)',
    },
  ],
} satisfies Record<string, Patch[]>;
