import type { FeedEvent } from '../feed/feed-event.js';
import type { Sql } from '../database/database.js';
import type { Cursors } from '../feed/cursor.js';
import { subjectsShown, type Subject } from '../snapshot/subjects-shown.js';
import type { AddressGuard } from './address-guard.js';
import { contentOf, type Content } from './content.js';
import { eventType } from './message.js';
import { compose } from './outgoing.js';
import { nextParkedEvents } from './parked-events.js';
import { notSent, send, type SendResult } from './send.js';
import type { ServedEndpoint } from './served-endpoint.js';
import type { Job } from './shard.js';

/** What a job needs beyond what the worker has in memory. */
export interface Prepared {
  /** Of customers that are tried again: the event to send. */
  events: Map<string, FeedEvent>;
  /** Each customer as it is now; missing: excluded, erased or unknown. */
  subjects: Map<string, Subject>;
}

/** Reads what the jobs need as it is now: a receiver gets the newest snapshot, whichever event is told (D4). */
export async function prepareJobs(
  sql: Sql,
  ownerId: string,
  jobs: readonly Job[],
  endpoint: ServedEndpoint,
  at: Date,
): Promise<Prepared> {
  const parked = jobs.flatMap((job) => job.parked ?? []);
  const customerIds = jobs.map((job) => job.customerId);
  return {
    events: parked.length > 0 ? await nextParkedEvents(sql, ownerId, parked, endpoint) : new Map<string, FeedEvent>(),
    subjects: await subjectsShown(sql, ownerId, customerIds, at),
  };
}

/** What one attempt came to. */
export interface Attempted {
  /** The same for every attempt of the event. */
  webhookId: string;
  result: SendResult;
  /** What was sent; null: the template gave nothing that could be. */
  content: Content | null;
}

/** Sends an event to an endpoint, once: rendered now, so a retry tells the newest state, by the template as it is now. */
export async function attemptDelivery(
  hub: { cursors: Cursors; guard: AddressGuard; version: string },
  endpoint: ServedEndpoint,
  delivery: { ownerId: string; event: FeedEvent; subject: Subject | null; at: Date },
  limits: { deadlineMs: number; signal: AbortSignal },
): Promise<Attempted> {
  const { ownerId, event, subject, at } = delivery;
  const webhookId = `evt_${hub.cursors.encode(ownerId, event.pos)}`;
  const type = eventType(event.reasons);
  const content = contentOf(endpoint, { ...event, type, at: event.occurredAt }, subject);
  if ('fault' in content) return { webhookId, result: notSent(content.fault), content: null };
  const outgoing = compose(endpoint, { webhookId, type, content, at }, hub.version);
  return { webhookId, result: await send(hub.guard, outgoing, limits), content };
}
