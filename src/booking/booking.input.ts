import { Field, InputType } from 'type-graphql';
import { BulkCallInput } from '../bulk/bulk-call.types.js';
import { CustomerIdentifierInput } from '../customer/customer-identifier.input.js';
import { DateTime } from '../graphql/scalars.js';
import { BookingStatus } from './booking.entity.js';

@InputType({ description: 'A booking or stay as it is now (A30). Recording one that was deleted restores it.' })
export class BookingInput {
  @Field(() => CustomerIdentifierInput)
  customer!: CustomerIdentifierInput;

  @Field(() => String, { description: '1 to 64 characters; says which booking is meant.' })
  number!: string;

  @Field(() => String, { description: 'Name of what was booked, 1 to 200 characters (G23, G27).' })
  service!: string;

  @Field(() => DateTime, { description: 'The years 1900 to 2200.' })
  startsAt!: Date;

  @Field(() => DateTime, { description: 'Not before startsAt.' })
  endsAt!: Date;

  @Field(() => BookingStatus, { nullable: true, defaultValue: BookingStatus.BOOKED })
  status?: BookingStatus | null;

  @Field(() => String, {
    nullable: true,
    description: 'ISO 639-1, either case. Left out: as it is; null: cleared.',
  })
  language?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      "Whether the guest may be notified about this stay (C5). Left out: for a new booking the owner's setting as of now (C6), else as it is (A36).",
  })
  notify?: boolean | null;

  @Field(() => DateTime, {
    nullable: true,
    description: 'As given. Left out: the time at which the status became CHECKED_OUT; none for any other status.',
  })
  checkedOutAt?: Date | null;
}

@InputType({ description: 'Bookings to record, and how to judge them.' })
export class RecordBookingsInput extends BulkCallInput {
  @Field(() => String, { description: "The owner whose customers' bookings these are." })
  ownerCode!: string;

  @Field(() => [BookingInput], { description: '1 to 10,000 bookings.' })
  bookings!: BookingInput[];
}
