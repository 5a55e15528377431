import type { Socket } from 'node:net';
import type { PoolClient, QueryResult, QueryResultRow } from 'pg';
import type { DataSource, EntityManager } from 'typeorm';
import type { Sql } from './database.js';
import { preparedName } from './prepared-name.js';

/**
 * The SQL of one write. What is sent without waiting for what was sent before arrives together and is done in that order: a
 * transaction of three statements takes two ways to PostgreSQL, not five. After one that failed, none of the others is done.
 */
export interface WriteSql extends Sql {
  /**
   * Sends a statement under a name: PostgreSQL parses and plans it once for each connection. For those that come again and
   * whose best plan is the same whatever the parameters are.
   */
  prepared<Row>(sql: string, parameters: unknown[]): Promise<Row[]>;
  /** Ends the transaction behind what was sent, if all of that was done; nothing may be sent after it. */
  commit(): Promise<void>;
}

/** Opens a transaction, does the work and commits, unless the work has done that; rolls back what it throws at. */
export async function writeTransaction<T>(
  dataSource: DataSource,
  opening: string,
  work: (sql: WriteSql) => Promise<T>,
): Promise<T> {
  const runner = dataSource.createQueryRunner();
  try {
    const sql = new Statements((await runner.connect()) as PoolClient, runner.manager);
    return await sql.enclose(opening, work);
  } finally {
    await runner.release();
  }
}

class Statements implements WriteSql {
  private ended: Promise<unknown> | null = null;

  constructor(
    private readonly client: PoolClient,
    readonly manager: EntityManager,
  ) {}

  /** The opening goes out with the first statement of the work, which is not done where the opening fails. */
  async enclose<T>(opening: string, work: (sql: WriteSql) => Promise<T>): Promise<T> {
    this.gather();
    const opened = this.client.query(opening);
    opened.catch(() => undefined); // the statements behind it fail as well, and then it is told instead of theirs
    try {
      const result = await work(this);
      await opened;
      await this.commit();
      return result;
    } catch (error) {
      const [begun] = await Promise.allSettled([opened, (this.ended ??= this.client.query('ROLLBACK'))]);
      throw begun.status === 'rejected' ? begun.reason : error;
    }
  }

  async rows<Row>(sql: string, parameters?: unknown[]): Promise<Row[]> {
    this.demandOpen();
    return (await this.client.query<Row & QueryResultRow>(sql, parameters)).rows;
  }

  async prepared<Row>(sql: string, parameters: unknown[]): Promise<Row[]> {
    this.demandOpen();
    this.gather();
    const statement = { name: preparedName(this.client, sql), text: sql, values: parameters };
    return (await this.client.query<Row & QueryResultRow>(statement)).rows;
  }

  async commit(): Promise<void> {
    if (!this.ended) {
      this.gather();
      this.ended = this.client.query('COMMIT');
    }
    const { command } = (await this.ended) as QueryResult;
    // of a transaction that has failed PostgreSQL makes a ROLLBACK; whoever sent what failed is told the reason
    if (command !== 'COMMIT') throw new Error('the transaction was rolled back: a statement in it has failed');
  }

  /** Small statements that are sent before this process does something else leave in one piece. */
  private gather(): void {
    const { stream } = (this.client as unknown as { connection: { stream: Socket } }).connection;
    stream.cork();
    process.nextTick(() => stream.uncork());
  }

  /** A statement that was forgotten about would run in whichever transaction has the connection next. */
  private demandOpen(): void {
    if (this.ended) throw new Error('the transaction has ended');
  }
}
