import type { Database } from './database.js';
import { RunningReads } from './running-reads.js';
import type { Transaction } from './transaction.js';

/**
 * The reads of one GraphQL operation of one owner: a transaction that opens with the first statement. In a query all
 * fields see the database at the same moment; in a mutation each statement sees what was written before it.
 */
export class ReadTransaction {
  private opened: Promise<{ sql: Transaction; end: () => Promise<void> }> | null = null;
  private ended = false;
  private reason: Error | null = null;
  private readonly running = new RunningReads();

  constructor(
    private readonly db: Database,
    private readonly ownerId: string,
  ) {}

  /** `stable`: set for queries, where nothing is written in between. */
  stable = false;

  async rows<Row>(sql: string, parameters?: unknown[]): Promise<Row[]> {
    return this.orReason(async () => (await this.sql()).rows<Row>(sql, parameters));
  }

  /** The same for a statement that comes again and is to be planned once. Its plan must be good for any parameters. */
  async prepared<Row>(sql: string, parameters: unknown[]): Promise<Row[]> {
    return this.orReason(async () => (await this.sql()).prepared<Row>(sql, parameters));
  }

  /**
   * The same for the only statement of an operation, in a transaction that is opened and ended with it. `onePlan`: whether it is
   * to be planned once, or for its parameters.
   */
  only<Row>(sql: string, parameters: unknown[], { onePlan }: { onePlan: boolean }): Promise<Row[]> {
    if (this.opened) return onePlan ? this.prepared<Row>(sql, parameters) : this.rows<Row>(sql, parameters);
    const { db, ownerId, running } = this;
    return this.orReason(() =>
      onePlan
        ? db.readAsOwner<Row>(ownerId, sql, parameters, running)
        : db.asOwner(ownerId, (tx) => tx.rows<Row>(sql, parameters), running),
    );
  }

  async sql(): Promise<Transaction> {
    // a field that is resolved after the operation was answered would open one anew, which nobody would close
    if (this.ended) throw new Error('the reads have ended');
    this.opened ??= this.db.openAsOwner(
      this.ownerId,
      this.stable ? 'REPEATABLE READ, READ ONLY' : 'READ COMMITTED, READ ONLY',
      this.running,
    );
    return (await this.opened).sql;
  }

  /** Gives the reads up: the statement that is running is cancelled, and none begins any more. */
  abort(reason: Error): void {
    this.reason ??= reason;
    this.running.abort(reason);
  }

  /** What fails of reads that were given up, fails for that reason: behind a cancelled statement PostgreSQL has others. */
  private async orReason<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw this.reason ?? error;
    }
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
