import { Field, InputType, Int } from 'type-graphql';
import { CustomerType, Sex, VatStatus } from './customer-enums.js';
import { ExternalReferenceInput } from './customer-identifier.input.js';
import { PartialDateInput } from './partial-date.type.js';

type Given<T> = T | null | undefined;

/** The writable fields of a customer. Left out: as it is; null: cleared. Judged by the STANDARD rules of a bulk row. */
@InputType()
abstract class CustomerFieldsInput {
  @Field(() => CustomerType, { nullable: true })
  type?: Given<CustomerType>;

  @Field(() => String, { nullable: true, description: '1 to 64 characters, unique per owner without regard to case.' })
  code?: Given<string>;

  @Field(() => String, { nullable: true, description: '1 to 100 characters.' })
  name?: Given<string>;

  @Field(() => Sex, { nullable: true })
  sex?: Given<Sex>;

  @Field(() => PartialDateInput, { nullable: true })
  birthDate?: Given<PartialDateInput>;

  @Field(() => VatStatus, { nullable: true, description: 'Must be enabled by the owner (A45).' })
  vatStatus?: Given<VatStatus>;

  @Field(() => Boolean, { nullable: true, description: 'True for a new customer; null leaves it as it is.' })
  enabled?: Given<boolean>;

  @Field(() => [ExternalReferenceInput], {
    nullable: true,
    description:
      'Links to set, one identifier for each system; links to other systems stay. null takes all away (T4, A40).',
  })
  externalReferences?: Given<ExternalReferenceInput[]>;

  @Field(() => Boolean, { nullable: true, description: 'A consent, or its withdrawal, as of now.' })
  acceptsMarketingEmail?: Given<boolean>;

  @Field(() => Boolean, { nullable: true, description: 'A consent, or its withdrawal, as of now.' })
  acceptsMarketingSms?: Given<boolean>;
}

const texts = [
  ['firstName', 'Up to 100 characters.'],
  ['lastName', 'Up to 100 characters.'],
  ['corporateName', '1 to 100 characters.'],
  ['email', 'Up to 100 characters.'],
  ['mobile', 'Up to 30 digits, spaces, + - ( ).'],
  ['telephone', 'As mobile.'],
  ['fax', 'As mobile.'],
  ['address', 'Up to 150 characters.'],
  ['postalCode', 'Up to 16 characters.'],
  ['city', 'Up to 100 characters.'],
  ['country', 'ISO 3166-1 alpha-2, either case.'],
  ['language', 'ISO 639-1, either case.'],
  ['currency', 'ISO 4217, either case.'],
  ['vatNumber', 'Up to 30 characters.'],
  ['taxCode', 'Up to 100 characters.'],
  ['customerHomepage', 'HOME, HOTELSONLINE or BOOKINGSMANAGEMENT.'],
  ['paymentDate', 'topay, deadline or startdate.'],
  ['sdiCode', 'Seven letters or digits.'],
  ['accountingCode', '1 to 20 characters.'],
  ['accountingEmail', 'Up to 100 characters.'],
  ['certifiedEmail', 'Up to 100 characters.'],
  ['emergencyNumber', 'As mobile.'],
] as const;
const booleans = ['bookingOnline', 'blockedInDeadline', 'creditCard', 'forceContextualPayment'] as const;
const numbers = [
  ['prepaymentDays', '0 to 30.'],
  ['markupHotelsWeb', undefined],
  ['markupCarsWeb', undefined],
  ['markupTransfersWeb', undefined],
  ['markupToursWeb', undefined],
  ['markupGenericServicesWeb', undefined],
] as const;

for (const [name, description] of texts)
  Field(() => String, { nullable: true, description })(CustomerFieldsInput.prototype, name);
for (const name of booleans) Field(() => Boolean, { nullable: true })(CustomerFieldsInput.prototype, name);
for (const [name, description] of numbers)
  Field(() => Int, { nullable: true, description })(CustomerFieldsInput.prototype, name);

@InputType({ description: 'A new customer: code and name are compulsory, everything else may be left out.' })
export class CreateCustomerInput extends CustomerFieldsInput {
  @Field(() => [String], {
    nullable: true,
    description: 'Names of tags, 1 to 50 characters each; missing ones are made.',
  })
  tags?: Given<string[]>;
}

@InputType({
  description: 'Changes of a customer. A field left out stays, null clears it; code and name cannot be cleared.',
})
export class UpdateCustomerInput extends CustomerFieldsInput {}

export type CustomerInput = CreateCustomerInput | UpdateCustomerInput;
