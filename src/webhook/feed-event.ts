import type { EventReason } from '../event-reason.js';

/** One entry of an owner's feed, as the dispatcher reads it. */
export interface FeedEvent {
  pos: bigint;
  customerId: string;
  version: number;
  reasons: EventReason[];
  occurredAt: Date;
}

/** Columns of `feed` under the names of `FeedEvent`; `pos` arrives as text. */
export const feedColumns = `pos, customer_id AS "customerId", version, reasons, occurred_at AS "occurredAt"`;

export type FeedRow = Omit<FeedEvent, 'pos'> & { pos: string };

export const eventOf = (row: FeedRow): FeedEvent => ({ ...row, pos: BigInt(row.pos) });

/** Whether an endpoint wants an event: any of its reasons is among the endpoint's; null wants all. */
export function isWanted(event: FeedEvent, reasons: readonly string[] | null): boolean {
  return reasons === null || event.reasons.some((reason) => reasons.includes(reason));
}
