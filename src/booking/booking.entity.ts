import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import { Column, Entity, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';
import { DateTime } from '../graphql/scalars.js';

export enum BookingStatus {
  BOOKED = 'BOOKED',
  CONFIRMED = 'CONFIRMED',
  CHECKED_IN = 'CHECKED_IN',
  CHECKED_OUT = 'CHECKED_OUT',
  CANCELLED = 'CANCELLED',
  NO_SHOW = 'NO_SHOW',
}

registerEnumType(BookingStatus, { name: 'BookingStatus', description: 'State of a booking or stay (C5, A30, A59).' });

@Entity('booking')
@ObjectType({
  description: 'A booking or stay of a customer, with its number and history (A30).',
  simpleResolvers: true,
})
export class Booking {
  @PrimaryColumn('bigint')
  ownerId!: string;

  @Field(() => ID)
  @PrimaryGeneratedColumn('identity', { type: 'bigint' })
  id!: string;

  @Field(() => ID)
  @Column('bigint')
  customerId!: string;

  @Field(() => String, { description: 'Unique per owner.' })
  @Column('text')
  number!: string;

  @Field(() => String, { description: 'Name of what was booked (G23, G27).' })
  @Column('text')
  service!: string;

  @Field(() => DateTime)
  @Column('timestamptz')
  startsAt!: Date;

  @Field(() => DateTime)
  @Column('timestamptz')
  endsAt!: Date;

  @Field(() => BookingStatus)
  @Column('text')
  status!: BookingStatus;

  @Field(() => String, { nullable: true, description: 'Language of the stay, ISO 639-1.' })
  @Column('text', { nullable: true })
  language!: string | null;

  @Field(() => Boolean, { description: 'Whether the guest may be notified about this stay (C5, C6, A36).' })
  @Column('boolean')
  notify!: boolean;

  @Field(() => DateTime, { nullable: true })
  @Column('timestamptz', { nullable: true })
  checkedOutAt!: Date | null;

  @Field(() => DateTime, { nullable: true })
  @Column('timestamptz', { nullable: true })
  deletedAt!: Date | null;

  @Field(() => DateTime)
  @Column('timestamptz')
  createdAt!: Date;

  @Field(() => DateTime)
  @Column('timestamptz')
  updatedAt!: Date;
}
