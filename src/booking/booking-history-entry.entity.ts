import { Field, ObjectType } from 'type-graphql';
import { Column, Entity, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';
import { DateTime } from '../graphql/scalars.js';

@Entity('booking_history')
@ObjectType({ description: 'Something that happened to a booking (C8).', simpleResolvers: true })
export class BookingHistoryEntry {
  @PrimaryColumn('bigint')
  ownerId!: string;

  @PrimaryGeneratedColumn('identity', { type: 'bigint' })
  id!: string;

  @Column('bigint')
  bookingId!: string;

  @Field(() => DateTime)
  @Column('timestamptz')
  at!: Date;

  @Field(() => String, {
    description: 'recorded, changed, checked-out, cancelled, deleted, restored, sent (to a guest feed).',
  })
  @Column('text')
  event!: string;

  @Field(() => String, { nullable: true, description: 'What changed, or by which feed it was sent.' })
  @Column('text', { nullable: true })
  detail!: string | null;
}
