import type { Sql } from '../database/database.js';
import type { Page } from '../graphql/connection.js';
import type { ParkedCustomer, ParkedState } from './parked-customer.type.js';

/** Which parked customers are meant; a null state means both. */
export interface ParkedFilter {
  endpointId: string;
  state: ParkedState | null;
}

const filtered = 'p.owner_id = $1 AND p.endpoint_id = $2 AND ($3::text IS NULL OR p.state = $3)';

/** A page of an endpoint's parked and dead customers, by customer id; one more than the page holds. */
export const parkedPage = (
  sql: Pick<Sql, 'rows'>,
  ownerId: string,
  { endpointId, state }: ParkedFilter,
  page: Page,
): Promise<ParkedCustomer[]> =>
  sql.rows<ParkedCustomer>(
    `/* parkedPage */
     SELECT p.customer_id AS id, p.customer_id AS "customerId", p.state, p.attempt AS attempts,
       CASE p.state WHEN 'RETRY' THEN p.next_at END AS "nextAttemptAt", CASE p.state WHEN 'DEAD' THEN p.next_at END AS "diedAt",
       oldest.at AS since, p.last_status AS "lastStatus", p.last_error AS "lastError"
     FROM webhook_parked p LEFT JOIN LATERAL (
       SELECT f.occurred_at AS at FROM feed f
       WHERE f.owner_id = p.owner_id AND f.customer_id = p.customer_id AND f.pos BETWEEN p.first_pos AND p.last_pos
       ORDER BY f.pos LIMIT 1) oldest ON true
     WHERE ${filtered} AND ($4::bigint IS NULL OR p.customer_id > $4) ORDER BY p.customer_id LIMIT $5`,
    [ownerId, endpointId, state, page.after, page.size + 1],
  );

export async function countParked(
  sql: Pick<Sql, 'rows'>,
  ownerId: string,
  { endpointId, state }: ParkedFilter,
): Promise<number> {
  const [row] = await sql.rows<{ count: number }>(
    `/* countParked */ SELECT count(*)::int AS count FROM webhook_parked p WHERE ${filtered}`,
    [ownerId, endpointId, state],
  );
  return row!.count;
}
