import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { EventReason } from '../event-reason.js';
import { connectionType } from '../graphql/connection.js';
import { DateTime } from '../graphql/scalars.js';
import { CustomerSnapshot } from '../snapshot/customer-snapshot.type.js';

// Here and not beside the enum: processes without the API write reasons as well, and load no GraphQL.
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

@ObjectType({ description: 'One entry of the feed: a customer changed.', simpleResolvers: true })
export class CustomerEvent {
  @Field(() => String, { description: 'Keep it: with `after` the feed goes on right behind this event.' })
  cursor!: string;

  @Field(() => ID)
  customerId!: string;

  @Field(() => Int, { description: 'One more with every change of this customer.' })
  version!: number;

  @Field(() => [EventReason])
  reasons!: EventReason[];

  @Field(() => DateTime, { description: 'When it changed.' })
  occurredAt!: Date;

  @Field(() => String, { nullable: true, description: 'The key or external system that wrote; null for the clock.' })
  origin!: string | null;

  @Field(() => CustomerSnapshot, {
    nullable: true,
    description: 'The newest snapshot, at least as new as the event; null once the customer is excluded or erased.',
  })
  snapshot!: CustomerSnapshot | null;
}

@ObjectType({ description: 'A page of the feed.' })
export class CustomerEventConnection extends connectionType('CustomerEvent', CustomerEvent) {}
