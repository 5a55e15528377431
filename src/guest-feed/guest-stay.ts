import type { Sql } from '../database/database.js';

/** A stay with its guest and what is known of it in one feed: all that decides whether, and what, is sent. */
export interface GuestStay {
  bookingId: string;
  number: string;
  status: string;
  deletedAt: Date | null;
  checkedOutAt: Date | null;
  notify: boolean;
  /** Calendar dates of the owner's time zone (A38). */
  arrival: string;
  departure: string;
  /** Of the stay, else of the guest, else of the owner; ISO 639-1. */
  language: string;
  lastName: string | null;
  /** Null for a guest who has one name only, which then is the last name (A32). */
  firstName: string | null;
  email: string | null;
  /** ISO/IEC 5218. */
  sex: number;
  excluded: boolean;
  mark: StayMark | null;
  /** Where it stands in the order of a run. */
  position: StayPosition;
}

/** What became of the last attempt to send a stay. */
export interface StayMark {
  state: 'SENDING' | 'SENT' | 'FAILED' | 'REFUSED';
  attemptedAt: Date;
  status: number | null;
  error: string | null;
  /** Of what was sent then; in hex. */
  fingerprint: string;
  sentAt: Date | null;
}

/** As text, since a JavaScript date has lost the microseconds. */
export interface StayPosition {
  checkedOutAt: string | null;
  bookingId: string;
}

/**
 * Stays that a run still has to look at, by check-out: checked out since `since`, not deleted, not sent, not tried by
 * this run before (but for what an interrupted request left open). What else decides is judged by `criteria.ts`.
 */
export async function staysDue(
  sql: Pick<Sql, 'rows'>,
  place: { ownerId: string; feedId: string; runId: string; since: string },
  page: { after: StayPosition | null; size: number },
): Promise<GuestStay[]> {
  const rows = await sql.rows<StayRow>(
    `/* staysDue */ ${selectStays}
     WHERE b.owner_id = $1 AND b.status = 'CHECKED_OUT' AND b.deleted_at IS NULL
       AND b.checked_out_at >= $3::timestamptz
       AND ($4::timestamptz IS NULL OR (b.checked_out_at, b.id) > ($4, $5::bigint))
       AND (s.state IS NULL OR s.state = 'SENDING' OR (s.state <> 'SENT' AND s.run_id <> $6))
     ORDER BY b.checked_out_at, b.id LIMIT $7`,
    [
      ...[place.ownerId, place.feedId, place.since, page.after?.checkedOutAt ?? null, page.after?.bookingId ?? null],
      ...[place.runId, page.size],
    ],
  );
  return rows.map(stayOf);
}

/** One stay by its number, whatever its state; null: there is none. */
export async function stayByNumber(
  sql: Pick<Sql, 'rows'>,
  place: { ownerId: string; feedId: string },
  number: string,
): Promise<GuestStay | null> {
  const [row] = await sql.rows<StayRow>(`/* stayByNumber */ ${selectStays} WHERE b.owner_id = $1 AND b.number = $3`, [
    place.ownerId,
    place.feedId,
    number,
  ]);
  return row ? stayOf(row) : null;
}

/** The person is read from the stored snapshot: names are derived there, once for all (A2). */
const selectStays = /* sql */ `
  SELECT b.id AS "bookingId", b.number, b.status, b.deleted_at AS "deletedAt", b.checked_out_at AS "checkedOutAt",
    b.checked_out_at::text AS "positionAt", b.notify,
    (b.starts_at AT TIME ZONE o.time_zone)::date AS arrival, (b.ends_at AT TIME ZONE o.time_zone)::date AS departure,
    coalesce(b.language, c.language, o.language) AS language, c.sex, c.excluded,
    p.body ->> 'name' AS name, p.body ->> 'lastName' AS "lastName", p.body ->> 'firstName' AS "firstName", p.body ->> 'email' AS email,
    s.state, s.attempted_at AS "attemptedAt", s.status AS "lastStatus", s.error, encode(s.fingerprint, 'hex') AS fingerprint,
    s.sent_at AS "sentAt"
  FROM booking b
  JOIN owner o ON o.id = b.owner_id
  JOIN customer c ON c.owner_id = b.owner_id AND c.id = b.customer_id
  JOIN customer_snapshot p ON p.owner_id = b.owner_id AND p.customer_id = b.customer_id
  LEFT JOIN guest_feed_stay s ON s.owner_id = b.owner_id AND s.feed_id = $2 AND s.booking_id = b.id`;

type StayRow = Omit<GuestStay, 'mark' | 'position'> & {
  positionAt: string | null;
  name: string;
  state: StayMark['state'] | null;
  lastStatus: number | null;
} & Omit<StayMark, 'state' | 'status'>;

function stayOf(row: StayRow): GuestStay {
  const { positionAt, name, state, attemptedAt, lastStatus, error, fingerprint, sentAt, ...stay } = row;
  return {
    ...stay,
    lastName: filled(stay.lastName),
    firstName: isOneWord(name) && stay.firstName === stay.lastName ? null : filled(stay.firstName),
    email: filled(stay.email),
    mark: state && { state, attemptedAt, status: lastStatus, error, fingerprint, sentAt },
    position: { checkedOutAt: positionAt, bookingId: stay.bookingId },
  };
}

const filled = (text: string | null): string | null => (text?.trim() ? text.trim() : null);

/** Of such a name the snapshot makes both the first and the last name (A2); nobody is to be greeted "Anna Anna". */
const isOneWord = (name: string): boolean => !/\s/.test(name.trim());
