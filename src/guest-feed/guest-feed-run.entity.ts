import { Field, ID, Int, ObjectType } from 'type-graphql';
import { Column, Entity, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';
import { DateTime } from '../graphql/scalars.js';

@Entity('guest_feed_run')
@ObjectType({ description: 'One run of a guest feed. Kept for 90 days.', simpleResolvers: true })
export class GuestFeedRun {
  @PrimaryColumn('bigint')
  ownerId!: string;

  @Field(() => ID)
  @PrimaryGeneratedColumn('identity', { type: 'bigint' })
  id!: string;

  @Column('bigint')
  feedId!: string;

  @Field(() => DateTime, { description: 'When it began.' })
  @Column('timestamptz')
  startedAt!: Date;

  @Field(() => DateTime, { nullable: true, description: 'Null while it is under way.' })
  @Column('timestamptz', { nullable: true })
  finishedAt!: Date | null;

  @Field(() => Int, { description: 'Stays that the service has accepted.' })
  @Column('integer')
  sent!: number;

  @Field(() => Int, { description: 'Stays that were tried and not accepted, or not answered.' })
  @Column('integer')
  failed!: number;

  @Field(() => Int, {
    description: 'Checked-out stays since the activation that were not tried, as a criterion did not hold (C5).',
  })
  @Column('integer')
  skipped!: number;

  @Field(() => Boolean, { description: 'It ended before all stays were looked at, for the reason given.' })
  @Column('boolean')
  stopped!: boolean;

  @Field(() => String, { nullable: true, description: 'Why it sent nothing, or ended early.' })
  @Column('text', { nullable: true })
  reason!: string | null;
}
