import type { Sql } from '../database/database.js';
import { Rejected, problem } from '../errors.js';
import { selectList } from '../database/select-list.js';
import { WebhookEndpoint } from './webhook-endpoint.entity.js';

const columns = selectList(WebhookEndpoint, 'e');

/** The owner's endpoints, oldest first. */
export const findEndpoints = (sql: Pick<Sql, 'rows'>, ownerId: string): Promise<WebhookEndpoint[]> =>
  sql.rows<WebhookEndpoint>(
    `/* findEndpoints */ SELECT ${columns} FROM webhook_endpoint e WHERE e.owner_id = $1 ORDER BY e.id`,
    [ownerId],
  );

/**
 * Locks an endpoint and its cursors, the cursors first: the dispatcher writes in this order, so neither waits for the
 * other in a circle. `field`: what the id is called in the input. @throws Rejected NOT_FOUND
 */
export async function lockEndpoint(
  sql: Pick<Sql, 'rows'>,
  ownerId: string,
  id: string,
  field = 'id',
): Promise<WebhookEndpoint> {
  await sql.rows(
    '/* lockCursors */ SELECT FROM webhook_cursor WHERE owner_id = $1 AND endpoint_id = $2 ORDER BY shard FOR UPDATE',
    [ownerId, id],
  );
  const [endpoint] = await sql.rows<WebhookEndpoint>(
    `/* lockEndpoint */ SELECT ${columns} FROM webhook_endpoint e WHERE e.owner_id = $1 AND e.id = $2 FOR UPDATE`,
    [ownerId, id],
  );
  if (!endpoint) throw new Rejected([problem('NOT_FOUND', field, `invalid ${field} (no such webhook endpoint)`)]);
  return endpoint;
}

/** The same without a lock; null: there is none. */
export async function findEndpoint(
  sql: Pick<Sql, 'rows'>,
  ownerId: string,
  id: string,
): Promise<WebhookEndpoint | null> {
  const [endpoint] = await sql.rows<WebhookEndpoint>(
    `/* findEndpoint */ SELECT ${columns} FROM webhook_endpoint e WHERE e.owner_id = $1 AND e.id = $2`,
    [ownerId, id],
  );
  return endpoint ?? null;
}

/** One that is known to exist. */
export async function endpointById(sql: Pick<Sql, 'rows'>, ownerId: string, id: string): Promise<WebhookEndpoint> {
  return (await findEndpoint(sql, ownerId, id))!;
}
