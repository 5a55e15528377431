import type { Database } from '../database/database.js';
import { lockEndpoint } from './find-endpoints.js';

/**
 * Deletes an endpoint with its secrets, cursor and parked customers; the log of attempts stays for its 14 days. A request
 * that is under way may still arrive. @throws Rejected NOT_FOUND
 */
export async function deleteEndpoint(db: Database, ownerId: string, id: string): Promise<void> {
  await db.asOwner(ownerId, async (sql) => {
    await lockEndpoint(sql, ownerId, id);
    await sql.rows('/* deleteEndpoint */ DELETE FROM webhook_endpoint WHERE owner_id = $1 AND id = $2', [ownerId, id]);
  });
}
