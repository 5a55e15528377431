import { Field, ID, Int, ObjectType } from 'type-graphql';
import { Column, Entity, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';
import { DateTime } from '../graphql/scalars.js';
import { deliveryStates, type DeliveryState } from './delivery-state.js';

@Entity('webhook_attempt')
@ObjectType({ description: 'One attempt to deliver to a webhook endpoint. Kept for 14 days.', simpleResolvers: true })
export class Delivery {
  @PrimaryColumn('bigint')
  ownerId!: string;

  @Field(() => ID)
  @PrimaryGeneratedColumn('identity', { type: 'bigint' })
  id!: string;

  @Field(() => DateTime, { description: 'When the request was sent.' })
  @Column('timestamptz')
  at!: Date;

  @Field(() => ID)
  @Column('bigint')
  endpointId!: string;

  @Column('bigint', { nullable: true })
  pos!: string | null;

  @Field(() => ID, { nullable: true, description: 'Null for a test without a customer, and for an operational event.' })
  @Column('bigint', { nullable: true })
  customerId!: string | null;

  @Field(() => Int, { nullable: true, description: 'The version of the customer that the event told of.' })
  @Column('integer', { nullable: true })
  version!: number | null;

  @Field(() => String, { description: 'The header `webhook-id`: the same for every attempt of an event.' })
  @Column('text')
  webhookId!: string;

  @Field(() => Int, { description: 'Counts from 1.' })
  @Column('smallint')
  attempt!: number;

  @Field(() => deliveryStates)
  @Column('text')
  state!: DeliveryState;

  @Field(() => Int, { nullable: true, description: 'HTTP status; null when no answer came.' })
  @Column('smallint', { nullable: true })
  status!: number | null;

  @Field(() => String, { nullable: true, description: 'What failed, in words.' })
  @Column('text', { nullable: true })
  error!: string | null;

  @Field(() => Int, { nullable: true })
  @Column('integer')
  durationMs!: number;

  @Field(() => String, { nullable: true, description: 'The beginning of the answer, redacted, up to 4 KiB.' })
  @Column('text', { nullable: true })
  responseHead!: string | null;
}
