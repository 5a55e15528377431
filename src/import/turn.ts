import type { ImportSql } from './operation-place.js';

/**
 * The order of chunks that are written at the same time. Each holds its turn until its transaction ends, and comes to its end
 * behind the turn of the one before. PostgreSQL sees who waits for whom, so it also finds waits in a circle, where a call of
 * somebody else wants what two chunks have.
 *
 * @param lease of the request that writes them
 * @param from rows of the file before the chunk
 */
export async function takeTurn(sql: ImportSql, lease: string, from: number): Promise<void> {
  await sql.rows('/* takeTurn */ SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [turnOf(lease, from)]);
}

/** Waits for the end of a chunk's transaction, be it committed or not. */
export async function awaitTurn(sql: ImportSql, lease: string, from: number): Promise<void> {
  await sql.rows('/* awaitTurn */ SELECT pg_advisory_xact_lock_shared(hashtextextended($1, 0))', [turnOf(lease, from)]);
}

const turnOf = (lease: string, from: number): string => `import ${lease} ${from}`;
