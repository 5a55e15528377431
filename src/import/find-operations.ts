import type { Database } from '../database/database.js';
import { selectList } from '../database/select-list.js';
import type { Page } from '../graphql/connection.js';
import { processGone } from './abandoned-imports.js';
import { BulkOperation } from './bulk-operation.entity.js';
import type { ImportSql } from './operation-place.js';

/** One whose process says nothing any more was interrupted, though nobody was left to write it down. */
const dead = `(b.state = 'RUNNING' AND b.lease_until <= clock_timestamp())`;
const found = `SELECT ${selectList(BulkOperation, 'b')
  .replace('b.state AS', `CASE WHEN ${dead} THEN 'INTERRUPTED' ELSE b.state END AS`)
  .replace('b.ended_at AS', `CASE WHEN ${dead} THEN b.lease_until ELSE b.ended_at END AS`)
  .replace('b.note AS', `CASE WHEN ${dead} THEN '${processGone}' ELSE b.note END AS`)}
  FROM bulk_operation b`;

/** One operation as it is now; null: there is none. */
export async function findOperation(sql: ImportSql, ownerId: string, id: string): Promise<BulkOperation | null> {
  const [operation] = await sql.rows<BulkOperation>(
    `/* findOperation */ ${found} WHERE b.owner_id = $1 AND b.id = $2`,
    [ownerId, id],
  );
  return operation ?? null;
}

/** A page of the operations, the newest first; one more than the page holds. */
export const operationsPage = (sql: ImportSql, ownerId: string, page: Page): Promise<BulkOperation[]> =>
  sql.rows<BulkOperation>(
    `/* operationsPage */ ${found} WHERE b.owner_id = $1 AND ($2::bigint IS NULL OR b.id < $2)
     ORDER BY b.id DESC LIMIT $3`,
    [ownerId, page.after, page.size + 1],
  );

export async function countOperations(sql: ImportSql, ownerId: string): Promise<number> {
  const [row] = await sql.rows<{ count: number }>(
    '/* countOperations */ SELECT count(*)::int AS count FROM bulk_operation WHERE owner_id = $1',
    [ownerId],
  );
  return row!.count;
}

/** Forgets operations, and their result files, that ended more than 7 days ago. */
export async function pruneOperations(db: Database, at: Date | null): Promise<void> {
  await db.asSystem((sql) =>
    sql.rows(
      `/* pruneOperations */ DELETE FROM bulk_operation
       WHERE coalesce(ended_at, lease_until) < coalesce($1::timestamptz, clock_timestamp()) - interval '7 days'`,
      [at],
    ),
  );
}
