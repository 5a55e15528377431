import { Field, ID, InputType } from 'type-graphql';
import { CustomerIdentifierInput } from '../../customer/customer-identifier.input.js';
import { DateTime } from '../../graphql/scalars.js';

@InputType({
  description:
    'What to send once more. Give one of deadOnly, currentState, or since, until and customer; customer also narrows the first two.',
})
export class ReplayDeliveriesInput {
  @Field(() => ID)
  endpointId!: string;

  @Field(() => CustomerIdentifierInput, {
    nullable: true,
    description: 'Only this customer. Alone: all of its events that the feed still has (14 days).',
  })
  customer?: CustomerIdentifierInput | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Deliveries that ran out of attempts: their attempts count anew from 1, and what waits behind them goes on. Not with since or until.',
  })
  deadOnly?: boolean | null;

  @Field(() => DateTime, {
    nullable: true,
    description:
      'Events that occurred at this time or later. Not before the beginning of the feed (14 days): OUT_OF_RANGE.',
  })
  since?: Date | null;

  @Field(() => DateTime, {
    nullable: true,
    description: 'Events that occurred at this time or earlier. Default: now.',
  })
  until?: Date | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'The present state of every customer, once each. Not with since or until. It is also what an endpoint needs whose position has left the feed: its position moves to the present, it is switched on again, and nothing between is lost.',
  })
  currentState?: boolean | null;
}
