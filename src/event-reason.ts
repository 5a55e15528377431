import { registerEnumType } from 'type-graphql';

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

registerEnumType(EventReason, {
  name: 'EventReason',
  description: 'Why a customer changed. CLOCK: time passed (a booking began, the local day changed).',
  valuesConfig: {
    CREATED: { description: 'The customer was created.' },
    UPDATED: { description: 'Master data, contact infos or external references changed.' },
    CONSENT: { description: 'A marketing consent was given or withdrawn.' },
    TAG: { description: 'A tag was set, removed, renamed or deleted.' },
    ORDER: { description: 'An order was recorded or changed.' },
    BOOKING: { description: 'A booking was recorded, changed or deleted.' },
    CLOCK: { description: 'Time passed: a booking began, or the local day of the owner changed.' },
    MERGED: { description: 'Two customers became one.' },
    EXCLUDED: { description: 'The customer was excluded from the interface; the event has no snapshot.' },
    INCLUDED: { description: 'The exclusion was lifted.' },
    ERASED: { description: 'The customer was erased; the event has no snapshot.' },
  },
});
