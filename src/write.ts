import { setTimeout as sleep } from 'node:timers/promises';
import type { EntityManager } from 'typeorm';
import { storeDeed, type Deed } from './audit/store-entry.js';
import type { Subject } from './audit/subject.js';
import type { Clock } from './clock.js';
import { apart, type Database, type Sql } from './database/database.js';
import { theOwner } from './database/the-owner.js';
import { together } from './database/together.js';
import type { EventDelivery } from './event-delivery.js';
import { reasonsInOrder, type EventReason } from './event-reason.js';
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

/**
 * A dry run of many writes, one after the other in one transaction: each sees what those before it would have written, goes
 * the road of `write` as far as anybody could see of it: snapshots and events would be rolled back unread, as everything is at
 * the end. Until then it holds what it wrote, as any write does.
 */
export async function rehearse<T>(
  writer: Writer,
  { ownerId, origin }: Pick<WriteOptions, 'ownerId' | 'origin'>,
  work: (step: <Part>(part: (tx: Write) => Promise<Part>) => Promise<Part>) => Promise<T>,
): Promise<T> {
  let dry: { result: T } | undefined;
  try {
    return await writer.db.asWriter(ownerId, 'kept', async (sql) => {
      const awake = setInterval(() => void sql.rows('/* stayAwake */ SELECT 1').catch(() => undefined), awakeMs);
      try {
        const result = await work((part) =>
          persistently(() => apart(sql, () => rehearsed(writer, sql, ownerId, origin, part))),
        );
        dry = { result };
        throw rollBack;
      } finally {
        clearInterval(awake);
      }
    });
  } catch (error) {
    if (error === rollBack && dry) return dry.result;
    throw error;
  }
}

/** PostgreSQL ends a transaction in which nothing has happened for a minute; a slow sender may take longer. */
const awakeMs = 20_000;

async function rehearsed<Part>(
  { clock }: Writer,
  sql: Sql,
  ownerId: string,
  origin: string | null,
  part: (tx: Write) => Promise<Part>,
): Promise<Part> {
  const tx = new Rehearsed(sql, ownerId, clock.at(), { origin, delivery: null });
  const done = await part(tx);
  await tx.raiseAll();
  return done;
}

async function persistently<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt === maxAttempts || !retryable.has((error as { code?: string }).code ?? '')) throw error;
    }
    await sleep(Math.random() * Math.min(longestPauseMs, shortestPauseMs * 2 ** attempt));
  }
}

// Of 1,200 moves of one order between four customers by eight writers each is tried 2.2 times; one in 5,000 lost all of ten.
const maxAttempts = 16;
// Tried again at once, the same writes would meet again: of a deadlock's two the loser could take its row back before
// the winner wakes. Twelve writers that move one order from each other gave up after four attempts without pauses.
const shortestPauseMs = 5;
const longestPauseMs = 200;
// deadlock_detected, serialization_failure, and unique_violation: a key was taken after the work had seen it free. Done
// anew, the work sees who holds it and says so.
const retryable = new Set(['40P01', '40001', '23505']);

/** The transaction of one write: SQL, and the note of who was touched and why. */
export class Write implements Sql {
  private readonly raised = new Set<string>();
  private readonly touched = new Map<string, Set<EventReason>>();
  /** Customers whose events are on their way, with their reasons. */
  private readonly settled = new Map<string, ReadonlySet<EventReason>>();
  private settling: Promise<void> = Promise.resolve();
  /** The setting that it changes, with or without customers. */
  subject: Subject | null = null;

  constructor(
    private readonly sql: Sql,
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
    this.settling = together([this.settling, this.store(this.takeChanges(ids))]);
    this.settling.catch(() => undefined); // thrown by `finish`, or overtaken by the error of the work
  }

  /** Versions, snapshots, outbox rows and the entry of the audit log for all that was noted. True: for customers, too. */
  async finish(deed?: Deed): Promise<boolean> {
    const entry = storeDeed(this, deed, new Map([...this.settled, ...this.touched]));
    entry.catch(() => undefined); // thrown below, or overtaken by an error of what was sent before it
    await this.settling;
    await this.raiseAll();
    const ids = [...this.touched.keys()];
    await together([this.store(this.takeChanges(ids)), entry]);
    return ids.length + this.settled.size > 0;
  }

  /** The versions of all that was noted and not raised with what it was noted for. */
  async raiseAll(): Promise<void> {
    const due = [...this.touched.keys()].filter((id) => !this.raised.has(id));
    if (due.length > 0) await this.raiseVersions(due);
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

  private store(changes: Change[]): Promise<void> {
    return storeSnapshots(this, this.ownerId, changes, { ...this.told, at: this.at });
  }

  /**
   * Takes the row locks in the order of the ids, all of them before the first change: this lock is the order of a customer's
   * events (B.3).
   */
  private async raiseVersions(customerIds: string[]): Promise<void> {
    await this.rows(
      `/* raiseVersions */
       WITH locked AS MATERIALIZED (
         SELECT id FROM customer WHERE owner_id = ${theOwner} AND id = ANY ($2::bigint[]) ORDER BY id FOR NO KEY UPDATE)
       UPDATE customer SET version = version + 1, updated_at = coalesce($3::timestamptz, statement_timestamp())
       WHERE owner_id = ${theOwner} AND id = ANY ($2::bigint[]) AND (SELECT count(*) FROM locked) > 0`,
      [this.ownerId, customerIds, this.at],
    );
  }
}

/** One whose snapshots and events nobody would read. */
class Rehearsed extends Write {
  override settle(): void {}
}

async function once<T>(writer: Writer, options: WriteOptions, work: (tx: Write) => Promise<T>): Promise<T> {
  const { ownerId, origin, deed, dryRun = false, settings = 'kept', delivery = null } = options;
  let events = false;
  let dry: { result: T } | undefined;
  try {
    const result = await writer.db.asWriter(ownerId, settings, async (sql) => {
      const tx = new Write(sql, ownerId, writer.clock.at(), { origin, delivery });
      const done = await work(tx);
      events = await tx.finish(dryRun ? undefined : deed);
      if (!dryRun) return done;
      await sql.rows('SET CONSTRAINTS ALL IMMEDIATE');
      dry = { result: done };
      throw rollBack;
    });
    if (events) writer.wakeRelay();
    return result;
  } catch (error) {
    if (error === rollBack && dry) return dry.result;
    throw error;
  }
}

/** Another transaction took a key between the look-up and the write: the write is done anew and sees it. */
export class Raced extends Error {
  readonly code = '40001';
}

const rollBack = new Error('dry run: rolled back');
