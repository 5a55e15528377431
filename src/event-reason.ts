/** Why a customer's snapshot was pushed. One event may have several reasons. */
export enum EventReason {
  CREATED = 'CREATED',
  UPDATED = 'UPDATED',
  CONSENT = 'CONSENT',
  TAG = 'TAG',
  ORDER = 'ORDER',
  BOOKING = 'BOOKING',
  CLOCK = 'CLOCK',
  MERGED = 'MERGED',
  EXCLUDED = 'EXCLUDED',
  INCLUDED = 'INCLUDED',
  ERASED = 'ERASED',
}

/** As the enum lists them: what was done to the customer itself before what hangs on it. */
export const reasonsInOrder = (reasons: ReadonlySet<EventReason>): EventReason[] =>
  Object.values(EventReason).filter((reason) => reasons.has(reason));
