import { Field, ID, ObjectType } from 'type-graphql';
import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import { VatStatus } from '../customer/customer-enums.js';
import { DateTime } from '../graphql/scalars.js';

@Entity('owner')
@ObjectType({ description: 'An owner (tenant): everything else belongs to one.', simpleResolvers: true })
export class Owner {
  @Field(() => ID)
  @PrimaryGeneratedColumn('identity', { type: 'bigint' })
  id!: string;

  @Field(() => String, { description: '3 to 12 letters or digits, unique without regard to case (N1).' })
  @Column('text')
  code!: string;

  @Field(() => String)
  @Column('text')
  name!: string;

  @Field(() => String, { description: 'IANA name; decides what "today" is (A62).' })
  @Column('text')
  timeZone!: string;

  @Field(() => String, { description: 'ISO 4217; the currency of all totals (A60).' })
  @Column('text')
  currency!: string;

  @Field(() => String, { description: 'ISO 639-1.' })
  @Column('text')
  language!: string;

  @Field(() => [VatStatus], { description: 'The VAT statuses that may be set on customers (A45).' })
  @Column('text', { array: true })
  enabledVatStatuses!: VatStatus[];

  @Field(() => [String], {
    nullable: true,
    description: 'City codes that PARTNER rows may have (A25); null: every well-formed one.',
  })
  @Column('text', { array: true, nullable: true })
  knownCities!: string[] | null;

  @Field(() => [String], {
    nullable: true,
    description: 'Notification languages that PARTNER rows may have (A26); null: every ISO 639-1 code.',
  })
  @Column('text', { array: true, nullable: true })
  notifyLanguages!: string[] | null;

  @Field(() => Boolean, {
    description: 'Whether new bookings may notify their guest, where a booking does not say (C6).',
  })
  @Column('boolean')
  notifyNewBookings!: boolean;

  @Field(() => Boolean, { description: 'The global switch of guest feeds (C3).' })
  @Column('boolean')
  guestFeedsActive!: boolean;

  @Field(() => DateTime)
  @Column('timestamptz')
  createdAt!: Date;

  @Field(() => DateTime)
  @Column('timestamptz')
  updatedAt!: Date;
}
