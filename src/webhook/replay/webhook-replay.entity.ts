import { Field, ID, Int, ObjectType } from 'type-graphql';
import { Column, Entity, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';
import { DateTime } from '../../graphql/scalars.js';
import { replayKinds, replayStates, type ReplayKind, type ReplayState } from './replay-enums.js';

@Entity('webhook_replay')
@ObjectType({
  description:
    'Deliveries that are sent to an endpoint once more, beside what happens now (B.7). Kept for 30 days after its end. When it is DONE, sent + failed + skipped = selected, unless customers were deleted meanwhile or note says why not.',
  simpleResolvers: true,
})
export class WebhookReplay {
  @PrimaryColumn('bigint')
  ownerId!: string;

  @Field(() => ID)
  @PrimaryGeneratedColumn('identity', { type: 'bigint' })
  id!: string;

  @Field(() => ID)
  @Column('bigint')
  endpointId!: string;

  @Field(() => replayKinds)
  @Column('text')
  kind!: ReplayKind;

  @Field(() => ID, { nullable: true, description: 'The only customer it is about; null: all.' })
  @Column('bigint', { nullable: true })
  customerId!: string | null;

  @Field(() => DateTime, { nullable: true, description: 'Only events that occurred at this time or later.' })
  @Column('timestamptz', { nullable: true })
  since!: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'Only events that occurred at this time or earlier.' })
  @Column('timestamptz', { nullable: true })
  until!: Date | null;

  @Column('bigint')
  untilKey!: string;

  @Field(() => replayStates)
  @Column('text')
  state!: ReplayState;

  @Field(() => Int, {
    description: 'How many events (EVENTS) or customers were selected when it was asked for, before any filter.',
  })
  @Column('integer')
  selected!: number;

  @Field(() => Int, { description: 'How many of the selected were delivered by the replay itself.' })
  @Column('integer')
  sent!: number;

  @Field(() => Int, {
    description:
      'How many of the selected were handed to the normal retries, because the request failed or their customer waited for a retry anyway. They go on after the replay has ended.',
  })
  @Column('integer')
  failed!: number;

  @Field(() => Int, {
    description:
      "How many of the selected were not sent: the endpoint's filters do not want them, or they are dead no more.",
  })
  @Column('integer')
  skipped!: number;

  @Field(() => String, { nullable: true, description: 'What else has to be told of its end, in words.' })
  @Column('text', { nullable: true })
  note!: string | null;

  @Field(() => String, { description: 'Name of the key that asked for it.' })
  @Column('text')
  requestedBy!: string;

  @Field(() => DateTime)
  @Column('timestamptz')
  createdAt!: Date;

  @Field(() => DateTime, { nullable: true, description: 'When it was done or cancelled.' })
  @Column('timestamptz', { nullable: true })
  finishedAt!: Date | null;
}
