import { Field, InputType } from 'type-graphql';
import { BulkCallInput } from '../bulk/bulk-call.types.js';
import { CustomerIdentifierInput } from '../customer/customer-identifier.input.js';
import { DateTime, Decimal } from '../graphql/scalars.js';
import { OrderChannel, OrderKind, OrderStatus } from './order.entity.js';

@InputType({ description: 'A line of an order.' })
export class OrderLineInput {
  @Field(() => String, { nullable: true, description: 'Up to 500 characters.' })
  description?: string | null;

  @Field(() => Decimal, { description: 'Up to 10 digits and 4 decimals; negative for what came back.' })
  quantity!: string;

  @Field(() => Decimal, { description: "With VAT, in the order's currency; up to 4 decimals." })
  unitPrice!: string;

  @Field(() => Decimal, { description: 'Percent, 0 to 100; up to 4 decimals.' })
  vatRate!: string;
}

@InputType({
  description: 'An order as it is now. All of it: what is left out is recorded as its default, not left as it was.',
})
export class OrderInput {
  @Field(() => CustomerIdentifierInput)
  customer!: CustomerIdentifierInput;

  @Field(() => OrderChannel)
  channel!: OrderChannel;

  @Field(() => OrderKind, { description: 'ONLINE_ORDER only in the channel ONLINE.' })
  kind!: OrderKind;

  @Field(() => String, { description: '1 to 64 characters; with the channel it says which order is meant.' })
  number!: string;

  @Field(() => OrderStatus, { nullable: true, defaultValue: OrderStatus.UNPROCESSED })
  status?: OrderStatus | null;

  @Field(() => Boolean, { nullable: true, defaultValue: false })
  paid?: boolean | null;

  @Field(() => DateTime, { description: 'When the order was completed; the years 1900 to 2200.' })
  orderedAt!: Date;

  @Field(() => String, { nullable: true, description: "ISO 4217, either case. Default: the owner's." })
  currency?: string | null;

  @Field(() => Decimal, {
    nullable: true,
    description:
      "Amount of the order × rate = amount in the owner's currency. Compulsory for another currency than the owner's, else 1 or left out (A60).",
  })
  exchangeRate?: string | null;

  @Field(() => Decimal, {
    nullable: true,
    description:
      'Including VAT, up to 4 decimals; zero or negative for a CREDIT_NOTE, else zero or positive. Compulsory without lines. Beside lines it is what counts: a document may round by line or hold a discount that no line shows.',
  })
  totalValue?: string | null;

  @Field(() => Decimal, { nullable: true, description: 'The same less the VAT.' })
  totalValueExVat?: string | null;

  @Field(() => [OrderLineInput], {
    nullable: true,
    description:
      'Up to 1,000. They replace the recorded ones, none sent removes those. They give the totals that are not sent, rounded to two decimals.',
  })
  lines?: OrderLineInput[] | null;
}

@InputType({ description: 'Orders to record, and how to judge them.' })
export class RecordOrdersInput extends BulkCallInput {
  @Field(() => String, { description: "The owner whose customers' orders these are." })
  ownerCode!: string;

  @Field(() => [OrderInput], { description: '1 to 10,000 orders.' })
  orders!: OrderInput[];
}
