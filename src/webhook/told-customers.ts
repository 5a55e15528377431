import type { Sql } from '../database/database.js';

/** The endpoint that is told. */
interface Place {
  ownerId: string;
  endpointId: string;
}

/**
 * Who was told that they left, until that is written with the next fenced transaction. Only an endpoint with conditions
 * has such customers: a row for each that it was sent, none for what was filtered out.
 */
export class Leavers {
  private readonly gone = new Set<string>();

  /** The receiver has accepted that a customer left. */
  note(customerId: string): void {
    this.gone.add(customerId);
  }

  has(customerId: string): boolean {
    return this.gone.has(customerId);
  }

  /** It is about to be told of them again. */
  comeBack(customerIds: readonly string[]): void {
    for (const id of customerIds) this.gone.delete(id);
  }

  /** Writes them down, and begins anew. */
  take(): (sql: Sql, place: Place) => Promise<void> {
    const ids = [...this.gone];
    this.gone.clear();
    return async (sql, place) => {
      if (ids.length > 0) await forgetTold(sql, place, ids);
    };
  }
}

/** Which of the customers an endpoint was told of. */
export async function toldOf(
  sql: Pick<Sql, 'rows'>,
  { ownerId, endpointId }: Place,
  customerIds: readonly string[],
): Promise<Set<string>> {
  const rows = await sql.rows<{ id: string }>(
    `/* toldOf */ SELECT customer_id AS id FROM webhook_told
     WHERE owner_id = $1 AND endpoint_id = $2 AND customer_id = ANY ($3::bigint[])`,
    [ownerId, endpointId, customerIds],
  );
  return new Set(rows.map(({ id }) => id));
}

/**
 * Notes that an endpoint is told of customers: before the request leaves, since one that was sent and then forgotten in a
 * crash could not be told any more that the customer left.
 */
export async function markTold(
  sql: Sql,
  { ownerId, endpointId }: Place,
  customerIds: readonly string[],
): Promise<void> {
  await sql.rows(
    `/* markTold */ INSERT INTO webhook_told (owner_id, endpoint_id, customer_id)
     SELECT $1, $2, id FROM unnest($3::bigint[]) AS told (id) ORDER BY id ON CONFLICT DO NOTHING`,
    [ownerId, endpointId, customerIds],
  );
}

/**
 * For an endpoint with conditions that had none before (else nothing is done): whoever it was sent in the last 14 days
 * counts as told, so that their leaving is told too, and so does whoever waits for another attempt, which may have arrived.
 * Not those who are excluded, since that was the last of them. Asked customer by customer, as the log may be long.
 */
export async function markRecentlyTold(sql: Sql, { ownerId, endpointId }: Place): Promise<void> {
  await sql.rows(
    `/* markRecentlyTold */ INSERT INTO webhook_told (owner_id, endpoint_id, customer_id)
     SELECT $1, $2, customer_id FROM (
       SELECT c.id AS customer_id FROM customer c WHERE c.owner_id = $1 AND NOT c.excluded AND EXISTS (
         SELECT FROM webhook_attempt a WHERE a.owner_id = $1 AND a.customer_id = c.id AND a.endpoint_id = $2
           AND a.state = 'SUCCEEDED' AND a.webhook_id NOT LIKE 'test\\_%')
       UNION SELECT customer_id FROM webhook_parked WHERE owner_id = $1 AND endpoint_id = $2) AS recent
     WHERE (SELECT conditions IS NOT NULL FROM webhook_endpoint WHERE owner_id = $1 AND id = $2)
     ORDER BY customer_id ON CONFLICT DO NOTHING`,
    [ownerId, endpointId],
  );
}

async function forgetTold(sql: Sql, { ownerId, endpointId }: Place, customerIds: readonly string[]): Promise<void> {
  await sql.rows(
    `/* forgetTold */ DELETE FROM webhook_told WHERE owner_id = $1 AND endpoint_id = $2 AND customer_id = ANY ($3::bigint[])`,
    [ownerId, endpointId, customerIds],
  );
}
