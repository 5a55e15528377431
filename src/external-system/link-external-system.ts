import { Rejected, problem } from '../errors.js';
import { EventReason } from '../event-reason.js';
import type { Write } from '../write.js';

interface Reference {
  system: string;
  identifier: string;
}

/**
 * Links a customer to an external system; a link to the same system is replaced (A40). The same link again is no change.
 * Gives the system's id.
 * @throws Rejected REQUIRED, TOO_LONG, NOT_FOUND for an unknown system, TAKEN when another customer holds the pair
 */
export async function linkExternalSystem(
  tx: Write,
  customerId: string,
  reference: Reference,
  options: { field: string; showExcluded: boolean },
): Promise<string> {
  const systemId = await systemOf(tx, reference.system, `${options.field}.system`);
  const [holder] = await tx.rows<{ id: string; hidden: boolean }>(
    `/* referenceHolder */ SELECT c.id, c.excluded AND NOT $4 AS hidden FROM external_reference r
     JOIN customer c ON c.owner_id = r.owner_id AND c.id = r.customer_id
     WHERE r.owner_id = $1 AND r.system_id = $2 AND r.identifier = $3`,
    [tx.ownerId, systemId, reference.identifier, options.showExcluded],
  );
  if (holder && holder.id !== customerId)
    throw new Rejected([
      {
        ...problem('TAKEN', options.field, `invalid ${options.field} (already exists)`),
        existingId: holder.hidden ? null : holder.id,
      },
    ]);
  const changed = await tx.rows(
    `/* linkExternalSystem */ INSERT INTO external_reference AS r (owner_id, customer_id, system_id, identifier)
     VALUES ($1, $2, $3, $4)
     ON CONFLICT (owner_id, customer_id, system_id) DO UPDATE SET identifier = excluded.identifier, created_at = now()
     WHERE r.identifier <> excluded.identifier RETURNING 1`,
    [tx.ownerId, customerId, systemId, reference.identifier],
  );
  if (changed.length > 0) tx.touch([customerId], EventReason.UPDATED);
  return systemId;
}

/** Takes the link to a system away; without one it is no change. @throws Rejected NOT_FOUND for an unknown system */
export async function unlinkExternalSystem(tx: Write, customerId: string, system: string): Promise<void> {
  const systemId = await systemOf(tx, system, 'system');
  const gone = await tx.rows(
    `/* unlinkExternalSystem */ DELETE FROM external_reference WHERE owner_id = $1 AND customer_id = $2 AND system_id = $3
     RETURNING 1`,
    [tx.ownerId, customerId, systemId],
  );
  if (gone.length > 0) tx.touch([customerId], EventReason.UPDATED);
}

/** Takes every link of a customer away: `null` clears them like any other field (A40). */
export async function unlinkEverySystem(tx: Write, customerId: string): Promise<void> {
  const gone = await tx.rows(
    '/* unlinkEverySystem */ DELETE FROM external_reference WHERE owner_id = $1 AND customer_id = $2 RETURNING 1',
    [tx.ownerId, customerId],
  );
  if (gone.length > 0) tx.touch([customerId], EventReason.UPDATED);
}

/** By code in either case, or by number (A41). */
async function systemOf(tx: Write, name: string, field: string): Promise<string> {
  const wanted = name.replaceAll('\0', '').trim();
  const [system] = await tx.rows<{ id: string }>(
    '/* systemOf */ SELECT id FROM external_system WHERE owner_id = $1 AND (code = upper($2) OR number = $2)',
    [tx.ownerId, wanted],
  );
  if (!system) throw new Rejected([problem('NOT_FOUND', field, `invalid ${field} (unknown system)`)]);
  return system.id;
}
