import { registerEnumType } from 'type-graphql';

/** What became of an attempt; RETRYING: it is tried again by itself, FAILED: it is not, DEAD: it was the last one. */
export const deliveryStates = {
  SUCCEEDED: 'SUCCEEDED',
  FAILED: 'FAILED',
  RETRYING: 'RETRYING',
  DEAD: 'DEAD',
} as const;
export type DeliveryState = keyof typeof deliveryStates;

registerEnumType(deliveryStates, {
  name: 'DeliveryState',
  description: 'What became of an attempt to deliver.',
  valuesConfig: {
    SUCCEEDED: { description: 'The receiver answered 200 to 299 in time.' },
    FAILED: { description: 'It failed and is not tried again by itself: a test, or the answer 410.' },
    RETRYING: { description: 'It failed and will be tried again.' },
    DEAD: {
      description: 'It failed and was the last attempt; what follows for the customer, the endpoint says with onDead.',
    },
  },
});
