import type { Sql } from '../database/database.js';

const batch = 2_000;

/**
 * Moves committed events from the outbox to the feed and gives each owner's the next positions. The lock on the
 * owner's `feed_head` row makes positions dense and hands them out one mover at a time; an owner that another process
 * is moving is left to it. Gives how many were moved.
 *
 * Right because a customer's changes take its row lock before they draw their outbox id: if a change is visible, so are
 * all earlier ones of that customer, with smaller ids. READ COMMITTED is required: the second statement must see
 * what was committed after the first began (delivery-design B.4).
 */
export async function moveOutbox(sql: Sql): Promise<number> {
  await sql.rows(
    `SET LOCAL lock_timeout = '1s'; SET LOCAL idle_in_transaction_session_timeout = '5s'; SET LOCAL statement_timeout = '5s'`,
  );
  const heads = await sql.rows<{ ownerId: string; lastPos: string }>(
    `/* lockFeedHeads */ SELECT owner_id AS "ownerId", last_pos AS "lastPos" FROM feed_head
     WHERE owner_id IN (SELECT DISTINCT owner_id FROM outbox) ORDER BY owner_id FOR UPDATE SKIP LOCKED`,
  );
  if (heads.length === 0) return 0;
  const moved = await sql.rows<{ ownerId: string; count: number }>(
    `/* moveOutbox */
     WITH batch AS (SELECT owner_id, id FROM outbox WHERE owner_id = ANY ($1::bigint[]) ORDER BY owner_id, id LIMIT ${batch}),
     taken AS (DELETE FROM outbox o USING batch b WHERE o.owner_id = b.owner_id AND o.id = b.id RETURNING o.*),
     fed AS (
       INSERT INTO feed (owner_id, pos, customer_id, version, reasons, origin, occurred_at, delivery)
       SELECT t.owner_id, h.last_pos + row_number() OVER (PARTITION BY t.owner_id ORDER BY t.id),
         t.customer_id, t.version, t.reasons, t.origin, t.occurred_at, t.delivery
       FROM taken t JOIN unnest($1::bigint[], $2::bigint[]) AS h (owner_id, last_pos) USING (owner_id)
       RETURNING owner_id)
     SELECT owner_id AS "ownerId", count(*)::int AS count FROM fed GROUP BY owner_id`,
    [heads.map((head) => head.ownerId), heads.map((head) => head.lastPos)],
  );
  await sql.rows(
    `/* raiseFeedHeads */ UPDATE feed_head h SET last_pos = h.last_pos + m.count
     FROM unnest($1::bigint[], $2::int[]) AS m (owner_id, count) WHERE h.owner_id = m.owner_id`,
    [moved.map((owner) => owner.ownerId), moved.map((owner) => owner.count)],
  );
  return moved.reduce((sum, owner) => sum + owner.count, 0);
}
