import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import { Column, Entity, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';
import { DateTime, Decimal } from '../graphql/scalars.js';

export enum OrderChannel {
  POS = 'POS',
  ONLINE = 'ONLINE',
}

export enum OrderKind {
  RECEIPT = 'RECEIPT',
  INVOICE = 'INVOICE',
  CREDIT_NOTE = 'CREDIT_NOTE',
  ONLINE_ORDER = 'ONLINE_ORDER',
}

export enum OrderStatus {
  UNPROCESSED = 'UNPROCESSED',
  PROCESSED = 'PROCESSED',
  CANCELLED = 'CANCELLED',
}

registerEnumType(OrderChannel, {
  name: 'OrderChannel',
  description: 'Where an order was made: at the till or online.',
});
registerEnumType(OrderKind, { name: 'OrderKind', description: 'What document an order is.' });
registerEnumType(OrderStatus, {
  name: 'OrderStatus',
  description: 'State of an order (Gecko Booking, online orders).',
});

@Entity('customer_order')
@ObjectType({
  description: 'An order, receipt, invoice or credit note of a customer (G16–G19).',
  simpleResolvers: true,
})
export class Order {
  @PrimaryColumn('bigint')
  ownerId!: string;

  @Field(() => ID)
  @PrimaryGeneratedColumn('identity', { type: 'bigint' })
  id!: string;

  @Field(() => ID)
  @Column('bigint')
  customerId!: string;

  @Field(() => OrderChannel)
  @Column('text')
  channel!: OrderChannel;

  @Field(() => OrderKind)
  @Column('text')
  kind!: OrderKind;

  @Field(() => String, { description: 'Unique per owner and channel.' })
  @Column('text')
  number!: string;

  @Field(() => OrderStatus)
  @Column('text')
  status!: OrderStatus;

  @Field(() => Boolean)
  @Column('boolean')
  paid!: boolean;

  @Field(() => DateTime)
  @Column('timestamptz')
  orderedAt!: Date;

  @Field(() => String, { description: 'ISO 4217.' })
  @Column('text')
  currency!: string;

  @Field(() => Decimal, { description: "Amount of the order × rate = amount in the owner's currency (A60)." })
  @Column('numeric', { precision: 20, scale: 10 })
  exchangeRate!: string;

  @Field(() => Decimal, { description: "Including VAT, in the order's currency; zero or negative for a credit note." })
  @Column('numeric', { precision: 18, scale: 4 })
  totalValue!: string;

  @Field(() => Decimal, { description: "Less the VAT, in the order's currency." })
  @Column('numeric', { precision: 18, scale: 4 })
  totalValueExVat!: string;

  @Field(() => DateTime)
  @Column('timestamptz')
  createdAt!: Date;

  @Field(() => DateTime)
  @Column('timestamptz')
  updatedAt!: Date;
}
