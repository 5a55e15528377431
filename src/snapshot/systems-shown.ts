import type { Sql } from '../database/database.js';

/** The codes of the external systems that customers have a reference in, by customer id; missing: in none. */
export async function systemsShown(
  sql: Pick<Sql, 'rows'>,
  ownerId: string,
  customerIds: readonly string[],
): Promise<Map<string, string[]>> {
  const rows = await sql.rows<{ id: string; codes: string[] }>(
    `/* systemsShown */
     SELECT r.customer_id AS id, array_agg(s.code ORDER BY s.id) AS codes
     FROM external_reference r JOIN external_system s ON s.owner_id = r.owner_id AND s.id = r.system_id
     WHERE r.owner_id = $1 AND r.customer_id = ANY ($2::bigint[]) GROUP BY r.customer_id`,
    [ownerId, customerIds],
  );
  return new Map(rows.map(({ id, codes }) => [id, codes]));
}
