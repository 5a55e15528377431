/**
 * How webhook receivers are told of events where it is not as their endpoint's mode says: LATEST, what waits of one customer
 * goes out as one request; SUMMARY, not one by one at all, but by one message about the whole batch.
 */
export type EventDelivery = 'LATEST' | 'SUMMARY';
