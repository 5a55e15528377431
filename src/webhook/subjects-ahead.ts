import type { Sql } from '../database/database.js';
import { subjectsShown, type Subject } from '../snapshot/subjects-shown.js';
import { judge } from './delivery-rules.js';
import type { PreparedJob } from './prepare-jobs.js';
import type { ServedEndpoint } from './served-endpoint.js';
import type { Job } from './shard.js';
import type { ShardEvents } from './shard-events.js';

/** How old what a request tells may be when it leaves, in milliseconds. */
const freshMs = 100;

interface Kept {
  subject: Subject | null;
  /** It is at least as new as all events up to here (D4). */
  readPos: bigint;
  readAt: number;
}

/**
 * Customers as they were a moment ago, read together with a page of the feed: what is sent at once needs no statement of
 * its own then. Not for endpoints with conditions, by which a customer is judged right before it is sent.
 */
export class SubjectsAhead {
  private readonly kept = new Map<string, Kept>();
  /** When customers were last read by statements of their own. */
  private readonly readLater = new Map<string, number>();

  /** Reads the customers of as many of a page's events as can be sent while that is fresh. */
  async read(sql: Sql, ownerId: string, endpoint: ServedEndpoint, page: ShardEvents, at: Date): Promise<void> {
    if (endpoint.conditions) return;
    const soon = endpoint.maxInFlight + Math.ceil((endpoint.ratePerSecond * freshMs) / 1_000);
    const wanted = page.events.filter((event) => judge(endpoint, event, undefined) !== 'PASS').slice(0, soon);
    const customerIds = [...new Set(wanted.map(({ customerId }) => customerId))];
    const readAt = performance.now();
    const subjects = await subjectsShown(sql, ownerId, customerIds, at);
    for (const [customerId, kept] of this.kept) if (!isFresh(kept.readAt, readAt)) this.kept.delete(customerId);
    for (const [customerId, at] of this.readLater) if (!isFresh(at, readAt)) this.readLater.delete(customerId);
    for (const customerId of customerIds)
      this.kept.set(customerId, { subject: subjects.get(customerId) ?? null, readPos: page.readPos, readAt });
  }

  /**
   * These customers are told as they are now: what was read of them before must not follow, as it would where a resync or a
   * retry comes between the reading of an event and its turn (D4).
   */
  outdate(customerIds: readonly string[], nowMs: number): void {
    for (const customerId of customerIds) this.readLater.set(customerId, nowMs);
  }

  /** The job, prepared by what was read; null: it takes a statement. `nowMs`: `performance.now()`. */
  prepare(endpoint: ServedEndpoint, job: Job, nowMs: number): PreparedJob | null {
    if (endpoint.conditions || job.parked || job.replay) return null;
    const kept = this.kept.get(job.customerId);
    if (!kept || !isFresh(kept.readAt, nowMs) || job.event.pos > kept.readPos) return null;
    if (kept.readAt <= (this.readLater.get(job.customerId) ?? -Infinity)) return null;
    return { job, event: job.event, subject: kept.subject, judgement: judge(endpoint, job.event, undefined) };
  }
}

const isFresh = (readAt: number, nowMs: number): boolean => nowMs - readAt < freshMs;
