import type { Socket } from 'node:net';
import type { PoolClient, QueryResult } from 'pg';
import type { DataSource, EntityManager } from 'typeorm';
import type { Sql } from './database.js';
import { preparedName } from './prepared-name.js';
import type { RunningReads } from './running-reads.js';

/**
 * The SQL of one transaction. What is sent without waiting for what was sent before arrives together and is done in that order: a
 * transaction of three statements takes two ways to PostgreSQL, not five. After one that failed, none of the others is done.
 */
export interface Transaction extends Sql {
  /**
   * Sends a statement under a name: PostgreSQL parses and plans it once for each connection. For those that come again and
   * whose best plan is the same whatever the parameters are.
   */
  prepared<Row>(sql: string, parameters: unknown[]): Promise<Row[]>;
  /** Ends the transaction behind what was sent, if all of that was done; nothing may be sent after it. */
  commit(): Promise<void>;
}

/** Opens a transaction, does the work and commits, unless the work has done that; rolls back what it throws at. */
export async function inTransaction<T>(
  dataSource: DataSource,
  opening: string,
  work: (sql: Transaction) => Promise<T>,
  running?: RunningReads,
): Promise<T> {
  const { sql, end } = await openTransaction(dataSource, opening, running);
  try {
    const result = await work(sql);
    await sql.commit();
    return result;
  } finally {
    await end();
  }
}

/**
 * A transaction that its caller ends, and with it gives the connection back: what was not committed is rolled back.
 * `running`: through which its statements can be cancelled.
 */
export async function openTransaction(
  dataSource: DataSource,
  opening: string,
  running?: RunningReads,
): Promise<{ sql: Transaction; end: () => Promise<void> }> {
  const runner = dataSource.createQueryRunner();
  try {
    const client = (await runner.connect()) as PoolClient;
    running?.begin(client);
    const sql = new Statements(client, runner.manager, opening);
    const end = async () => {
      await sql.end();
      await running?.end(client);
      await runner.release();
    };
    return { sql, end };
  } catch (error) {
    await runner.release();
    throw error;
  }
}

class Statements implements Transaction {
  private readonly opened: Promise<unknown>;
  private ended: Promise<QueryResult> | null = null;

  /** The opening goes out with the first statement, which is not done where it fails. */
  constructor(
    private readonly client: PoolClient,
    readonly manager: EntityManager,
    opening: string,
  ) {
    this.gather();
    this.opened = client.query(opening);
    this.opened.catch(() => undefined); // told by the statements behind it
  }

  rows<Row>(sql: string, parameters?: unknown[]): Promise<Row[]> {
    return this.send<Row>(() => this.client.query(sql, parameters));
  }

  prepared<Row>(sql: string, parameters: unknown[]): Promise<Row[]> {
    return this.send<Row>(() => {
      this.gather();
      return this.client.query({ name: preparedName(this.client, sql), text: sql, values: parameters });
    });
  }

  async commit(): Promise<void> {
    const { command } = await this.close('COMMIT');
    await this.opened;
    // of a transaction that has failed PostgreSQL makes a ROLLBACK; whoever sent what failed is told the reason
    if (command !== 'COMMIT') throw new Error('the transaction was rolled back: a statement in it has failed');
  }

  /** Of one that was committed nothing is left to be done. The reason of what went wrong was told by what did. */
  async end(): Promise<void> {
    await this.close('ROLLBACK').catch(() => undefined);
  }

  private close(statement: 'COMMIT' | 'ROLLBACK'): Promise<QueryResult> {
    if (this.ended) return this.ended;
    this.gather();
    return (this.ended = this.client.query(statement));
  }

  private async send<Row>(query: () => Promise<QueryResult>): Promise<Row[]> {
    // a statement that was forgotten about would run in whichever transaction has the connection next
    if (this.ended) throw new Error('the transaction has ended');
    try {
      return (await query()).rows as Row[];
    } catch (error) {
      await this.opened; // what fails with the opening does not know why
      throw error;
    }
  }

  /** Small statements that are sent before this process does something else leave in one piece. */
  private gather(): void {
    const { stream } = (this.client as unknown as { connection: { stream: Socket } }).connection;
    stream.cork();
    process.nextTick(() => stream.uncork());
  }
}
