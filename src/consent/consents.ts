import type { Sql } from '../database/database.js';
import type { Edge } from '../database/edge.js';
import { datesOf, selectList } from '../database/select-list.js';
import { theOwner } from '../database/the-owner.js';
import { EventReason } from '../event-reason.js';
import { entityMembers } from '../graphql/sql-text/members.js';
import type { Write } from '../write.js';
import { Consent, type MarketingChannel } from './consent.entity.js';

const columns = selectList(Consent, 'c');

/** The consent in force on each channel: of each customer the statement that happened last (G28, G29). */
export const consentEdge: Edge<Consent> = {
  sql: (customers) => `SELECT DISTINCT ON (c.customer_id, c.channel) ${columns} FROM consent c
    WHERE c.owner_id = ${theOwner} AND c.customer_id ${customers}
    ORDER BY c.customer_id, c.channel, c.occurred_at DESC, c.accepted, c.id DESC`,
  parent: 'customerId',
  dates: datesOf(Consent),
  members: entityMembers(Consent),
};

export const consentsOf = (
  sql: Pick<Sql, 'rows'>,
  ownerId: string,
  customerIds: readonly string[],
): Promise<Consent[]> =>
  sql.rows<Consent>(`/* consentsOf */ ${consentEdge.sql('= ANY ($2::bigint[])')}`, [ownerId, customerIds]);

export interface ConsentStatement {
  customerId: string;
  channel: MarketingChannel | 'EMAIL' | 'SMS';
  accepted: boolean;
  source: string | null;
  evidence: string | null;
  /** Null: now. */
  occurredAt: Date | null;
}

/**
 * Records what customers said about marketing, any number in one statement. A statement that was recorded before, to
 * the letter, is not recorded again, so repeating a call changes nothing. Gives the customers with something new.
 */
export async function recordConsents(tx: Write, statements: ConsentStatement[]): Promise<string[]> {
  if (statements.length === 0) return [];
  const rows = await tx.rows<{ id: string }>(
    `/* recordConsents */
     INSERT INTO consent (owner_id, customer_id, channel, accepted, source, evidence, occurred_at)
     SELECT $1, said.customer_id, said.channel, said.accepted, said.source, said.evidence, said.occurred_at
     FROM (SELECT customer_id, channel, accepted, source, evidence, occurred_at AS given_at,
             coalesce(occurred_at, $8::timestamptz, statement_timestamp()) AS occurred_at, ord
           FROM unnest($2::bigint[], $3::text[], $4::boolean[], $5::text[], $6::text[], $7::timestamptz[])
             WITH ORDINALITY AS u (customer_id, channel, accepted, source, evidence, occurred_at, ord)) AS said
     LEFT JOIN LATERAL (
       SELECT accepted, source, evidence, occurred_at FROM consent c
       WHERE c.owner_id = ${theOwner} AND c.customer_id = said.customer_id AND c.channel = said.channel
       ORDER BY c.occurred_at DESC, c.accepted, c.id DESC LIMIT 1) AS deciding ON true
     WHERE CASE WHEN said.given_at IS NULL
       -- "from now on": news only when it differs from what is in force
       THEN (deciding.accepted, deciding.source, deciding.evidence) IS DISTINCT FROM (said.accepted, said.source, said.evidence)
       ELSE NOT EXISTS (SELECT FROM consent c
         WHERE c.owner_id = ${theOwner} AND c.customer_id = said.customer_id AND c.channel = said.channel AND c.occurred_at = said.occurred_at
           AND (c.accepted, c.source, c.evidence) IS NOT DISTINCT FROM (said.accepted, said.source, said.evidence)) END
     ORDER BY said.ord
     RETURNING customer_id AS id`,
    [
      tx.ownerId,
      statements.map((s) => s.customerId),
      statements.map((s) => s.channel),
      statements.map((s) => s.accepted),
      statements.map((s) => s.source),
      statements.map((s) => s.evidence),
      statements.map((s) => s.occurredAt),
      tx.at,
    ],
  );
  const ids = [...new Set(rows.map((row) => row.id))];
  tx.touch(ids, EventReason.CONSENT);
  return ids;
}
