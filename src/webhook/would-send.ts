import type { Sql } from '../database/database.js';
import type { FeedEvent } from '../feed/feed-event.js';
import { contentOf } from './content.js';
import { judge } from './delivery-rules.js';
import { findEndpoints } from './find-endpoints.js';
import { judgedCustomers } from './judged-customers.js';
import { eventType } from './message.js';
import { templateOf } from './template/check-template.js';
import type { WebhookEndpoint } from './webhook-endpoint.entity.js';

/** One request that an event would lead to. */
export interface WouldSend {
  endpointId: string;
  url: string;
  /** As the header `webhook-event` tells it. */
  event: string;
  contentType: string;
  /** The body or, with GET, the query; null: the template cannot be filled in with this customer. */
  body: string | null;
  /** Why not. */
  fault: string | null;
}

/**
 * What the events that this transaction has left in the outbox would send, by customer: to each active endpoint whose
 * filters let the event pass, by the rules and with the content of the dispatcher. Nothing is sent, nothing noted.
 * `at`: decides which day it is; null: now.
 */
export async function wouldSend(
  sql: Sql,
  ownerId: string,
  customerIds: readonly string[],
  at: Date | null,
): Promise<Map<string, WouldSend[]>> {
  const events = await waitingEvents(sql, ownerId, customerIds);
  const sent = new Map<string, WouldSend[]>();
  if (events.length === 0) return sent;
  const endpoints = (await findEndpoints(sql, ownerId)).filter(({ state }) => state === 'ACTIVE');
  for (const endpoint of endpoints) {
    const ids = events.map(({ customerId }) => customerId);
    const customers = await judgedCustomers(sql, { ownerId, endpoint }, ids, at);
    for (const event of events) {
      const customer = customers.get(event.customerId)!;
      const judgement = judge(endpoint, event, customer);
      if (judgement === 'PASS') continue;
      const left = judgement === 'SEND_LEFT';
      const request = requestOf(endpoint, event, left, customer.subject);
      sent.set(event.customerId, [...(sent.get(event.customerId) ?? []), request]);
    }
  }
  return sent;
}

type WaitingEvent = Pick<FeedEvent, 'customerId' | 'version' | 'reasons' | 'origin' | 'occurredAt' | 'delivery'>;

/** The newest event of each customer. */
const waitingEvents = (sql: Sql, ownerId: string, customerIds: readonly string[]): Promise<WaitingEvent[]> =>
  sql.rows<WaitingEvent>(
    `/* waitingEvents */
     SELECT DISTINCT ON (customer_id) customer_id AS "customerId", version, reasons, origin, occurred_at AS "occurredAt", delivery
     FROM outbox WHERE owner_id = $1 AND customer_id = ANY ($2::bigint[]) AND xmin = pg_current_xact_id()::xid
     ORDER BY customer_id, id DESC`,
    [ownerId, customerIds],
  );

function requestOf(
  endpoint: WebhookEndpoint,
  event: WaitingEvent,
  left: boolean,
  subject: Parameters<typeof contentOf>[2],
): WouldSend {
  const { id: endpointId, url, method, contentType, template, moneyDecimalComma } = endpoint;
  const contents = {
    method,
    contentType,
    template: template === null ? null : templateOf({ template, method, contentType, moneyDecimalComma }),
  };
  const type = eventType(event.reasons);
  const content = contentOf(contents, { ...event, type, at: event.occurredAt, left }, subject);
  if ('fault' in content) return { endpointId, url, event: type, contentType, body: null, fault: content.fault };
  return { endpointId, url, event: type, contentType: content.contentType, body: content.text, fault: null };
}
