import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import { Column, Entity, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';
import { DateTime } from '../graphql/scalars.js';

export enum MarketingChannel {
  EMAIL = 'EMAIL',
  SMS = 'SMS',
}

registerEnumType(MarketingChannel, { name: 'MarketingChannel', description: 'By what a customer may be marketed to.' });

/**
 * A statement of a customer about marketing (G28, G29, T2). All are kept; the one that happened last decides, so a
 * later withdrawal beats an older grant that arrives late.
 */
@Entity('consent')
@ObjectType({
  description: 'The marketing consent in force on one channel, with its source and time.',
  simpleResolvers: true,
})
export class Consent {
  @PrimaryColumn('bigint')
  ownerId!: string;

  @Field(() => ID)
  @PrimaryGeneratedColumn('identity', { type: 'bigint' })
  id!: string;

  @Column('bigint')
  customerId!: string;

  @Field(() => MarketingChannel)
  @Column('text')
  channel!: MarketingChannel;

  @Field(() => Boolean)
  @Column('boolean')
  accepted!: boolean;

  @Field(() => String, { nullable: true, description: 'Where it was given: a shop, a form, a system.' })
  @Column('text', { nullable: true })
  source!: string | null;

  @Field(() => String, { nullable: true, description: 'What proves it: a wording, a document number.' })
  @Column('text', { nullable: true })
  evidence!: string | null;

  @Field(() => DateTime, { description: 'When the customer said so. Of two statements the later one counts.' })
  @Column('timestamptz')
  occurredAt!: Date;

  @Field(() => DateTime, { description: 'When the hub learnt of it.' })
  @Column('timestamptz')
  recordedAt!: Date;
}
