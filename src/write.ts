import type { EntityManager } from 'typeorm';
import { storeDeed, type Deed } from './audit/store-entry.js';
import type { Subject } from './audit/subject.js';
import type { Clock } from './clock.js';
import type { Database, Sql } from './database/database.js';
import { together } from './database/together.js';
import type { Transaction } from './database/transaction.js';
import type { EventDelivery } from './event-delivery.js';
import { reasonsInOrder, type EventReason } from './event-reason.js';
import { persistently } from './persistently.js';
import { raiseVersions } from './raise-versions.js';
import { rolledBack } from './rolled-back.js';
import { storeSnapshots, type Change } from './snapshot/store-snapshots.js';

/** What a write needs of the hub: its database, its clock, and a way to wake the relay after the commit. */
export interface Writer {
  db: Database;
  clock: Clock;
  /** Called after a commit that left events in the outbox. A hint only: the relay polls as well. */
  wakeRelay: () => void;
}

export interface WriteOptions {
  ownerId: string;
  /** Who writes: the key's name, or the external system it speaks for. Stands in the event as `origin`. */
  origin: string | null;
  /** The same road to its end, then rolled back: nothing is left behind but used-up ids. */
  dryRun?: boolean;
  /** The write changes the owner's settings, by which all others go. */
  settings?: 'changed';
  /** Who does what by it, for the audit log. Default: time or a machine does it, and it has no entry. */
  deed?: Deed;
  /** How webhook receivers are told of its events. Default: as each endpoint's mode says. */
  delivery?: EventDelivery | null;
}

/**
 * The only door to a transaction that changes a customer. Runs the work, raises the version of every touched customer,
 * stores the new snapshots, writes one outbox row each, commits; so "a push on every change" holds by structure.
 * What the work throws rolls everything back and is thrown on. Deadlocks and keys that another transaction took first are
 * tried again, so the work must have no effect outside of its transaction.
 */
export function write<T>(writer: Writer, options: WriteOptions, work: (tx: Write) => Promise<T>): Promise<T> {
  return persistently(() => once(writer, options, work));
}

/** The transaction of one write: SQL, and the note of who was touched and why. */
export class Write implements Sql {
  private readonly raised = new Set<string>();
  private readonly touched = new Map<string, Set<EventReason>>();
  /** Customers whose events are on their way, with their reasons. */
  private readonly settled = new Map<string, ReadonlySet<EventReason>>();
  private settling: Promise<void> = Promise.resolve();
  /** Statements that the work does not wait for. */
  private readonly sent: Promise<unknown>[] = [];
  private failure: { error: unknown } | null = null;
  /** The setting that it changes, with or without customers. */
  subject: Subject | null = null;

  constructor(
    private readonly sql: Transaction,
    readonly ownerId: string,
    readonly at: Date | null,
    /** What the events of this write say beside their reasons. */
    readonly told: { origin: string | null; delivery: EventDelivery | null },
  ) {}

  get manager(): EntityManager {
    return this.sql.manager;
  }

  rows<Row>(sql: string, parameters?: unknown[]): Promise<Row[]> {
    return this.sql.rows<Row>(sql, parameters);
  }

  /** The same for a statement that comes again and is to be planned once: see `Transaction`. */
  prepared<Row>(sql: string, parameters: unknown[]): Promise<Row[]> {
    return this.sql.prepared<Row>(sql, parameters);
  }

  /**
   * The same for a statement that the work need not wait for: it is done before all that is sent after it, and whatever is
   * wrong with it is thrown by the write. Gives its rows, to be waited for when the write has ended.
   */
  send<Row>(sql: string, parameters: unknown[]): Promise<Row[]> {
    const rows = this.prepared<Row>(sql, parameters);
    this.sent.push(rows);
    this.watch(rows);
    return rows;
  }

