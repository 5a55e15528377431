import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import { Column, Entity, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';
import { DateTime } from '../graphql/scalars.js';

export enum ContactInfoKind {
  EMAIL = 'EMAIL',
  PHONE = 'PHONE',
  MOBILE = 'MOBILE',
  FAX = 'FAX',
  POSTAL_ADDRESS = 'POSTAL_ADDRESS',
}

export enum ContactInfoPurpose {
  GENERAL = 'GENERAL',
  BILLING = 'BILLING',
  DELIVERY = 'DELIVERY',
  ACCOUNTING = 'ACCOUNTING',
  CERTIFIED_EMAIL = 'CERTIFIED_EMAIL',
  EMERGENCY = 'EMERGENCY',
}

registerEnumType(ContactInfoKind, { name: 'ContactInfoKind', description: 'What a contact info is.' });
registerEnumType(ContactInfoPurpose, { name: 'ContactInfoPurpose', description: 'What a contact info is for.' });

/** One way to reach a customer (T7): a value, or a postal address. */
@Entity('contact_info')
@ObjectType({ description: 'A way to reach a customer, beside those of its master data (T7).', simpleResolvers: true })
export class ContactInfo {
  @PrimaryColumn('bigint')
  ownerId!: string;

  @Field(() => ID)
  @PrimaryGeneratedColumn('identity', { type: 'bigint' })
  id!: string;

  @Field(() => ID)
  @Column('bigint')
  customerId!: string;

  @Field(() => ContactInfoKind)
  @Column('text')
  kind!: ContactInfoKind;

  @Field(() => ContactInfoPurpose)
  @Column('text')
  purpose!: ContactInfoPurpose;

  @Field(() => String, { nullable: true, description: 'A name for people, up to 100 characters.' })
  @Column('text', { nullable: true })
  label!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The e-mail address or number as given; null for a postal address.',
  })
  @Column('text', { nullable: true })
  value!: string | null;

  @Field(() => String, { nullable: true, description: 'A number as E.164, where it can be read as one (A19).' })
  @Column('text', { nullable: true })
  valueE164!: string | null;

  @Column('text', { nullable: true })
  addressName!: string | null;

  @Column('text', { nullable: true })
  addressStreet!: string | null;

  @Column('text', { nullable: true })
  addressPostalCode!: string | null;

  @Column('text', { nullable: true })
  addressCity!: string | null;

  @Column('text', { nullable: true })
  addressRegion!: string | null;

  @Column('text', { nullable: true })
  addressCountry!: string | null;

  @Field(() => DateTime)
  @Column('timestamptz')
  createdAt!: Date;

  @Field(() => DateTime)
  @Column('timestamptz')
  updatedAt!: Date;
}
