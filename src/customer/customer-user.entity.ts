import { Field, ID, ObjectType } from 'type-graphql';
import { Column, Entity, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';
import { DateTime } from '../graphql/scalars.js';

/** A login of a customer (N16–N20). Its password is stored as a slow hash, or sealed until it has been hashed (A61). */
@Entity('customer_user')
@ObjectType({ description: 'A login of a customer; never with its password.', simpleResolvers: true })
export class CustomerUser {
  @PrimaryColumn('bigint')
  ownerId!: string;

  @Field(() => ID)
  @PrimaryGeneratedColumn('identity', { type: 'bigint' })
  id!: string;

  @Column('bigint')
  customerId!: string;

  @Field(() => String)
  @Column('text')
  name!: string;

  @Field(() => String)
  @Column('text')
  email!: string;

  @Field(() => String, { description: 'Unique per owner without regard to case.' })
  @Column('text')
  login!: string;

  @Column('text')
  loginKey!: string;

  @Field(() => String, { nullable: true })
  @Column('text', { nullable: true })
  foreignCode!: string | null;

  @Field(() => DateTime)
  @Column('timestamptz')
  createdAt!: Date;
}
