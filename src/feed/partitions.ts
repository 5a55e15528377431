import type { DataSource } from 'typeorm';

const daysAhead = 3;
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
    // Not to_regclass: it may answer from what this connection remembers of the time before it waited for the lock.
    const found = await manager.query<object[]>(
      '/* findPartition */ SELECT FROM pg_class WHERE relname = $1 AND relnamespace = current_schema()::regnamespace',
      [name],
    );
    if (found.length > 0) return; // another process was faster
    await manager.query(`CREATE TABLE ${name} (LIKE feed INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING INDEXES)`);
    await manager.query(
      `ALTER TABLE feed ATTACH PARTITION ${name} FOR VALUES FROM ('${begins} 00:00+00') TO ('${ends} 00:00+00')`,
    );
  });
}
