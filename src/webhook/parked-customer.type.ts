import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { DateTime } from '../graphql/scalars.js';

export const parkedStates = { RETRY: 'RETRY', DEAD: 'DEAD' } as const;
export type ParkedState = keyof typeof parkedStates;

registerEnumType(parkedStates, {
  name: 'ParkedState',
  description: 'What becomes of a customer whose delivery failed (delivery-design B.7).',
  valuesConfig: {
    RETRY: { description: 'It is tried again by itself.' },
    DEAD: { description: 'Its attempts are used up: a dead letter. Kept for 30 days.' },
  },
});

@ObjectType({
  description:
    'A customer whose events wait for an endpoint, because their delivery failed. Other customers do not wait for it (D6).',
  simpleResolvers: true,
})
export class ParkedCustomer {
  /** For the connection, whose cursors are ids: the customer's. */
  id!: string;

  @Field(() => ID)
  customerId!: string;

  @Field(() => parkedStates)
  state!: ParkedState;

  @Field(() => Int, { description: 'Attempts made for the oldest of its events, up to 10.' })
  attempts!: number;

  @Field(() => DateTime, {
    nullable: true,
    description: 'When it is tried again, unless the breaker is open or the endpoint is not active; null when dead.',
  })
  nextAttemptAt!: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'When it died; null while it is tried again.' })
  diedAt!: Date | null;

  @Field(() => DateTime, {
    nullable: true,
    description: 'When the oldest change that waits was made; null when it has left the feed (14 days).',
  })
  since!: Date | null;

  @Field(() => Int, { nullable: true, description: 'HTTP status of the last attempt; null when no answer came.' })
  lastStatus!: number | null;

  @Field(() => String, { nullable: true, description: 'What failed in the last attempt, in words.' })
  lastError!: string | null;
}
