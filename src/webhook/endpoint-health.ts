import type { Sql } from '../database/database.js';
import { tellEndpoints, type Place, type Told } from './notice.js';

/** After so many failed attempts of one event its endpoint is told to be failing (delivery-design B.7). */
export const stubbornAttempts = 4;
export const dayMs = 24 * 60 * 60 * 1_000;
/** How long a breaker may stay open untold, in first waits between probes: as long as about four probes take. */
const patienceInProbes = 8;
export const patienceMs = (probeMs: readonly [number, number]): number => patienceInProbes * probeMs[0];

/**
 * Compares what an endpoint's cursors and parked customers say with what was told of it last (`failure_level`), and tells
 * the difference: `webhook.endpoint.failing` when it rises, `webhook.endpoint.recovered` when it falls (B.7, "warn").
 * Judged under the lock of the endpoint's row, so that of many workers one tells it. `at`: the time by which it is
 * judged; `patience`: milliseconds that an open breaker is nothing to tell. To be called within the transaction that wrote
 * what it judges. Null: nothing has changed, or the endpoint is not active.
 */
export async function judgeHealth(sql: Sql, place: Place, at: Date, patience: number): Promise<Told | null> {
  const told = await lockHealth(sql, place);
  if (told === null) return null;
  const signs = await signsOf(sql, place, at, patience);
  const level = levelOf(signs, told);
  if (level === told) return null;
  await storeHealth(sql, place, { level, since: signs.failSince ?? at, reason: whyFailing(level, signs) });
  return level > told
    ? tellEndpoints(sql, place, { type: 'webhook.endpoint.failing', at, reason: whyFailing(level, signs) })
    : tellEndpoints(sql, place, { type: 'webhook.endpoint.recovered', at, reason: whyRecovered(level, signs) });
}

/** The active endpoints that were told to be failing, across owners: to be judged again, for what ends in silence. */
export const failingEndpoints = (sql: Sql): Promise<Place[]> =>
  sql.rows<Place>(
    `/* failingEndpoints */ SELECT owner_id AS "ownerId", id AS "endpointId" FROM webhook_endpoint
     WHERE failure_level > 0 AND state = 'ACTIVE' ORDER BY owner_id, id`,
  );

/** What of an endpoint speaks of failing: shards, and customers. */
interface Signs {
  shards: number;
  open: number;
  longOpen: number;
  dayLong: number;
  failSince: Date | null;
  stubborn: number;
  dead: number;
}

async function lockHealth(sql: Sql, { ownerId, endpointId }: Place): Promise<number | null> {
  const [endpoint] = await sql.rows<{ level: number }>(
    `/* lockHealth */ SELECT failure_level AS level FROM webhook_endpoint
     WHERE owner_id = $1 AND id = $2 AND state = 'ACTIVE' FOR NO KEY UPDATE`,
    [ownerId, endpointId],
  );
  return endpoint?.level ?? null;
}

async function signsOf(sql: Sql, { ownerId, endpointId }: Place, at: Date, patience: number): Promise<Signs> {
  const [signs] = await sql.rows<Signs>(
    `/* signsOfHealth */
     SELECT * FROM (
       SELECT count(*)::int AS shards, count(*) FILTER (WHERE breaker = 'OPEN')::int AS open, min(fail_since) AS "failSince",
         count(*) FILTER (WHERE breaker = 'OPEN' AND fail_since <= $3::timestamptz - $4 * interval '1 ms')::int AS "longOpen",
         count(*) FILTER (WHERE fail_since <= $3::timestamptz - $5 * interval '1 ms')::int AS "dayLong"
       FROM webhook_cursor WHERE owner_id = $1 AND endpoint_id = $2) c,
     (SELECT count(*) FILTER (WHERE state = 'RETRY' AND attempt >= $6)::int AS stubborn,
         count(*) FILTER (WHERE state = 'DEAD')::int AS dead
       FROM webhook_parked WHERE owner_id = $1 AND endpoint_id = $2) p`,
    [ownerId, endpointId, at, patience, dayMs, stubbornAttempts],
  );
  return signs!;
}

/** 3: no success for a day, 2: a breaker stays open, 1: single customers fail, 0: nothing to tell. */
function levelOf({ dayLong, longOpen, stubborn, open }: Signs, told: number): number {
  const level = dayLong > 0 ? 3 : longOpen > 0 ? 2 : stubborn > 0 ? 1 : 0;
  // one probe that went well ends nothing: the level falls when the breaker closes
  return open > 0 ? Math.max(level, told) : level;
}

async function storeHealth(
  sql: Sql,
  { ownerId, endpointId }: Place,
  { level, since, reason }: { level: number; since: Date; reason: string },
): Promise<void> {
  await sql.rows(
    `/* storeHealth */ UPDATE webhook_endpoint SET failure_level = $3::smallint,
       failing_since = CASE WHEN $3::smallint > 0 THEN coalesce(failing_since, $4) END,
       failing_reason = CASE WHEN $3::smallint > 0 THEN $5 END
     WHERE owner_id = $1 AND id = $2`,
    [ownerId, endpointId, level, since, reason],
  );
}

function whyFailing(level: number, { shards, open, dayLong, stubborn }: Signs): string {
  const among = (count: number) => (shards > 1 ? ` (${count} of ${shards} shards)` : '');
  if (level === 3) return `no delivery has succeeded for 24 hours${among(dayLong)}`;
  if (level === 2) return `the breaker is open, the receiver fails${among(open)}`;
  return `deliveries of ${customers(stubborn)} have failed ${stubbornAttempts} times or more; the others go on`;
}

function whyRecovered(level: number, { dead, stubborn }: Signs): string {
  if (level > 0) return `the receiver accepts deliveries again; those of ${customers(stubborn)} still fail`;
  return dead > 0 ? `nothing is failing any more; ${customers(dead)} given up (dead)` : 'nothing is failing any more';
}

const customers = (count: number): string => `${count} ${count === 1 ? 'customer' : 'customers'}`;
