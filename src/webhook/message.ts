import { EventReason } from '../event-reason.js';

/** What one request tells (api-contract 5). */
export interface Message {
  /** `customer.updated` and so on; also the header `webhook-event`. */
  type: string;
  at: Date;
  customerId: string | null;
  version: number | null;
  reasons: readonly string[];
  /** The customer has left the endpoint's conditions. */
  left?: boolean;
}

/** Bodies above this are sent without their snapshot (delivery-design B.8). */
export const maxBodyBytes = 256 * 1024;

/**
 * The body of a message; one that would be too large has `snapshot: null, truncated: true`. `snapshot`: in JSON; null when the
 * customer is excluded, erased or unknown by now: a tombstone without personal data.
 */
export function bodyOf(message: Message, snapshot: string | null): string {
  const body = render(message, snapshot, undefined);
  return Buffer.byteLength(body) <= maxBodyBytes ? body : render(message, null, true);
}

/** The snapshot as it stands: it comes from the database, and taking it apart and together again was a tenth of a delivery. */
function render(message: Message, snapshot: string | null, truncated: true | undefined): string {
  const { type, at, customerId, version, reasons } = message;
  const head = JSON.stringify({ type, timestamp: at.toISOString(), data: { customerId, version, reasons } });
  const tail = `${message.left ? ',"filter":"left"' : ''}${truncated ? ',"truncated":true' : ''}}}`;
  return `${head.slice(0, -2)},"snapshot":${snapshot ?? 'null'}${tail}`;
}

/**
 * The type of an event with these reasons. What ends a customer's visibility goes first: a receiver must not take a
 * tombstone for a new customer.
 */
export function eventType(reasons: readonly string[]): string {
  const decisive = [
    EventReason.ERASED,
    EventReason.EXCLUDED,
    EventReason.CREATED,
    EventReason.INCLUDED,
    EventReason.MERGED,
  ].find((reason) => reasons.includes(reason));
  if (decisive) return `customer.${decisive.toLowerCase()}`;
  const onlyClock = reasons.length > 0 && reasons.every((reason) => reason === String(EventReason.CLOCK));
  return onlyClock ? 'customer.clock' : 'customer.updated';
}
