import { Field, Int, ObjectType, registerEnumType } from 'type-graphql';
import { DateTime } from '../graphql/scalars.js';

export const breakerStates = { CLOSED: 'CLOSED', OPEN: 'OPEN' } as const;
export type BreakerState = keyof typeof breakerStates;

registerEnumType(breakerStates, {
  name: 'WebhookBreakerState',
  description: 'Whether an endpoint is worth trying (delivery-design B.7).',
  valuesConfig: {
    CLOSED: { description: 'Everything is sent.' },
    OPEN: {
      description: 'The receiver fails: one probe at a time is sent, the rest waits as lag. Three successes close it.',
    },
  },
});

@ObjectType({
  description: 'The breaker of an endpoint; of several shards, what is worst.',
  simpleResolvers: true,
})
export class WebhookBreaker {
  @Field(() => breakerStates)
  state!: BreakerState;

  @Field(() => DateTime, {
    nullable: true,
    description: 'The first failure after the last success; null: the last attempt has succeeded, or there was none.',
  })
  failingSince!: Date | null;

  @Field(() => Int, { description: 'Failed attempts since the last success.' })
  failures!: number;

  @Field(() => DateTime, { nullable: true, description: 'When it is tried again; null while it is closed.' })
  nextProbeAt!: Date | null;
}

@ObjectType({ description: 'The last attempt of an endpoint that failed.', simpleResolvers: true })
export class WebhookError {
  @Field(() => DateTime)
  at!: Date;

  @Field(() => Int, { nullable: true, description: 'HTTP status; null when no answer came.' })
  status!: number | null;

  @Field(() => String, { description: 'What failed, in words.' })
  message!: string;
}
