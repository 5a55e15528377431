import type { Sql } from '../database/database.js';
import type { EventDelivery } from '../event-delivery.js';
import { leaseSeconds, noRows, type Counts, type ImportSql, type Place } from './operation-place.js';
import { ImportRefused } from './refused.js';

export interface Claim {
  dryRun: boolean;
  requestedBy: string;
  /** Null: it cannot be gone on with. A dry run has none. */
  idempotencyKey: string | null;
  /** Of how the rows are to be read, under each secret: the same key with other settings is another import. */
  settingsHashes: Buffer[];
  bytesExpected: number | null;
  /** How webhook receivers are told of what it writes; null: as their endpoints say. */
  delivery: EventDelivery | null;
  lease: string;
}

export interface Claimed {
  id: string;
  /** `begun`: from nothing. `continued`: behind `place`. `done`: all that is left is to tell it again. */
  how: 'begun' | 'continued' | 'done';
  place: Place;
}

/**
 * Takes an operation for one request: a new one, or the one of the key that was interrupted.
 * @throws ImportRefused IN_PROGRESS while somebody is at it, IDEMPOTENCY_KEY_REUSED for other settings, CANCELLED
 */
export async function claimOperation(sql: Sql, ownerId: string, claim: Claim): Promise<Claimed> {
  const begun = await begin(sql, ownerId, claim);
  if (begun !== undefined) return { id: begun, how: 'begun', place: placeOf(nothingYet) };
  const known = await lockKnown(sql, ownerId, claim.idempotencyKey!);
  if (!known || known.live) throw inProgress();
  if (!claim.settingsHashes.some((hash) => hash.equals(known.settingsHash)))
    throw new ImportRefused(
      422,
      'IDEMPOTENCY_KEY_REUSED',
      'this idempotencyKey was used with another profile, onExisting, content type or charset',
    );
  if (known.state === 'CANCELLED')
    throw new ImportRefused(
      409,
      'CANCELLED',
      `operation ${known.id} of this idempotencyKey was cancelled after ${known.rows} rows: take another key to import anew`,
    );
  if (known.state === 'DONE') return { id: known.id, how: 'done', place: placeOf(known) };
  await takeOver(sql, ownerId, known.id, claim);
  return { id: known.id, how: 'continued', place: placeOf(known) };
}

export const inProgress = (): ImportRefused =>
  new ImportRefused(409, 'IN_PROGRESS', 'an import with this idempotencyKey is at work: ask again in a moment');

async function begin(sql: ImportSql, ownerId: string, claim: Claim): Promise<string | undefined> {
  const [row] = await sql.rows<{ id: string }>(
    `/* beginOperation */
     INSERT INTO bulk_operation (owner_id, kind, state, dry_run, requested_by, idempotency_key, settings_hash, bytes_expected,
       lease_owner, delivery, lease_until)
     VALUES ($1, 'IMPORT_CUSTOMERS', 'RUNNING', $2, $3, $4, $5, $6, $7, $8, clock_timestamp() + interval '${leaseSeconds} seconds')
     ON CONFLICT (owner_id, kind, idempotency_key) WHERE idempotency_key IS NOT NULL DO NOTHING RETURNING id`,
    [
      ownerId,
      claim.dryRun,
      claim.requestedBy,
      claim.idempotencyKey,
      claim.settingsHashes[0],
      claim.bytesExpected,
      claim.lease,
      claim.delivery,
    ],
  );
  return row?.id;
}

interface Known extends KnownPlace {
  id: string;
  state: string;
  /** Somebody is at it, and has said so lately. */
  live: boolean;
  settingsHash: Buffer;
}

interface KnownPlace extends Counts {
  bytes: string;
  hash: Buffer | null;
}

/** Undefined while its row is locked: a chunk of it is being written. */
async function lockKnown(sql: ImportSql, ownerId: string, key: string): Promise<Known | undefined> {
  const [known] = await sql.rows<Known>(
    `/* lockOperation */
     SELECT id, state, state = 'RUNNING' AND lease_until > clock_timestamp() AS live, settings_hash AS "settingsHash",
       rows, created, updated, unchanged, skipped, rejected, bytes_read AS bytes, content_hash AS hash
     FROM bulk_operation WHERE owner_id = $1 AND kind = 'IMPORT_CUSTOMERS' AND idempotency_key = $2 FOR UPDATE SKIP LOCKED`,
    [ownerId, key],
  );
  return known;
}

async function takeOver(sql: ImportSql, ownerId: string, id: string, claim: Claim): Promise<void> {
  await sql.rows(
    `/* takeOverOperation */ UPDATE bulk_operation SET state = 'RUNNING', ended_at = NULL, note = NULL,
       requested_by = $3, bytes_expected = $4, lease_owner = $5,
       lease_until = clock_timestamp() + interval '${leaseSeconds} seconds'
     WHERE owner_id = $1 AND id = $2`,
    [ownerId, id, claim.requestedBy, claim.bytesExpected, claim.lease],
  );
}

const nothingYet: KnownPlace = { ...noRows, bytes: '0', hash: null };

const placeOf = ({ bytes, hash, rows, created, updated, unchanged, skipped, rejected }: KnownPlace): Place => ({
  counts: { rows, created, updated, unchanged, skipped, rejected },
  bytes: Number(bytes),
  hash,
});
