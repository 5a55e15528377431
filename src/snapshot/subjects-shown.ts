import type { Sql } from '../database/database.js';
import { everyTag, tagsShown, type ShownSnapshot } from './snapshots-shown.js';

/** What a message can tell of a customer: the promised snapshot, and what only templates show (G33). */
export interface Subject {
  readonly snapshot: ShownSnapshot;
  /** The snapshot in JSON, if it was read as that. */
  readonly text?: string;
  details: CustomerDetails;
}

export interface CustomerDetails {
  address: string | null;
  city: string | null;
  telephone: string | null;
  /** YYYY-MM-DD: the day in the owner's time zone (A62), by which an age is told. */
  today: string;
}

/**
 * The subjects of customers by customer id, each read at one moment: a detail is never older or newer than the snapshot
 * beside it. `at` decides which day it is; null: PostgreSQL's now. Customers that are excluded, erased or unknown are
 * missing from the map (A44). Looked up one by one by their key: joined, all customers of the owner were read as long as
 * PostgreSQL had no statistics (40 ms for 64 of 6,000). Read as text, since most are only sent.
 */
export async function subjectsShown(
  sql: Sql,
  ownerId: string,
  customerIds: readonly string[],
  at: Date | null,
): Promise<Map<string, Subject>> {
  if (customerIds.length === 0) return new Map();
  const rows = await sql.rows<{ id: string; rest: string; set: string } & CustomerDetails>(
    `/* subjectsShown */
     SELECT asked.id, s.rest, s.set, c.address, c.city, c.telephone,
       (coalesce($3::timestamptz, statement_timestamp()) AT TIME ZONE o.time_zone)::date::text AS today
     FROM owner o CROSS JOIN unnest($2::bigint[]) AS asked (id)
     CROSS JOIN LATERAL (SELECT (body - 'tags')::text AS rest, (body -> 'tags')::text AS set FROM customer_snapshot
       WHERE owner_id = $1 AND customer_id = asked.id LIMIT 1) s
     CROSS JOIN LATERAL (SELECT address, city, telephone FROM customer
       WHERE owner_id = $1 AND id = asked.id AND NOT excluded LIMIT 1) c
     WHERE o.id = $1`,
    [ownerId, customerIds, at],
  );
  if (rows.length === 0) return new Map();
  const tags = await tagsShown(sql, ownerId);
  const tagTexts = new Map<string, string>(); // few sets of tags, many customers
  return new Map(
    rows.map(({ id, rest, set, address, city, telephone, today }) => {
      const tagText = tagTexts.get(set) ?? JSON.stringify(everyTag(JSON.parse(set) as string[], tags));
      tagTexts.set(set, tagText);
      return [id, new StoredSubject(rest, tagText, { address, city, telephone, today })];
    }),
  );
}

/** Taken apart only where somebody looks into it. (Not to be spread: what is read on demand would be left behind.) */
class StoredSubject implements Subject {
  private parsed: ShownSnapshot | null = null;

  /** `rest`: the snapshot without its tags, in JSON; it has other members. */
  constructor(
    private readonly rest: string,
    private readonly tags: string,
    readonly details: CustomerDetails,
  ) {}

  get text(): string {
    return `${this.rest.slice(0, -1)}, "tags": ${this.tags}}`;
  }

  get snapshot(): ShownSnapshot {
    return (this.parsed ??= JSON.parse(this.text) as ShownSnapshot);
  }
}
