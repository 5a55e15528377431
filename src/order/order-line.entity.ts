import { Field, Int, ObjectType } from 'type-graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { Decimal } from '../graphql/scalars.js';

@Entity('order_line')
@ObjectType({ description: 'A line of an order.', simpleResolvers: true })
export class OrderLine {
  @PrimaryColumn('bigint')
  ownerId!: string;

  @PrimaryColumn('bigint')
  orderId!: string;

  @Field(() => Int, { description: 'From 1.' })
  @PrimaryColumn('smallint')
  line!: number;

  @Field(() => String, { nullable: true })
  @Column('text', { nullable: true })
  description!: string | null;

  @Field(() => Decimal)
  @Column('numeric', { precision: 14, scale: 4 })
  quantity!: string;

  @Field(() => Decimal, { description: "With VAT, in the order's currency." })
  @Column('numeric', { precision: 18, scale: 4 })
  unitPrice!: string;

  @Field(() => Decimal, { description: 'Percent, 0 to 100.' })
  @Column('numeric', { precision: 7, scale: 4 })
  vatRate!: string;
}
