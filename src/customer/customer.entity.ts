import { Field, ID, Int, ObjectType } from 'type-graphql';
import { Column, Entity, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';
import { DateTime } from '../graphql/scalars.js';
import { CustomerType, NumberCheck, Sex, VatStatus } from './customer-enums.js';

/** The master data of a customer. What hangs on it (contact infos, tags, orders …) is fetched by the resolver. */
@Entity('customer')
@ObjectType({
  description: 'A customer of an owner: one record, whatever systems hold a piece of it.',
  simpleResolvers: true,
})
export class Customer {
  @PrimaryColumn('bigint')
  ownerId!: string;

  @Field(() => ID)
  @PrimaryGeneratedColumn('identity', { type: 'bigint' })
  id!: string;

  @Field(() => String, {
    description: 'The customer number: 1 to 64 characters, unique per owner without regard to case (N2, T10).',
  })
  @Column('text')
  code!: string;

  @Column('text')
  codeKey!: string;

  @Field(() => CustomerType)
  @Column('text')
  type!: CustomerType;

  @Field(() => Int, { description: 'Raised by one with every change of any stored field.' })
  @Column('integer')
  version!: number;

  @Field(() => String, { description: 'Full name, or the name of the company (N3, G6).' })
  @Column('text')
  name!: string;

  @Field(() => String, {
    nullable: true,
    description: 'As given; the snapshot derives it from the name where it is missing (A2).',
  })
  @Column('text', { nullable: true })
  firstName!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'As given; the snapshot derives it from the name where it is missing (A2).',
  })
  @Column('text', { nullable: true })
  lastName!: string | null;

  @Field(() => String, { nullable: true, description: 'N22.' })
  @Column('text', { nullable: true })
  corporateName!: string | null;

  @Field(() => Sex)
  @Column('smallint')
  sex!: Sex;

  @Column('smallint', { nullable: true })
  birthYear!: number | null;

  @Column('smallint', { nullable: true })
  birthMonth!: number | null;

  @Column('smallint', { nullable: true })
  birthDay!: number | null;

  @Field(() => String, { nullable: true, description: 'Main e-mail address (N8, G13).' })
  @Column('text', { nullable: true })
  email!: string | null;

  @Field(() => String, { nullable: true, description: 'As given (N32, G14).' })
  @Column('text', { nullable: true })
  mobile!: string | null;

  @Field(() => String, { nullable: true, description: 'As given (N10).' })
  @Column('text', { nullable: true })
  telephone!: string | null;

  @Field(() => String, { nullable: true, description: 'As given (N11).' })
  @Column('text', { nullable: true })
  fax!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The mobile number as E.164, where it can be read as one (A19).',
  })
  @Column('text', { nullable: true })
  mobileE164!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The telephone number as E.164, where it can be read as one (A19).',
  })
  @Column('text', { nullable: true })
  telephoneE164!: string | null;

  @Field(() => String, { nullable: true, description: 'The fax number as E.164, where it can be read as one (A19).' })
  @Column('text', { nullable: true })
  faxE164!: string | null;

  @Field(() => String, { nullable: true, description: 'Up to 150 characters (N4).' })
  @Column('text', { nullable: true })
  address!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Free text up to 16 characters; 1 to 8 digits in the PARTNER profile (N5, A9).',
  })
  @Column('text', { nullable: true })
  postalCode!: string | null;

  @Field(() => String, {
    nullable: true,
    description: "City, or the platform's city code in the PARTNER profile (N7).",
  })
  @Column('text', { nullable: true })
  city!: string | null;

  @Field(() => String, { nullable: true, description: 'ISO 3166-1 alpha-2, upper case (N6, A63).' })
  @Column('text', { nullable: true })
  country!: string | null;

  @Field(() => String, { nullable: true, description: 'ISO 639-1, lower case (N9, A26).' })
  @Column('text', { nullable: true })
  language!: string | null;

  @Field(() => String, { nullable: true, description: 'ISO 4217, upper case (N12, A63).' })
  @Column('text', { nullable: true })
  currency!: string | null;

  @Field(() => String, { nullable: true, description: 'Up to 30 characters (N21).' })
  @Column('text', { nullable: true })
  vatNumber!: string | null;

  @Field(() => NumberCheck, { description: 'Checksum of the VAT number by the rules of its country (A24).' })
  @Column('text')
  vatNumberCheck!: NumberCheck;

  @Field(() => String, { nullable: true, description: 'Up to 100 characters (N24).' })
  @Column('text', { nullable: true })
  taxCode!: string | null;

  @Field(() => NumberCheck, { description: 'Checksum of the tax code by the rules of its country (A24).' })
  @Column('text')
  taxCodeCheck!: NumberCheck;

  @Field(() => VatStatus, { description: 'Default VAT handling (T12, A45).' })
  @Column('text')
  vatStatus!: VatStatus;

  @Field(() => Boolean, { nullable: true, description: 'May book online, else only look for availability (N13).' })
  @Column('boolean', { nullable: true })
  bookingOnline!: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Reservations made within the cancellation deadline are blocked until paid by card (N14).',
  })
  @Column('boolean', { nullable: true })
  blockedInDeadline!: boolean | null;

  @Field(() => Boolean, { nullable: true, description: 'May pay by credit card (N15).' })
  @Column('boolean', { nullable: true })
  creditCard!: boolean | null;

  @Field(() => Boolean, { nullable: true, description: 'Must pay in advance even before the deadline (N34).' })
  @Column('boolean', { nullable: true })
  forceContextualPayment!: boolean | null;

  @Field(() => String, { nullable: true, description: 'HOME, HOTELSONLINE or BOOKINGSMANAGEMENT (N35).' })
  @Column('text', { nullable: true })
  customerHomepage!: string | null;

  @Field(() => String, { nullable: true, description: 'topay, deadline or startdate (N37, A55).' })
  @Column('text', { nullable: true })
  paymentDate!: string | null;

  @Field(() => Int, { nullable: true, description: '0 to 30 (N38, A55).' })
  @Column('smallint', { nullable: true })
  prepaymentDays!: number | null;

  @Field(() => Int, { nullable: true, description: "As given; the unit is the partner's (N25, A27)." })
  @Column('integer', { nullable: true })
  markupHotelsWeb!: number | null;

  @Field(() => Int, { nullable: true, description: 'As given (N26, A27).' })
  @Column('integer', { nullable: true })
  markupCarsWeb!: number | null;

  @Field(() => Int, { nullable: true, description: 'As given (N27, A27).' })
  @Column('integer', { nullable: true })
  markupTransfersWeb!: number | null;

  @Field(() => Int, { nullable: true, description: 'As given (N28, A27).' })
  @Column('integer', { nullable: true })
  markupToursWeb!: number | null;

  @Field(() => Int, { nullable: true, description: 'As given (N29, A27).' })
  @Column('integer', { nullable: true })
  markupGenericServicesWeb!: number | null;

  @Field(() => String, { nullable: true, description: 'Seven letters or digits, upper case (N30, A23).' })
  @Column('text', { nullable: true })
  sdiCode!: string | null;

  @Field(() => String, { nullable: true, description: '1 to 20 characters (N31).' })
  @Column('text', { nullable: true })
  accountingCode!: string | null;

  @Field(() => String, { nullable: true, description: 'N23.' })
  @Column('text', { nullable: true })
  accountingEmail!: string | null;

  @Field(() => String, { nullable: true, description: 'PEC address (N33).' })
  @Column('text', { nullable: true })
  certifiedEmail!: string | null;

  @Field(() => String, { nullable: true, description: 'N36.' })
  @Column('text', { nullable: true })
  emergencyNumber!: string | null;

  @Field(() => Boolean, { description: 'Hidden from every channel; visible only with the scope admin (T3, A44).' })
  @Column('boolean')
  excluded!: boolean;

  @Field(() => Boolean, {
    description:
      'Whether the platform may work with this customer. It is master data: whoever is disabled stays visible.',
  })
  @Column('boolean')
  enabled!: boolean;

  @Field(() => DateTime)
  @Column('timestamptz')
  createdAt!: Date;

  @Field(() => DateTime)
  @Column('timestamptz')
  updatedAt!: Date;
}
