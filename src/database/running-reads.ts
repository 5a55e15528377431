import type pg from 'pg';
import { cancelStatement } from './cancel-statement.js';

/** The connections on which one operation reads right now, so that its statements can be cancelled. */
export class RunningReads {
  private readonly clients = new Map<pg.Client, Promise<void> | null>();
  private reason: Error | null = null;

  /** A connection is taken. @throws the reason when the operation was given up meanwhile */
  begin(client: pg.Client): void {
    if (this.reason) throw this.reason;
    this.clients.set(client, null);
  }

  /**
   * It is about to be given back. A promise where its statement is being cancelled, to be waited for: else the
   * cancellation could meet the statement of whoever has the connection next.
   */
  end(client: pg.Client): Promise<void> | null {
    const cancelling = this.clients.get(client) ?? null;
    this.clients.delete(client);
    return cancelling;
  }

  /** Cancels what is running, and refuses what would begin. */
  abort(reason: Error): void {
    this.reason ??= reason;
    for (const [client, cancelling] of this.clients) if (!cancelling) this.clients.set(client, cancelStatement(client));
  }
}
