import type { DataSource, EntityManager } from 'typeorm';

const daysAhead = 3;
/** How long events stay in the feed: a cursor or a webhook endpoint further behind has to begin anew. */
const daysKept = 14;
const partitionLock = 7_301_944_113;

/**
 * Makes the feed's partitions for today and the next days (UTC). Called at start, every hour, and when an insert found
 * none. A partition is built aside and attached, which blocks no reader or writer.
 */
export async function ensurePartitions(dataSource: DataSource): Promise<void> {
  const missing = await dataSource.query<{ name: string; begins: string; ends: string }[]>(
    `/* missingPartitions */
     SELECT to_char(day, '"feed_"YYYYMMDD') AS name, day::date::text AS begins, (day + interval '1 day')::date::text AS ends
     FROM generate_series(date_trunc('day', now() AT TIME ZONE 'UTC') - interval '1 day',
       date_trunc('day', now() AT TIME ZONE 'UTC') + $1 * interval '1 day', interval '1 day') AS day
     WHERE to_regclass(to_char(day, '"feed_"YYYYMMDD')) IS NULL`,
    [daysAhead],
  );
  for (const partition of missing) await attach(dataSource, partition);
}

async function attach(
  dataSource: DataSource,
  { name, begins, ends }: { name: string; begins: string; ends: string },
): Promise<void> {
  await dataSource.transaction(async (manager) => {
    await manager.query('SELECT pg_advisory_xact_lock($1)', [partitionLock]);
    if (await exists(manager, name)) return; // another process was faster
    await manager.query(`CREATE TABLE ${name} (LIKE feed INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING INDEXES)`);
    await manager.query(
      `ALTER TABLE feed ATTACH PARTITION ${name} FOR VALUES FROM ('${begins} 00:00+00') TO ('${ends} 00:00+00')`,
    );
  });
}

/**
 * Drops the partitions that hold only events older than 14 days, the oldest first, and raises `min_pos` of the owners whose
 * events go, in one transaction each: a cursor before them is told that it has expired, never shown a gap. Called
 * every hour; a partition that is in use right now is left for the next time. Gives the names of those that were dropped.
 */
export async function prunePartitions(dataSource: DataSource, now: Date | null = null): Promise<string[]> {
  const old = await dataSource.query<{ name: string }[]>(
    `/* oldPartitions */
     SELECT child.relname AS name FROM pg_inherits JOIN pg_class child ON child.oid = inhrelid
     WHERE inhparent = to_regclass('feed') AND child.relname ~ '^feed_[0-9]{8}$'
       AND to_date(right(child.relname, 8), 'YYYYMMDD') + 1
         <= (coalesce($1::timestamptz, now()) AT TIME ZONE 'UTC')::date - $2::int
     ORDER BY 1`,
    [now, daysKept],
  );
  for (const { name } of old) await drop(dataSource, name);
  return old.map(({ name }) => name);
}

async function drop(dataSource: DataSource, name: string): Promise<void> {
  await dataSource.transaction(async (manager) => {
    await manager.query(`SET LOCAL lock_timeout = '2s'`);
    await manager.query('SELECT pg_advisory_xact_lock($1)', [partitionLock]);
    if (!(await exists(manager, name))) return; // another process was faster
    await manager.query('SET LOCAL ROLE stamdata_system');
    await manager.query(
      `/* raiseFeedStart */ UPDATE feed_head h SET min_pos = greatest(h.min_pos, gone.pos + 1)
       FROM (SELECT owner_id, max(pos) AS pos FROM feed WHERE tableoid = to_regclass($1) GROUP BY owner_id) AS gone
       WHERE h.owner_id = gone.owner_id`,
      [name],
    );
    await manager.query('RESET ROLE');
    await manager.query(`DROP TABLE ${name}`);
  });
}

/** Not by to_regclass: it may answer from what a connection remembers of the time before it waited for the lock. */
async function exists(manager: EntityManager, name: string): Promise<boolean> {
  const found = await manager.query<object[]>(
    '/* findPartition */ SELECT FROM pg_class WHERE relname = $1 AND relnamespace = current_schema()::regnamespace',
    [name],
  );
  return found.length > 0;
}
