import type { Sql } from '../database/database.js';
import type { Claim } from './claim.js';
import { skipped } from './skip-dead.js';

/** A customer whose delivery failed: the events from `firstPos` to `lastPos` wait, whatever else happens. */
export interface Parked {
  customerId: string;
  firstPos: bigint;
  lastPos: bigint;
  /** Attempts made for the event at `firstPos`. */
  attempt: number;
  /** When it is tried again; of a dead one: when it died. */
  nextAt: Date;
  state: 'RETRY' | 'DEAD';
  lastStatus: number | null;
  lastError: string | null;
  /**
   * Null: it waits by itself. Else the replay that it waits for too, with the events up to `until` (told as replayed);
   * `state`: its present state is to be sent, before any event.
   */
  replay: { id: string; until: bigint; state: boolean } | null;
  /** The event of the last attempt; null: there was none yet. */
  triedPos: bigint | null;
}

export interface ParkedChanges {
  /** Ids of customers that are not parked any more. */
  gone: string[];
  kept: Parked[];
}

/** Above this many parked customers the breaker opens. */
export const maxParked = 1_000;

/** The parked customers of one shard: in memory while it is leased, and what of them has to be written. */
export class ParkedCustomers {
  private readonly changed = new Set<string>();

  constructor(private readonly customers: Map<string, Parked>) {}

  get(customerId: string): Parked | undefined {
    return this.customers.get(customerId);
  }

  set(parked: Parked): void {
    this.customers.set(parked.customerId, parked);
    this.changed.add(parked.customerId);
  }

  remove(customerId: string): void {
    if (this.customers.delete(customerId)) this.changed.add(customerId);
  }

  dead(): Parked[] {
    return [...this.customers.values()].filter((parked) => parked.state === 'DEAD');
  }

  get crowded(): boolean {
    return this.retrying().length > maxParked;
  }

  /** Those whose time has come, the longest waiting first. */
  due(now: Date): Parked[] {
    return this.retrying()
      .filter((parked) => parked.nextAt <= now)
      .sort((a, b) => a.nextAt.getTime() - b.nextAt.getTime());
  }

  /** The one with the oldest event, due or not: for a probe. */
  oldest(): Parked | null {
    return this.retrying().reduce<Parked | null>((a, b) => (a && a.firstPos < b.firstPos ? a : b), null);
  }

  /**
   * Leaves events after a position of each customer to whoever reads on from there: they will be put behind their customer
   * again. `dead`: behind dead ones too.
   */
  forgetAfter(posOf: (customerId: string) => bigint, { dead }: { dead: boolean }): void {
    for (const parked of dead ? [...this.customers.values()] : this.retrying()) {
      const pos = posOf(parked.customerId);
      if (parked.lastPos > pos && parked.firstPos <= pos) this.set({ ...parked, lastPos: pos });
    }
  }

  /**
   * Gives up the dead events of customers. One with a change that is not written yet is left for the next time: what was
   * given up may be behind it.
   */
  skip(customerIds: readonly string[], now: Date): void {
    for (const parked of customerIds.flatMap((id) => this.customers.get(id) ?? [])) {
      if (parked.state !== 'DEAD' || this.changed.has(parked.customerId)) continue;
      const next = skipped(parked, now);
      if (next) this.set(next);
      else this.remove(parked.customerId);
    }
  }

  get hasChanges(): boolean {
    return this.changed.size > 0;
  }

  /** What changed since the last call, as it is now. */
  takeChanges(): ParkedChanges {
    const ids = [...this.changed];
    this.changed.clear();
    return {
      gone: ids.filter((id) => !this.customers.has(id)),
      kept: ids.flatMap((id) => this.customers.get(id) ?? []),
    };
  }

  private retrying(): Parked[] {
    return [...this.customers.values()].filter((parked) => parked.state === 'RETRY');
  }
}

export async function loadParked(sql: Sql, claim: Claim): Promise<ParkedCustomers> {
  const rows = await sql.rows<ParkedRow>(
    `/* loadParked */
     SELECT customer_id AS "customerId", first_pos AS "firstPos", last_pos AS "lastPos", attempt, state,
       coalesce(next_at, clock_timestamp()) AS "nextAt", last_status AS "lastStatus", last_error AS "lastError", replay,
       tried_pos AS "triedPos"
     FROM webhook_parked WHERE owner_id = $1 AND endpoint_id = $2 AND shard = $3`,
    [claim.ownerId, claim.endpointId, claim.shard],
  );
  const parked = rows.map((row) => ({
    ...{ ...row, firstPos: BigInt(row.firstPos), lastPos: BigInt(row.lastPos) },
    replay: row.replay && { ...row.replay, until: BigInt(row.replay.until) },
    triedPos: row.triedPos === null ? null : BigInt(row.triedPos),
  }));
  return new ParkedCustomers(new Map(parked.map((customer) => [customer.customerId, customer])));
}

type ParkedRow = Omit<Parked, 'firstPos' | 'lastPos' | 'replay' | 'triedPos'> & {
  firstPos: string;
  lastPos: string;
  triedPos: string | null;
  replay: { id: string; until: string; state: boolean } | null;
};

/** Stores changes: within the fenced transaction, after the cursor. */
export async function writeParked(sql: Sql, claim: Claim, { gone, kept }: ParkedChanges): Promise<void> {
  if (gone.length > 0) await deleteParked(sql, claim, gone);
  if (kept.length > 0) await storeParked(sql, claim, kept);
}

async function deleteParked(sql: Sql, claim: Claim, customerIds: string[]): Promise<void> {
  await sql.rows(
    `/* deleteParked */ DELETE FROM webhook_parked
     WHERE owner_id = $1 AND endpoint_id = $2 AND customer_id = ANY ($3::bigint[])`,
    [claim.ownerId, claim.endpointId, customerIds],
  );
}

async function storeParked(sql: Sql, claim: Claim, parked: Parked[]): Promise<void> {
  await sql.rows(
    `/* storeParked */
     INSERT INTO webhook_parked (owner_id, endpoint_id, shard, customer_id, first_pos, last_pos, attempt, next_at, state,
       last_status, last_error, replay, tried_pos)
     SELECT $1, $2, $3, p.* FROM unnest($4::bigint[], $5::bigint[], $6::bigint[], $7::smallint[], $8::timestamptz[],
       $9::text[], $10::smallint[], $11::text[], $12::jsonb[], $13::bigint[]) AS p
     ON CONFLICT (owner_id, endpoint_id, customer_id) DO UPDATE SET first_pos = excluded.first_pos,
       last_pos = excluded.last_pos, attempt = excluded.attempt, next_at = excluded.next_at, state = excluded.state,
       last_status = excluded.last_status, last_error = excluded.last_error, replay = excluded.replay,
       tried_pos = excluded.tried_pos, skip = webhook_parked.skip AND excluded.state = 'DEAD'`,
    [
      ...[claim.ownerId, claim.endpointId, claim.shard],
      parked.map((p) => p.customerId),
      parked.map((p) => p.firstPos.toString()),
      parked.map((p) => p.lastPos.toString()),
      parked.map((p) => p.attempt),
      parked.map((p) => p.nextAt),
      parked.map((p) => p.state),
      parked.map((p) => p.lastStatus),
      parked.map((p) => p.lastError),
      parked.map((p) => p.replay && JSON.stringify({ ...p.replay, until: p.replay.until.toString() })),
      parked.map((p) => p.triedPos?.toString() ?? null),
    ],
  );
}
