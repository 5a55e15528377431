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
