import type { FeedEvent } from '../../feed/feed-event.js';

/**
 * A customer's present state, told like an event though nothing has happened. `pos` is that of the newest event which
 * was delivered before and is in the feed still, whose id it is told under; 0: there is none.
 */
export interface StateEvent extends FeedEvent {
  /** The replay that tells it. */
  stateOf: string;
}

export const isState = (event: object): event is StateEvent => 'stateOf' in event;

/** `webhook-event` of a state; of a customer that is excluded or erased by now, the tombstone's. */
export const stateType = (shown: boolean): string => (shown ? 'customer.snapshot' : 'customer.excluded');

/** The same for every attempt where no event lends its id. No dot: Standard Webhooks parts by dots. */
export const stateId = (event: StateEvent): string => `state_${event.stateOf}_${event.customerId}`;
