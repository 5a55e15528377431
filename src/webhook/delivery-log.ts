import type { Sql } from '../database/database.js';
import { EventReason } from '../event-reason.js';
import type { FeedEvent } from '../feed/feed-event.js';
import { recordAttempts, type Attempt } from './attempt.js';
import type { Claim } from './claim.js';
import type { Content } from './content.js';
import { forgetLastBodies, maxKeptBytes, storeLastBodies, type LastBody } from './last-body.js';
import { countAttempts } from './tally.js';

/** What a run has to write down of its deliveries, until its next transaction. */
export class DeliveryLog {
  private attempts: Attempt[] = [];
  /** By customer, the newest only; null: too long to be kept. */
  private bodies = new Map<string, LastBody | null>();
  private hidden: string[] = [];

  get length(): number {
    return this.attempts.length;
  }

  /** Notes an attempt, and what a receiver has accepted with it. */
  note(attempt: Attempt, content: Content | null): void {
    this.attempts.push(attempt);
    const { customerId, webhookId, at, state } = attempt;
    if (state !== 'SUCCEEDED' || customerId === null || !content?.filled) return;
    const keep = Buffer.byteLength(content.text) <= maxKeptBytes;
    this.bodies.set(customerId, keep ? { customerId, webhookId, body: content.text, sentAt: at } : null);
  }

  /** Notes of events that were read, wanted by the endpoint or not, which customers are told of no more (A44). */
  read(events: readonly FeedEvent[]): void {
    for (const { reasons, customerId } of events)
      if (reasons.some((reason) => ending.has(reason))) this.hidden.push(customerId);
  }

  /** Writes all of it, and begins anew: what is noted meanwhile belongs to the next transaction. */
  take(): (sql: Sql, claim: Claim) => Promise<void> {
    const { attempts, bodies, hidden } = this;
    this.attempts = [];
    this.bodies = new Map();
    this.hidden = [];
    return async (sql, claim) => {
      if (attempts.length > 0) await recordAttempts(sql, claim, attempts);
      if (attempts.length > 0) await countAttempts(sql, claim, attempts);
      if (hidden.length > 0) await forgetLastBodies(sql, { ...claim, endpointId: null }, hidden);
      const kept = [...bodies.values()].filter((body) => body !== null);
      if (kept.length > 0) await storeLastBodies(sql, claim, kept);
      const tooLong = [...bodies.keys()].filter((customerId) => bodies.get(customerId) === null);
      if (tooLong.length > 0) await forgetLastBodies(sql, claim, tooLong);
    };
  }
}

const ending = new Set<string>([EventReason.EXCLUDED, EventReason.ERASED]);
