import type { Database, Sql } from '../../database/database.js';
import { Rejected, problem } from '../../errors.js';
import { lockEndpoint } from '../find-endpoints.js';
import { demandNoResync, moveToHead, needsResync } from './resync.js';
import { kindOf, select, type ReplayRequest, type Selection } from './selection.js';
import type { ReplayKind } from './replay-enums.js';

/** How many replays of an endpoint may wait for each other. */
export const maxReplays = 10;

interface Place {
  ownerId: string;
  endpointId: string;
}

/**
 * Asks for deliveries to be sent once more (B.7). They are sent by whoever serves the endpoint, after replays that were
 * asked for before. One that selects nothing is done at once. For an endpoint that needs a resync only the present state
 * will do: it also moves the endpoint to the present and switches it on. `requestedBy`: name of the key. Gives the replay's
 * id. @throws Rejected
 */
export async function replayDeliveries(
  db: Database,
  place: Place,
  request: ReplayRequest,
  requestedBy: string,
): Promise<string> {
  const kind = kindOf(request);
  const { ownerId, endpointId } = place;
  return db.asOwner(ownerId, async (sql) => {
    const present = await lockEndpoint(sql, ownerId, endpointId, 'endpointId');
    await demandRoom(sql, place);
    const selection = await select(sql, place, kind, request);
    const wholeState = kind === 'CURRENT_STATE' && request.customerId === null;
    if (!wholeState) await demandNoResync(sql, place, 'endpointId');
    else if (await needsResync(sql, place)) await moveToHead(sql, present);
    return insertReplay(sql, place, { kind, request, selection, requestedBy });
  });
}

async function demandRoom(sql: Sql, { ownerId, endpointId }: Place): Promise<void> {
  const [running] = await sql.rows<{ count: number }>(
    `/* countRunningReplays */ SELECT count(*)::int AS count FROM webhook_replay
     WHERE owner_id = $1 AND endpoint_id = $2 AND state = 'RUNNING'`,
    [ownerId, endpointId],
  );
  if (running!.count < maxReplays) return;
  throw new Rejected([
    problem('LIMIT_EXCEEDED', null, `${maxReplays} replays of this endpoint are waiting: cancel one, or let them end`),
  ]);
}

async function insertReplay(
  sql: Sql,
  { ownerId, endpointId }: Place,
  replay: { kind: ReplayKind; request: ReplayRequest; selection: Selection; requestedBy: string },
): Promise<string> {
  const { kind, request, selection, requestedBy } = replay;
  const { from, until, selected } = selection;
  const [row] = await sql.rows<{ id: string }>(
    `/* insertReplay */
     INSERT INTO webhook_replay (owner_id, endpoint_id, kind, customer_id, since, until, until_key, state, selected,
       requested_by, finished_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, CASE WHEN $8 = 'DONE' THEN now() END) RETURNING id`,
    [
      ...[ownerId, endpointId, kind, request.customerId, request.since, request.until],
      ...[String(until), selected === 0 ? 'DONE' : 'RUNNING', selected, requestedBy],
    ],
  );
  await sql.rows(
    `/* insertReplayParts */ INSERT INTO webhook_replay_part (owner_id, replay_id, shard, position, done)
     SELECT owner_id, $3, shard, $4, $5 FROM webhook_cursor WHERE owner_id = $1 AND endpoint_id = $2`,
    [ownerId, endpointId, row!.id, String(from - 1n), selected === 0],
  );
  return row!.id;
}
