import type { Sql } from '../database/database.js';
import type { SnapshotBody } from './snapshot-body.js';
import { withEveryTag, type ShownSnapshot } from './snapshots-shown.js';

/** What a message can tell of a customer: the promised snapshot, and what only templates show (G33). */
export interface Subject {
  snapshot: ShownSnapshot;
  details: CustomerDetails;
}

export interface CustomerDetails {
  address: string | null;
  city: string | null;
  telephone: string | null;
  /** YYYY-MM-DD: the day in the owner's time zone (A62), by which an age is told. */
  today: string;
}

/**
 * The subjects of customers by customer id, each read at one moment: a detail is never older or newer than the snapshot
 * beside it. `at` decides which day it is; null: PostgreSQL's now. Customers that are excluded, erased or unknown are
 * missing from the map (A44). Looked up one by one by their key: joined, all customers of the owner were read as long as
 * PostgreSQL had no statistics (40 ms for 64 of 6,000).
 */
export async function subjectsShown(
  sql: Sql,
  ownerId: string,
  customerIds: readonly string[],
  at: Date | null,
): Promise<Map<string, Subject>> {
  if (customerIds.length === 0) return new Map();
  const rows = await sql.rows<{ body: SnapshotBody } & CustomerDetails>(
    `/* subjectsShown */
     SELECT s.body, c.address, c.city, c.telephone,
       (coalesce($3::timestamptz, statement_timestamp()) AT TIME ZONE o.time_zone)::date::text AS today
     FROM owner o CROSS JOIN unnest($2::bigint[]) AS asked (id)
     CROSS JOIN LATERAL (SELECT body FROM customer_snapshot WHERE owner_id = $1 AND customer_id = asked.id LIMIT 1) s
     CROSS JOIN LATERAL (SELECT address, city, telephone FROM customer
       WHERE owner_id = $1 AND id = asked.id AND NOT excluded LIMIT 1) c
     WHERE o.id = $1`,
    [ownerId, customerIds, at],
  );
  const snapshots = await withEveryTag(
    sql,
    ownerId,
    rows.map(({ body }) => body),
  );
  return new Map(
    rows.map(({ body: _, ...details }, i) => {
      const snapshot = snapshots[i]!;
      return [snapshot.customerId, { snapshot, details }];
    }),
  );
}
