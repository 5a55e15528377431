import type pg from 'pg';
import type { DataSource, EntityManager } from 'typeorm';
import { readOwned } from './owned-read.js';
import { RunningReads } from './running-reads.js';
import { inTransaction, openTransaction, type Transaction } from './transaction.js';

/** SQL within one transaction. Every statement opens with its function's name in a comment. */
export interface Sql {
  rows<Row>(sql: string, parameters?: unknown[]): Promise<Row[]>;
  /** TypeORM, bound to the same transaction: for single rows. Use insert, update, delete and find; never save. */
  manager: EntityManager;
}

/**
 * The pool, behind the two roles of the migration: requests work as one owner, machines as the system.
 * `SET LOCAL` ends with the transaction, so a pooled connection never carries an owner to the next one.
 */
export class Database {
  constructor(readonly dataSource: DataSource) {}

  /** A transaction that sees and touches the rows of one owner only. */
  asOwner<T>(ownerId: string, work: (sql: Sql) => Promise<T>, running?: RunningReads): Promise<T> {
    return inTransaction(this.dataSource, beginAsOwner(ownerId), work, running);
  }

  /**
   * One that writes by the owner's settings (its time zone, its currency). Until it ends, nobody changes them; one that
   * changes them begins when all others have ended, and they wait for it.
   */
  asWriter<T>(ownerId: string, settings: 'kept' | 'changed', work: (sql: Transaction) => Promise<T>): Promise<T> {
    const lock =
      settings === 'kept'
        ? `/* keepSettings */ SELECT pg_advisory_xact_lock_shared(-${ownerId})`
        : `/* changeSettings */ SELECT pg_advisory_xact_lock(-${ownerId})`;
    return inTransaction(this.dataSource, `${beginAsOwner(ownerId)}; ${lock}`, work);
  }

  /** A transaction across owners: for authentication and administration, relay, clock and dispatcher. */
  asSystem<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    return inTransaction(this.dataSource, beginAsSystem, work);
  }

  /** A transaction of one owner that the caller ends itself: see `ReadTransaction`. */
  openAsOwner(ownerId: string, mode: string, running?: RunningReads): ReturnType<typeof openTransaction> {
    return openTransaction(this.dataSource, beginAsOwner(ownerId, mode), running);
  }

  /**
   * One statement that reads rows of one owner, prepared, in a transaction of its own: sent as one message, which is a
   * transaction by itself. For a look-up the ways to PostgreSQL and back took more than its work.
   */
  async readAsOwner<Row>(
    ownerId: string,
    text: string,
    values: unknown[],
    running: RunningReads = new RunningReads(),
  ): Promise<Row[]> {
    const client = await this.pool.connect();
    try {
      running.begin(client);
      return await readOwned<Row>(client, numberOf(ownerId), text, values);
    } finally {
      const cancelling = running.end(client);
      if (cancelling) await cancelling;
      client.release();
    }
  }

  /** Past TypeORM, whose objects for a transaction cost a look-up more than the rest of this. */
  private get pool(): pg.Pool {
    return (this.dataSource.driver as unknown as { master: pg.Pool }).master;
  }
}

/**
 * A part of a transaction that may fail by itself: what it wrote is undone and the error thrown on, and the transaction can
 * go on.
 */
export async function apart<T>(sql: Sql, work: () => Promise<T>): Promise<T> {
  await sql.rows('SAVEPOINT part');
  let result: T;
  try {
    result = await work();
  } catch (error) {
    await sql.rows('ROLLBACK TO SAVEPOINT part; RELEASE SAVEPOINT part');
    throw error;
  }
  await sql.rows('RELEASE SAVEPOINT part');
  return result;
}

const beginAsSystem = 'BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL ROLE stamdata_system';

const beginAsOwner = (ownerId: string, mode = 'READ COMMITTED'): string =>
  `BEGIN ISOLATION LEVEL ${mode}; ${actAsOwner(ownerId)}`;

const actAsOwner = (ownerId: string): string =>
  `SET LOCAL ROLE stamdata_app; SET LOCAL app.owner_id = '${numberOf(ownerId)}'`;

function numberOf(ownerId: string): string {
  if (!/^\d+$/.test(ownerId)) throw new TypeError(`not an owner id: ${ownerId}`);
  return ownerId;
}
