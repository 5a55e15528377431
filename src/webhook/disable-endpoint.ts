import type { Sql } from '../database/database.js';
import type { Log } from '../log.js';

/** Stops an endpoint until a person enables it again, with the reason in words. */
export async function disableEndpoint(
  sql: Sql,
  { ownerId, endpointId }: { ownerId: string; endpointId: string },
  reason: string,
  log: Log,
): Promise<void> {
  await sql.rows(
    `/* disableEndpoint */
     UPDATE webhook_endpoint SET state = 'DISABLED', disabled_reason = $3, updated_at = clock_timestamp()
     WHERE owner_id = $1 AND id = $2 AND state = 'ACTIVE'`,
    [ownerId, endpointId, reason],
  );
  log('warn', 'webhook.endpoint.disabled', { ownerId, endpointId, code: reason });
}
