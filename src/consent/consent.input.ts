import { Field, InputType } from 'type-graphql';
import { DateTime } from '../graphql/scalars.js';
import { MarketingChannel } from './consent.entity.js';

@InputType({ description: 'What a customer said about marketing on one channel.' })
export class ConsentInput {
  @Field(() => MarketingChannel)
  channel!: MarketingChannel;

  @Field(() => Boolean, { description: 'false withdraws.' })
  accepted!: boolean;

  @Field(() => String, {
    nullable: true,
    description: "Where it was given; default: the key's name. Up to 255 characters.",
  })
  source?: string | null;

  @Field(() => DateTime, { nullable: true, description: 'When the customer said so; default: now. Not in the future.' })
  occurredAt?: Date | null;

  @Field(() => String, { nullable: true, description: 'What proves it. Up to 1,000 characters.' })
  evidence?: string | null;
}
