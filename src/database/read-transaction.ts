import type { Database } from './database.js';
import type { Transaction } from './transaction.js';

/**
 * The reads of one GraphQL operation of one owner: a transaction that opens with the first statement. In a query all
 * fields see the database at the same moment; in a mutation each statement sees what was written before it.
 */
export class ReadTransaction {
  private opened: Promise<{ sql: Transaction; end: () => Promise<void> }> | null = null;
  private ended = false;

  constructor(
    private readonly db: Database,
    private readonly ownerId: string,
  ) {}

  /** `stable`: set for queries, where nothing is written in between. */
  stable = false;

  async rows<Row>(sql: string, parameters?: unknown[]): Promise<Row[]> {
    return (await this.sql()).rows<Row>(sql, parameters);
  }

  /** The same for a statement that comes again and is to be planned once. Its plan must be good for any parameters. */
  async prepared<Row>(sql: string, parameters: unknown[]): Promise<Row[]> {
    return (await this.sql()).prepared<Row>(sql, parameters);
  }

  /**
   * The same for the only statement of an operation, in a transaction that is opened and ended with it. `onePlan`: whether it is
   * to be planned once, or for its parameters.
   */
  only<Row>(sql: string, parameters: unknown[], { onePlan }: { onePlan: boolean }): Promise<Row[]> {
    if (this.opened) return onePlan ? this.prepared<Row>(sql, parameters) : this.rows<Row>(sql, parameters);
    if (onePlan) return this.db.readAsOwner<Row>(this.ownerId, sql, parameters);
    return this.db.asOwner(this.ownerId, (tx) => tx.rows<Row>(sql, parameters));
  }

  async sql(): Promise<Transaction> {
    // a field that is resolved after the operation was answered would open one anew, which nobody would close
    if (this.ended) throw new Error('the reads have ended');
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
    this.ended = true;
    const { sql, end } = (await opened?.catch(() => undefined)) ?? {};
    await sql?.commit().catch(() => undefined); // of one that has failed its statements have told
    await end?.();
  }
}
