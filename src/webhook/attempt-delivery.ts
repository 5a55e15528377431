import type { FeedEvent } from '../feed/feed-event.js';
import type { Sql } from '../database/database.js';
import type { Cursors } from '../feed/cursor.js';
import { snapshotsShown, type ShownSnapshot } from '../snapshot/snapshots-shown.js';
import type { AddressGuard } from './address-guard.js';

import { bodyOf, eventType } from './message.js';
import { compose } from './outgoing.js';
import { nextParkedEvents } from './parked-events.js';
import { send, type SendResult } from './send.js';
import type { ServedEndpoint } from './served-endpoint.js';
import type { Job } from './shard.js';

/** What a job needs beyond what the worker has in memory. */
export interface Prepared {
  /** Of customers that are tried again: the event to send. */
  events: Map<string, FeedEvent>;
  /** The newest snapshot of each customer; missing: excluded, erased or unknown. */
  snapshots: Map<string, ShownSnapshot>;
}

/** Reads what the jobs need as it is now: a receiver gets the newest snapshot, whichever event is told (D4). */
export async function prepareJobs(
  sql: Sql,
  ownerId: string,
  jobs: readonly Job[],
  endpoint: ServedEndpoint,
): Promise<Prepared> {
  const parked = jobs.flatMap((job) => job.parked ?? []);
  const customerIds = jobs.map((job) => job.customerId);
  return {
    events: parked.length > 0 ? await nextParkedEvents(sql, ownerId, parked, endpoint) : new Map<string, FeedEvent>(),
    snapshots: await snapshotsShown(sql, ownerId, customerIds),
  };
}

/** Sends an event to an endpoint, once. Gives what became of it and the `webhook-id`, the same for every attempt. */
export async function attemptDelivery(
  hub: { cursors: Cursors; guard: AddressGuard; version: string },
  endpoint: ServedEndpoint,
  delivery: { ownerId: string; event: FeedEvent; snapshot: ShownSnapshot | null; at: Date },
  limits: { deadlineMs: number; signal: AbortSignal },
): Promise<{ webhookId: string; result: SendResult }> {
  const { ownerId, event, snapshot, at } = delivery;
  const webhookId = `evt_${hub.cursors.encode(ownerId, event.pos)}`;
  const type = eventType(event.reasons);
  const body = bodyOf({ ...event, type, at: event.occurredAt, snapshot });
  const outgoing = compose(endpoint, { webhookId, type, body, at }, hub.version);
  return { webhookId, result: await send(hub.guard, outgoing, limits) };
}
