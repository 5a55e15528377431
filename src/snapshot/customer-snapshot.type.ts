import { Field, ID, Int, ObjectType } from 'type-graphql';
import { Sex } from '../customer/customer-enums.js';
import { PartialDate } from '../customer/partial-date.type.js';
import { CalendarDate, DateTime, Decimal } from '../graphql/scalars.js';
import type { ShownSnapshot } from './snapshots-shown.js';

@ObjectType({ description: 'A booking in a snapshot.', simpleResolvers: true })
export class SnapshotBooking {
  @Field(() => ID)
  bookingId!: string;

  @Field(() => CalendarDate, { description: "The local day in the owner's time zone (A62)." })
  date!: string;

  @Field(() => DateTime)
  startsAt!: string;

  @Field(() => String, { description: 'Name of what was booked (G23, G27).' })
  service!: string;
}

@ObjectType({
  description: 'A tag of the owner, and whether the customer carries it (G31, G32).',
  simpleResolvers: true,
})
export class SnapshotTag {
  @Field(() => ID)
  id!: string;

  @Field(() => String)
  name!: string;

  @Field(() => Boolean)
  value!: boolean;
}

@ObjectType({
  description: 'The computed picture of a customer at one version: what subscribers and webhooks are sent (G5–G31).',
  simpleResolvers: true,
})
export class CustomerSnapshot implements ShownSnapshot {
  @Field(() => ID)
  customerId!: string;

  @Field(() => String)
  code!: string;

  @Field(() => Int, { description: 'Keep the highest one and you are always right.' })
  version!: number;

  @Field(() => DateTime, {
    description: 'When it was computed: with the last change, or when the day passed that it depends on.',
  })
  computedAt!: string;

  @Field(() => String, { description: 'Full name (G6).' })
  name!: string;

  @Field(() => String, { description: 'As stored, else the first word of the name (G7, A2).' })
  firstName!: string;

  @Field(() => String, { description: 'As stored, else the last word of the name (G8, A2).' })
  lastName!: string;

  @Field(() => Sex)
  sex!: Sex;

  @Field(() => PartialDate, { nullable: true, description: 'Each part may be unknown (G10–G12); null when all are.' })
  birthDate!: PartialDate | null;

  @Field(() => String, { nullable: true })
  email!: string | null;

  @Field(() => String, { nullable: true })
  mobile!: string | null;

  @Field(() => String, { nullable: true })
  postalCode!: string | null;

  @Field(() => Int, { description: 'POS documents, plus online orders that are paid and not cancelled (G16).' })
  ordersTotalCount!: number;

  @Field(() => Decimal, {
    description: "Sum including VAT in the owner's currency; credit notes subtract (G17, A8, A60).",
  })
  ordersTotalValue!: string;

  @Field(() => Decimal, { description: 'The same sum less the VAT (G18).' })
  ordersTotalValueExVat!: string;

  @Field(() => String, { description: "The owner's currency." })
  currency!: string;

  @Field(() => CalendarDate, {
    nullable: true,
    description: 'Day of the latest paid, not cancelled online order (G19, A7).',
  })
  ordersLastDate!: string | null;

  @Field(() => SnapshotBooking, {
    nullable: true,
    description: 'The most recent booking on a day before today (G20–G23, A3).',
  })
  lastBooking!: SnapshotBooking | null;

  @Field(() => SnapshotBooking, {
    nullable: true,
    description: 'The earliest booking that has not started (G24–G27, A5).',
  })
  nextBooking!: SnapshotBooking | null;

  @Field(() => Boolean, { description: 'G28.' })
  acceptsMarketingEmail!: boolean;

  @Field(() => Boolean, { description: 'G29.' })
  acceptsMarketingSms!: boolean;

  @Field(() => [SnapshotTag], { description: 'Every tag of the owner, set or not (G30–G32).' })
  tags!: SnapshotTag[];
}
