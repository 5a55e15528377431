import type { Database, Sql } from './database.js';

/**
 * The reads of one GraphQL operation of one owner: a transaction that opens with the first statement. In a query all
 * fields see the database at the same moment; in a mutation each statement sees what was written before it.
 */
export class ReadTransaction {
  private opened: Promise<{ sql: Sql; end: () => Promise<void> }> | null = null;

  constructor(
    private readonly db: Database,
    private readonly ownerId: string,
  ) {}

  /** `stable`: set for queries, where nothing is written in between. */
  stable = false;

  async rows<Row>(sql: string, parameters?: unknown[]): Promise<Row[]> {
    return (await this.sql()).rows<Row>(sql, parameters);
  }

  async sql(): Promise<Sql> {
    this.opened ??= this.db.openAsOwner(
      this.ownerId,
      this.stable ? 'REPEATABLE READ, READ ONLY' : 'READ COMMITTED, READ ONLY',
    );
    return (await this.opened).sql;
  }

  /**
   * Gives the connection back. To be called when the operation has ended, and before a write of the same operation:
   * an operation must never wait for a second connection while it holds one.
   */
  async close(): Promise<void> {
    const opened = this.opened;
    this.opened = null;
    await (await opened?.catch(() => undefined))?.end();
  }
}
