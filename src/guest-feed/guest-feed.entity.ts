import { Field, ID, Int, ObjectType } from 'type-graphql';
import { Column, Entity, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';
import { DateTime } from '../graphql/scalars.js';
import { guestFeedKinds, type GuestFeedKind } from './channels.js';

@Entity('guest_feed')
@ObjectType({
  description: 'A scheduled push of checked-out stays to a guest-feedback service (C1–C9).',
  simpleResolvers: true,
})
export class GuestFeed {
  @PrimaryColumn('bigint')
  ownerId!: string;

  @Field(() => ID)
  @PrimaryGeneratedColumn('identity', { type: 'bigint' })
  id!: string;

  @Field(() => guestFeedKinds)
  @Column('text')
  kind!: GuestFeedKind;

  @Field(() => String)
  @Column('text')
  name!: string;

  @Field(() => String, { description: 'Where each stay is posted to.' })
  @Column('text')
  baseUrl!: string;

  @Field(() => String, { description: "Cron expression of five fields, in the owner's time zone (C4)." })
  @Column('text')
  schedule!: string;

  @Field(() => Boolean, {
    description: "The feed's own switch (C3); the other one is the owner's, guestFeedsActive. Both are needed.",
  })
  @Column('boolean')
  active!: boolean;

  @Field(() => DateTime, {
    nullable: true,
    description: 'When it was switched on last: stays checked out before are not sent (A37), but for lookBackDays.',
  })
  @Column('timestamptz', { nullable: true })
  activatedAt!: Date | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Why the hub has stopped it: the service does not accept the account (A35). It starts again by updateGuestFeed with active: true.',
  })
  @Column('text', { nullable: true })
  stoppedReason!: string | null;

  @Field(() => Int, {
    description: 'So many days before the day of activation count as well (A37); 0: none, only what follows it.',
  })
  @Column('integer')
  lookBackDays!: number;

  /** When the cron job is due next. Shown as `nextRunAt` while both switches are on. */
  @Column('timestamptz', { name: 'next_run_at', nullable: true })
  dueAt!: Date | null;

  @Column('text')
  scheduledZone!: string;

  @Column('integer')
  version!: number;

  @Field(() => DateTime)
  @Column('timestamptz')
  createdAt!: Date;

  @Field(() => DateTime)
  @Column('timestamptz')
  updatedAt!: Date;
}
