import { Field, Int, ObjectType } from 'type-graphql';
import { DateTime } from '../graphql/scalars.js';
import { RuleVerdict } from '../graphql/rule-verdict.js';

@ObjectType({ description: 'The last attempt to send a stay.', simpleResolvers: true })
export class GuestFeedAttempt {
  @Field(() => DateTime)
  at!: Date;

  @Field(() => Int, { nullable: true, description: 'HTTP status; null when no answer came.' })
  status!: number | null;

  @Field(() => String, { nullable: true, description: 'What failed, in words; null when it was accepted.' })
  error!: string | null;
}

@ObjectType({
  description: 'Whether a stay will be sent by the next run of a feed, and what speaks against it (C9).',
  simpleResolvers: true,
})
export class GuestFeedExplanation {
  @Field(() => Boolean, { description: 'Every rule holds.' })
  willSend!: boolean;

  @Field(() => [RuleVerdict], {
    description:
      'ownerSwitch and feedSwitch (C3), notStopped (A35), checkedOut, email, lastName and notification (C5), checkedOutSinceActivation (A37), notSentBefore (A34), notRefusedUnchanged (A35), customerNotExcluded (A44).',
  })
  rules!: RuleVerdict[];

  @Field(() => GuestFeedAttempt, { nullable: true, description: 'Null: there was none.' })
  lastAttempt!: GuestFeedAttempt | null;

  @Field(() => DateTime, { nullable: true, description: 'When the cron job comes next; null while it is off.' })
  nextRunAt!: Date | null;
}
