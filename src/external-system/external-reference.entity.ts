import { Field, ObjectType } from 'type-graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { DateTime } from '../graphql/scalars.js';

/** The pair that links a customer to an external system (T4, T9, A40). */
@Entity('external_reference')
@ObjectType('StoredExternalReference')
export class ExternalReference {
  @PrimaryColumn('bigint')
  ownerId!: string;

  @PrimaryColumn('bigint')
  customerId!: string;

  @PrimaryColumn('bigint')
  systemId!: string;

  @Field(() => String, { description: "The customer's identifier in that system: 1 to 255 characters, as given." })
  @Column('text')
  identifier!: string;

  @Field(() => DateTime)
  @Column('timestamptz')
  createdAt!: Date;
}
