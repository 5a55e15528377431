import { Field, ID, Int, ObjectType } from 'type-graphql';
import { Column, Entity, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';
import { EventReason } from '../event-reason.js';
import { DateTime } from '../graphql/scalars.js';
import type { Conditions } from './conditions.js';
import {
  deadPolicies,
  deliveryModes,
  endpointStates,
  type DeadPolicy,
  type DeliveryMode,
  type EndpointState,
} from './webhook-enums.js';

/** A header of the tenant's own, sent with every request. */
export interface EndpointHeader {
  name: string;
  value: string;
}

@Entity('webhook_endpoint')
@ObjectType({ description: 'A URL that is told of every change of the customers.', simpleResolvers: true })
export class WebhookEndpoint {
  @PrimaryColumn('bigint')
  ownerId!: string;

  @Field(() => ID)
  @PrimaryGeneratedColumn('identity', { type: 'bigint' })
  id!: string;

  @Field(() => String)
  @Column('text')
  url!: string;

  @Field(() => String, { description: 'POST, PUT or GET (which sends no body; a template becomes the query).' })
  @Column('text')
  method!: 'POST' | 'PUT' | 'GET';

  @Field(() => String)
  @Column('text')
  contentType!: string;

  @Field(() => String, {
    nullable: true,
    description: 'The body, or with GET the query, with replacement codes (G2–G33); null: the default JSON body.',
  })
  @Column('text', { nullable: true })
  template!: string | null;

  @Field(() => Boolean, { description: 'Whether money codes give 1234,50 instead of 1234.50 (A50).' })
  @Column('boolean')
  moneyDecimalComma!: boolean;

  /** Values may be credentials: they are never shown, `headerNames` is. */
  @Column('jsonb')
  headers!: EndpointHeader[];

  @Field(() => [EventReason], { nullable: true, description: 'Only events with one of these reasons; null: all.' })
  @Column('text', { array: true, nullable: true })
  reasons!: EventReason[] | null;

  /** Tags by id: they are shown by name (`shown-conditions.ts`). */
  @Column('jsonb', { nullable: true })
  conditions!: Conditions | null;

  @Field(() => [String], {
    nullable: true,
    description:
      'Events with one of these origins are not sent, such as the own writes of the receiver; null: all are.',
  })
  @Column('text', { array: true, nullable: true })
  exceptOrigins!: string[] | null;

  @Field(() => deliveryModes)
  @Column('text')
  mode!: DeliveryMode;

  @Field(() => deadPolicies)
  @Column('text')
  onDead!: DeadPolicy;

  @Field(() => Int, {
    description: 'Into how many parts its customers are divided, which processes can serve side by side: 1 to 16.',
  })
  @Column('smallint')
  shards!: number;

  @Field(() => endpointStates)
  @Column('text')
  state!: EndpointState;

  @Field(() => String, { nullable: true, description: 'Why the hub switched it off, in words.' })
  @Column('text', { nullable: true })
  disabledReason!: string | null;

  @Field(() => Int, { description: 'Requests under way at once, 1 to 64.' })
  @Column('smallint', { name: 'max_inflight' })
  maxInFlight!: number;

  @Field(() => Int, { description: 'Requests per second, 1 to 100,000.' })
  @Column('integer', { name: 'rate_per_s' })
  ratePerSecond!: number;

  @Field(() => Boolean, {
    description:
      'Whether it is told when another endpoint of the owner fails, recovers, is disabled or enabled (B.7): see WebhookEndpointInput.',
  })
  @Column('boolean')
  operationalEvents!: boolean;

  /** What was told of it last: 0 nothing, 1 customers fail, 2 the breaker stays open, 3 no success for a day. */
  @Column('smallint')
  failureLevel!: number;

  @Field(() => DateTime, {
    nullable: true,
    description:
      'Since when it fails so that it was told (webhook.endpoint.failing, B.7): 4 attempts of one event, a breaker that stays open, or 24 hours without a success. Null: it does not.',
  })
  @Column('timestamptz', { nullable: true })
  failingSince!: Date | null;

  @Field(() => String, { nullable: true, description: 'Which of these it is, in words; null: it does not fail.' })
  @Column('text', { nullable: true })
  failingReason!: string | null;

  @Field(() => DateTime)
  @Column('timestamptz')
  createdAt!: Date;

  @Field(() => DateTime)
  @Column('timestamptz')
  updatedAt!: Date;
}