  /**
   * Some of the work, or all of it. Where a statement that was not waited for has failed, PostgreSQL refuses all after it, and
   * the reason is thrown instead of that.
   */
  async whole<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw isRefused(error) && this.failure ? this.failure.error : error;
    }
  }

  /** Customers whose row this write inserted (version 1) or updated together with its version. */
  touchRaised(customerIds: Iterable<string>, reason: EventReason): void {
    for (const id of customerIds) {
      this.raised.add(id);
      this.note(id, reason);
    }
  }

  /** Customers of which any stored field changed. Calling it twice for one raises its version once. */
  touch(customerIds: Iterable<string>, reason: EventReason): void {
    for (const id of customerIds) this.note(id, reason);
  }

  /**
   * Sends the statement for the snapshots and events of customers that this write makes and is done with, behind the statements
   * that were sent for them, without a wait for those. So PostgreSQL has it at hand; it is waited for at the end.
   */
  settle(customerIds: Iterable<string>): void {
    const ids = [...customerIds];
    for (const id of ids) this.settled.set(id, this.touched.get(id)!);
    this.settling = together([this.settling, ...this.store(this.takeChanges(ids))]);
    this.watch(this.settling); // thrown by `finish`, or overtaken by the error of the work
  }

  /**
   * Versions, snapshots, outbox rows and the entry of the audit log for all that was noted, and the end of the transaction, all
   * of it sent at once. Gives true when there were customers.
   */
  async finish(end: 'commit' | 'later' = 'later', deed?: Deed): Promise<boolean> {
    const touched = new Map([...this.settled, ...this.touched]);
    const ids = [...this.touched.keys()];
    const last = [this.raiseVersions(), ...this.store(this.takeChanges(ids)), storeDeed(this, deed, touched)];
    if (end === 'commit') last.push(this.sql.commit());
    await together([this.settling, ...this.sent, ...last]);
    return ids.length + this.settled.size > 0;
  }

  /** The versions alone: as far as anybody could see of a write that is rolled back. */
  raise(): Promise<void> {
    return together([this.settling, ...this.sent, this.raiseVersions()]);
  }

  private watch(statement: Promise<unknown>): void {
    statement.catch((error: unknown) => {
      if (!isRefused(error)) this.failure ??= { error };
    });
  }

  private note(customerId: string, reason: EventReason): void {
    const told = this.settled.get(customerId);
    if (told?.has(reason)) return;
    if (told) throw new Error(`customer ${customerId} changes after its event was written`);
    const reasons = this.touched.get(customerId);
    if (reasons) reasons.add(reason);
    else this.touched.set(customerId, new Set([reason]));
  }

  private takeChanges(customerIds: string[]) {
    const changes = customerIds.map((customerId) => ({
      customerId,
      reasons: reasonsInOrder(this.touched.get(customerId)!),
    }));
    for (const customerId of customerIds) this.touched.delete(customerId);
    return changes;
  }

  private store(changes: Change[]): Promise<unknown>[] {
    return storeSnapshots(this, this.ownerId, changes, { ...this.told, at: this.at });
  }

  /** The versions of all that was noted and not raised with what it was noted for. */
  private raiseVersions(): Promise<unknown> {
    const due = [...this.touched.keys()].filter((id) => !this.raised.has(id));
    return due.length === 0 ? Promise.resolve() : raiseVersions(this, due);
  }
}

/** in_failed_sql_transaction: a statement behind one that has failed. */
const isRefused = (error: unknown): boolean => (error as { code?: string } | null)?.code === '25P02';

async function once<T>(writer: Writer, options: WriteOptions, work: (tx: Write) => Promise<T>): Promise<T> {
  const { ownerId, origin, deed, dryRun = false, settings = 'kept', delivery = null } = options;
  let events = false;
  const transaction = (end?: (result: T) => never) =>
    writer.db.asWriter(ownerId, settings, async (sql) => {
      const tx = new Write(sql, ownerId, writer.clock.at(), { origin, delivery });
      const done = await tx.whole(async () => {
        const worked = await work(tx);
        events = await (end ? tx.finish() : tx.finish('commit', deed));
        return worked;
      });
      if (!end) return done;
      await sql.rows('SET CONSTRAINTS ALL IMMEDIATE');
      return end(done);
    });
  if (dryRun) return rolledBack(transaction);
  const result = await transaction();
  if (events) writer.wakeRelay();
  return result;
}

/** Another transaction took a key between the look-up and the write: the write is done anew and sees it. */
export class Raced extends Error {
  readonly code = '40001';
}
