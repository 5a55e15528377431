import { Field, ID, Int, ObjectType } from 'type-graphql';
import { EventReason } from '../event-reason.js';
import { connectionType } from '../graphql/connection.js';
import { DateTime } from '../graphql/scalars.js';
import { CustomerSnapshot } from '../snapshot/customer-snapshot.type.js';

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
