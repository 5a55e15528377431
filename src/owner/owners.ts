import { vatStatuses } from '../bulk/customer-fields.js';
import { selectList } from '../database/select-list.js';
import { snake } from '../database/snake-case.js';
import type { Sql } from '../database/database.js';
import { Rejected, problem } from '../errors.js';
import { EventReason } from '../event-reason.js';
import { refreshSnapshots } from '../snapshot/refresh-snapshots.js';
import { knownSystems } from '../external-system/external-systems.js';
import type { Write } from '../write.js';
import { checkOwner, type OwnerFields } from './check-owner.js';
import { Owner } from './owner.entity.js';
import type { OwnerInput } from './owner.input.js';

const columns = selectList(Owner, 'o');

/** An owner by id, as the owner itself or the system may read it. */
export async function findOwner(sql: Pick<Sql, 'rows'>, id: string): Promise<Owner | null> {
  const [owner] = await sql.rows<Owner>(`/* findOwner */ SELECT ${columns} FROM owner o WHERE o.id = $1`, [id]);
  return owner ?? null;
}

/**
 * Makes an owner with its eight external systems (T5) and its feed. Across owners: `sql` is the system's.
 * @throws Rejected REQUIRED, INVALID, TOO_SHORT, TOO_LONG, TAKEN
 */
export async function createOwner(sql: Sql, input: OwnerInput): Promise<Owner> {
  const fields = checkOwner(input);
  const values = {
    ...fields,
    name: fields.name ?? fields.code,
    enabledVatStatuses: fields.enabledVatStatuses ?? vatStatuses,
  };
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  const [owner] = await sql.rows<Owner>(
    `/* createOwner */ INSERT INTO owner AS o (${given.map(([field]) => snake(field)).join(', ')})
     VALUES (${given.map((_, i) => `$${i + 1}`).join(', ')}) ON CONFLICT DO NOTHING RETURNING ${columns}`,
    given.map(([, value]) => value),
  );
  if (!owner) throw new Rejected([problem('TAKEN', 'code', 'invalid code (already exists)')]);
  await sql.rows('/* createFeedHead */ INSERT INTO feed_head (owner_id) VALUES ($1)', [owner.id]);
  await sql.rows(
    `/* createKnownSystems */ INSERT INTO external_system (owner_id, code, number, name)
     SELECT $1, * FROM unnest($2::text[], $3::text[], $4::text[])`,
    [owner.id, knownSystems.map((s) => s.code), knownSystems.map((s) => s.number), knownSystems.map((s) => s.name)],
  );
  return owner;
}

/**
 * Changes the settings that were given. Another time zone moves what "today" is: customers whose snapshot changes by
 * it get an event (A62). `tx` is one that changes settings, so no snapshot in the making goes by the old ones. @throws Rejected INVALID; another currency is refused once there are orders (A60)
 */
export async function updateOwner(tx: Write, input: OwnerInput): Promise<Owner> {
  const { code: _, ...fields } = checkOwner(input);
  const owner = (await findOwner(tx, tx.ownerId))!;
  const changes = changesOf(owner, fields);
  if (changes.length === 0) return owner;
  if (changes.some(([field]) => field === 'currency')) await demandNoOrders(tx);
  const [updated] = await tx.rows<Owner>(
    `/* updateOwner */ UPDATE owner AS o SET ${changes.map(([f], i) => `${snake(f)} = $${i + 2}`).join(', ')}, updated_at = now()
     WHERE o.id = $1 RETURNING ${columns}`,
    [tx.ownerId, ...changes.map(([, value]) => value)],
  );
  tx.subject = { kind: 'OWNER', id: tx.ownerId };
  if (changes.some(([field]) => field === 'timeZone')) await refreshDated(tx);
  if (changes.some(([field]) => field === 'currency')) await touchEverybody(tx);
  return updated!;
}

function changesOf(owner: Owner, fields: Omit<OwnerFields, 'code'>): [string, unknown][] {
  return (Object.entries(fields) as [keyof Owner, unknown][]).filter(
    ([field, value]) => value !== undefined && JSON.stringify(value) !== JSON.stringify(owner[field]),
  );
}

async function demandNoOrders(tx: Write): Promise<void> {
  const [order] = await tx.rows('/* anyOrder */ SELECT FROM customer_order WHERE owner_id = $1 LIMIT 1', [tx.ownerId]);
  if (order)
    throw new Rejected([problem('INVALID', 'currency', 'invalid currency (cannot change once orders are recorded)')]);
}

/** Customers with bookings or online orders have days in their snapshots: an event for those in which one moved. */
async function refreshDated(tx: Write): Promise<void> {
  const rows = await tx.rows<{ id: string }>(
    `/* datedCustomers */ SELECT id FROM customer WHERE owner_id = $1 AND id IN (
       SELECT customer_id FROM booking WHERE owner_id = $1
       UNION SELECT customer_id FROM customer_order WHERE owner_id = $1 AND counted AND channel = 'ONLINE')
     ORDER BY id FOR NO KEY UPDATE`,
    [tx.ownerId],
  );
  await refreshSnapshots(
    tx,
    rows.map((row) => row.id),
    'all',
  );
}

async function touchEverybody(tx: Write): Promise<void> {
  const rows = await tx.rows<{ id: string }>('/* everybody */ SELECT id FROM customer WHERE owner_id = $1', [
    tx.ownerId,
  ]);
  tx.touch(
    rows.map((row) => row.id),
    EventReason.UPDATED,
  );
}
