import type { Sql } from '../../database/database.js';
import { Rejected, problem, type Problem } from '../../errors.js';
import { windowSize } from '../event-window.js';
import { selectedEvents } from './read-replay.js';
import type { ReplayKind } from './replay-enums.js';

/** What a person asks to be sent once more. */
export interface ReplayRequest {
  customerId: string | null;
  deadOnly: boolean;
  since: Date | null;
  until: Date | null;
  currentState: boolean;
}

/** What that is right now: `from` to `until` in keys (positions of the feed, or customer ids), and how many. */
export interface Selection {
  from: bigint;
  until: bigint;
  selected: number;
}

/** @throws Rejected with all that is wrong with how a request is put together */
export function kindOf({ customerId, deadOnly, since, until, currentState }: ReplayRequest): ReplayKind {
  const problems: Problem[] = [];
  const ranged = since !== null || until !== null;
  if (!deadOnly && !currentState && !ranged && customerId === null)
    problems.push(problem('REQUIRED', null, 'say what to replay: deadOnly, currentState, since, until or customer'));
  if (deadOnly && currentState)
    problems.push(problem('INVALID', 'currentState', 'invalid currentState (not together with deadOnly)'));
  if (ranged && (deadOnly || currentState)) {
    const field = since === null ? 'until' : 'since';
    const beside = deadOnly ? 'deadOnly' : 'currentState';
    problems.push(problem('INVALID', field, `invalid ${field} (not together with ${beside})`));
  }
  if (since !== null && until !== null && since > until)
    problems.push(problem('INVALID', 'until', 'invalid until (it is before since)'));
  if (problems.length > 0) throw new Rejected(problems);
  return currentState ? 'CURRENT_STATE' : deadOnly ? 'DEAD' : 'EVENTS';
}

/**
 * Events that are not sent yet need no replay. So many beyond its position a shard may have sent; where there are several, it
 * finds them among those of the others.
 */
const underWay = windowSize;

/**
 * What a request selects of what an endpoint was sent up to now. @throws Rejected OUT_OF_RANGE where the feed does not reach
 * back as far
 */
export async function select(
  sql: Pick<Sql, 'rows'>,
  { ownerId, endpointId }: { ownerId: string; endpointId: string },
  kind: ReplayKind,
  request: ReplayRequest,
): Promise<Selection> {
  if (kind === 'EVENTS') await demandInFeed(sql, ownerId, request.since);
  const [row] = await sql.rows<{ from: string | null; until: string | null; selected: number }>(
    statements[kind],
    kind === 'EVENTS'
      ? [ownerId, endpointId, request.customerId, request.since, request.until, underWay]
      : [ownerId, ...(kind === 'DEAD' ? [endpointId] : []), request.customerId],
  );
  const { from, until, selected } = row!;
  return { from: BigInt(from ?? 0), until: BigInt(until ?? 0), selected };
}

async function demandInFeed(sql: Pick<Sql, 'rows'>, ownerId: string, since: Date | null): Promise<void> {
  if (since === null) return;
  const [oldest] = await sql.rows<{ at: Date | null }>(
    `/* oldestInFeed */ SELECT (SELECT min(f.occurred_at) FROM feed f WHERE f.owner_id = $1 AND f.pos = h.min_pos) AS at
     FROM feed_head h WHERE h.owner_id = $1 AND h.min_pos > 1`,
    [ownerId],
  );
  if (!oldest || (oldest.at !== null && since >= oldest.at)) return;
  const reach = oldest.at === null ? 'is empty' : `reaches back to ${oldest.at.toISOString()}`;
  throw new Rejected([
    problem('OUT_OF_RANGE', 'since', `invalid since (the feed ${reach}; currentState tells what is older)`),
  ]);
}

const statements: Record<ReplayKind, string> = {
  EVENTS: `/* selectEvents */ SELECT min(pos) AS from, max(pos) AS until, count(*)::int AS selected FROM feed
    WHERE owner_id = $1 AND ${selectedEvents('$3', '$4', '$5')}
      AND pos <= (SELECT max(greatest(c.acked_pos, (
          SELECT max(before.pos::bigint) FROM jsonb_array_elements(c.handled) AS h, jsonb_array_elements_text(h -> 'ackedPos') AS before (pos))))
          + $6 * count(*) * CASE count(*) WHEN 1 THEN 1 ELSE 4 END
        FROM webhook_cursor c WHERE c.owner_id = $1 AND c.endpoint_id = $2)`,
  DEAD: `/* selectDead */
    SELECT min(customer_id) AS from, max(customer_id) AS until, count(*)::int AS selected FROM webhook_parked
    WHERE owner_id = $1 AND endpoint_id = $2 AND state = 'DEAD' AND ($3::bigint IS NULL OR customer_id = $3)`,
  CURRENT_STATE: `/* selectStates */ SELECT min(id) AS from, max(id) AS until, count(*)::int AS selected FROM customer
    WHERE owner_id = $1 AND ($2::bigint IS NULL OR id = $2)`,
};
