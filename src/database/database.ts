import type pg from 'pg';
import type { DataSource, EntityManager, QueryRunner } from 'typeorm';
import { callPrepared, forgetPrepared } from './prepared.js';

/** SQL within one transaction. Every statement opens with its function's name in a comment. */
export interface Sql {
  rows<Row>(sql: string, parameters?: unknown[]): Promise<Row[]>;
  /** TypeORM, bound to the same transaction: for single rows. Use insert, update, delete and find; never save. */
  manager: EntityManager;
}

/** A transaction that reads. */
export interface OpenReads {
  sql: Sql;
  /** Sends a statement under a name: PostgreSQL parses and plans it once for each connection. */
  prepared: <Row>(text: string, values: unknown[]) => Promise<Row[]>;
  end: () => Promise<void>;
}

/**
 * The pool, behind the two roles of the migration: requests work as one owner, machines as the system.
 * `SET LOCAL` ends with the transaction, so a pooled connection never carries an owner to the next one.
 */
export class Database {
  constructor(readonly dataSource: DataSource) {}

  /** A transaction that sees and touches the rows of one owner only. */
  asOwner<T>(ownerId: string, work: (sql: Sql) => Promise<T>): Promise<T> {
    return this.transaction(beginAsOwner(ownerId), work);
  }

  /**
   * One that writes by the owner's settings (its time zone, its currency). Until it ends, nobody changes them; one that
   * changes them begins when all others have ended, and they wait for it.
   */
  asWriter<T>(ownerId: string, settings: 'kept' | 'changed', work: (sql: Sql) => Promise<T>): Promise<T> {
    const lock =
      settings === 'kept'
        ? `/* keepSettings */ SELECT pg_advisory_xact_lock_shared(-${ownerId})`
        : `/* changeSettings */ SELECT pg_advisory_xact_lock(-${ownerId})`;
    return this.transaction(`${beginAsOwner(ownerId)}; ${lock}`, work);
  }

  /** A transaction across owners: for authentication and administration, relay, clock and dispatcher. */
  asSystem<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    return this.transaction(beginAsSystem, work);
  }

  /** A transaction of one owner that the caller ends itself: see `ReadTransaction`. */
  async openAsOwner(ownerId: string, mode: string): Promise<OpenReads> {
    const runner = this.dataSource.createQueryRunner();
    const client = await begin(runner, beginAsOwner(ownerId, mode));
    return {
      sql: sqlOf(runner, client),
      prepared: async <Row>(text: string, values: unknown[]) => {
        demandOpen(runner);
        return rowsOf<Row>(client, '', text, values);
      },
      end: () => end(runner, 'COMMIT'),
    };
  }

  /**
   * One statement that reads rows of one owner, prepared, in a transaction of its own: sent as one message, which is a
   * transaction by itself. For a look-up the ways to PostgreSQL and back took more than its work.
   */
  async readAsOwner<Row>(ownerId: string, text: string, values: unknown[]): Promise<Row[]> {
    const before = `${actAsOwner(ownerId)}; SET LOCAL transaction_read_only = on; `;
    const client = await this.pool.connect();
    try {
      return await rowsOf<Row>(client, before, text, values);
    } finally {
      client.release();
    }
  }

  /** Past TypeORM, whose objects for a transaction cost a look-up more than the rest of this. */
  private get pool(): pg.Pool {
    return (this.dataSource.driver as unknown as { master: pg.Pool }).master;
  }

  private async transaction<T>(opening: string, work: (sql: Sql) => Promise<T>): Promise<T> {
    const runner = this.dataSource.createQueryRunner();
    const client = await begin(runner, opening);
    let result: T;
    try {
      result = await work(sqlOf(runner, client));
    } catch (error) {
      await end(runner, 'ROLLBACK').catch(() => undefined); // the first error is the one that tells
      throw error;
    }
    await end(runner, 'COMMIT');
    return result;
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

function actAsOwner(ownerId: string): string {
  if (!/^\d+$/.test(ownerId)) throw new TypeError(`not an owner id: ${ownerId}`);
  return `SET LOCAL ROLE stamdata_app; SET LOCAL app.owner_id = '${ownerId}'`;
}

/** The connection does not know it: something made it forget, or the transaction in which it was sent had failed before. */
const unknownStatement = '26000';

/** The rows of a prepared statement; `before` stands in front of it in the same message. */
async function rowsOf<Row>(client: pg.PoolClient, before: string, text: string, values: unknown[]): Promise<Row[]> {
  try {
    const answer = await client.query(before + callPrepared(client, text, values));
    const results: { rows: Row[] }[] = Array.isArray(answer) ? (answer as { rows: Row[] }[]) : [answer];
    return results.at(-1)!.rows;
  } catch (error) {
    if ((error as { code?: string }).code === unknownStatement) forgetPrepared(client, text);
    throw error;
  }
}

async function begin(runner: QueryRunner, opening: string): Promise<pg.PoolClient> {
  try {
    const client = (await runner.connect()) as pg.PoolClient;
    await client.query(opening);
    return client;
  } catch (error) {
    await runner.release();
    throw error;
  }
}

/**
 * Statements go out in the order in which they are asked for, without a wait for the answers to those before (pipelining), so
 * PostgreSQL always has the next one. What follows a failed one fails as well, up to the rollback.
 */
const sqlOf = (runner: QueryRunner, client: pg.PoolClient): Sql => ({
  manager: runner.manager,
  rows: async <Row>(sql: string, parameters?: unknown[]) => {
    demandOpen(runner);
    return (await client.query<Row & pg.QueryResultRow>(sql, parameters)).rows;
  },
});

/** A statement that was forgotten about would run in whichever transaction has the connection next. */
function demandOpen(runner: QueryRunner): void {
  if (runner.isReleased || ending.has(runner)) throw new Error('the transaction has ended');
}

/** Those whose COMMIT or ROLLBACK is on its way. */
const ending = new WeakSet<QueryRunner>();

async function end(runner: QueryRunner, statement: 'COMMIT' | 'ROLLBACK'): Promise<void> {
  ending.add(runner);
  try {
    await runner.query(statement);
  } finally {
    await runner.release();
  }
}
