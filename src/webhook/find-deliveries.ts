import type { Sql } from '../database/database.js';
import { selectList } from '../database/select-list.js';
import type { Page } from '../graphql/connection.js';
import type { DeliveryState } from './delivery-state.js';
import { Delivery } from './delivery.entity.js';

const columns = selectList(Delivery, 'a');

/** Which attempts are meant; null does not restrict. */
export interface DeliveryFilter {
  endpointId: string | null;
  customerId: string | null;
  state: DeliveryState | null;
}

const filtered = `a.owner_id = $1 AND ($2::bigint IS NULL OR a.endpoint_id = $2) AND ($3::bigint IS NULL OR a.customer_id = $3)
  AND ($4::text IS NULL OR a.state = $4)`;

/** A page of the log of attempts, the newest first; one more than the page holds. */
export const deliveriesPage = (
  sql: Pick<Sql, 'rows'>,
  ownerId: string,
  filter: DeliveryFilter,
  page: Page,
): Promise<Delivery[]> =>
  sql.rows<Delivery>(
    `/* deliveriesPage */ SELECT ${columns} FROM webhook_attempt a
     WHERE ${filtered} AND ($5::bigint IS NULL OR a.id < $5) ORDER BY a.id DESC LIMIT $6`,
    [...parameters(ownerId, filter), page.after, page.size + 1],
  );

export async function countDeliveries(
  sql: Pick<Sql, 'rows'>,
  ownerId: string,
  filter: DeliveryFilter,
): Promise<number> {
  const [row] = await sql.rows<{ count: number }>(
    `/* countDeliveries */ SELECT count(*)::int AS count FROM webhook_attempt a WHERE ${filtered}`,
    parameters(ownerId, filter),
  );
  return row!.count;
}

/** The last attempt for a customer to an endpoint; null: none within 14 days. */
export async function lastDeliveryOf(
  sql: Pick<Sql, 'rows'>,
  ownerId: string,
  endpointId: string,
  customerId: string,
): Promise<Delivery | null> {
  const [delivery] = await sql.rows<Delivery>(
    `/* lastDeliveryOf */ SELECT ${columns} FROM webhook_attempt a
     WHERE a.owner_id = $1 AND a.endpoint_id = $2 AND a.customer_id = $3 ORDER BY a.id DESC LIMIT 1`,
    [ownerId, endpointId, customerId],
  );
  return delivery ?? null;
}

/** The last attempt at an endpoint with this id, which must have been made. */
export async function deliveryByWebhookId(
  sql: Pick<Sql, 'rows'>,
  { ownerId, endpointId }: { ownerId: string; endpointId: string },
  webhookId: string,
): Promise<Delivery> {
  const [delivery] = await sql.rows<Delivery>(
    `/* deliveryByWebhookId */ SELECT ${columns} FROM webhook_attempt a
     WHERE a.owner_id = $1 AND a.endpoint_id = $2 AND a.webhook_id = $3 ORDER BY a.id DESC LIMIT 1`,
    [ownerId, endpointId, webhookId],
  );
  return delivery!;
}

const parameters = (ownerId: string, { endpointId, customerId, state }: DeliveryFilter): unknown[] => [
  ownerId,
  endpointId,
  customerId,
  state,
];
