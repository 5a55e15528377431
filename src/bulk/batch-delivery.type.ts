import { registerEnumType } from 'type-graphql';
import type { EventDelivery } from '../event-delivery.js';

export enum BatchDelivery {
  NORMAL = 'NORMAL',
  LATEST = 'LATEST',
  SUMMARY = 'SUMMARY',
}

registerEnumType(BatchDelivery, {
  name: 'BatchDelivery',
  description: 'How webhook receivers are told of the changes of a batch. Subscribers and the feed get every event.',
  valuesConfig: {
    NORMAL: { description: "As each endpoint's mode says." },
    LATEST: {
      description:
        'What waits of one customer from such batches goes out as one request with the newest snapshot, whatever the mode.',
    },
    SUMMARY: {
      description:
        'No request for each customer, but one for the batch: `customers.bulk` with its counts. Only that a customer has left the conditions of an endpoint is told by itself.',
    },
  },
});

/** As events carry it; null: as each endpoint's mode says. */
export const deliveryOf = (given: BatchDelivery | null | undefined): EventDelivery | null =>
  given == null || given === BatchDelivery.NORMAL ? null : given;
