import { theOwner } from '../database/the-owner.js';
import { Rejected, problem } from '../errors.js';
import type { Write } from '../write.js';

/**
 * Locks customers by id, in the order of their ids, so that concurrent writes queue instead of deadlocking.
 * @throws Rejected NOT_FOUND (`field.index`) for each id that is nobody's, EXCLUDED for excluded ones unless shown
 */
export async function lockCustomers(
  tx: Write,
  ids: string[],
  options: { field: string; showExcluded: boolean },
): Promise<void> {
  const rows = await tx.rows<{ id: string; excluded: boolean }>(
    `/* lockCustomers */ SELECT id, excluded FROM customer
     WHERE owner_id = ${theOwner} AND id = ANY ($2::bigint[]) ORDER BY id FOR NO KEY UPDATE`,
    [tx.ownerId, ids],
  );
  const excluded = new Map(rows.map((row) => [row.id, row.excluded]));
  const problems = ids.flatMap((id, i) => {
    const field = `${options.field}.${i}`;
    if (!excluded.has(id)) return [problem('NOT_FOUND', field, `invalid ${field} (no such customer)`)];
    if (excluded.get(id) && !options.showExcluded)
      return [problem('EXCLUDED', field, `invalid ${field} (this customer is excluded)`)];
    return [];
  });
  if (problems.length > 0) throw new Rejected(problems);
}
