import type { FeedEvent } from '../feed/feed-event.js';
import type { Cursors } from '../feed/cursor.js';
import type { Subject } from '../snapshot/subjects-shown.js';
import type { AddressGuard } from './address-guard.js';
import { contentOf, type Content } from './content.js';
import { eventType } from './message.js';
import { compose, type Marks } from './outgoing.js';
import { isState, stateId, stateType } from './replay/state-event.js';
import { notSent, send, type SendResult } from './send.js';
import type { ServedEndpoint } from './served-endpoint.js';

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
  delivery: { ownerId: string; event: FeedEvent; subject: Subject | null; at: Date } & Marks,
  limits: { deadlineMs: number; signal: AbortSignal },
): Promise<Attempted> {
  const { ownerId, event, subject, at, replayed, left } = delivery;
  const { pos, customerId, version, reasons, occurredAt } = event;
  const webhookId = pos > 0n || !isState(event) ? `evt_${hub.cursors.encode(ownerId, pos)}` : stateId(event);
  const type = isState(event) ? stateType(subject !== null) : eventType(reasons);
  const content = contentOf(endpoint, { type, at: occurredAt, customerId, version, reasons, left }, subject);
  if ('fault' in content) return { webhookId, result: notSent(content.fault), content: null };
  const outgoing = compose(endpoint, { webhookId, type, content, at, replayed, left }, hub.version);
  return { webhookId, result: await send(hub.guard, outgoing, limits), content };
}
