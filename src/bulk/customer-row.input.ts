import { Field, InputType } from 'type-graphql';
import { Loose } from '../graphql/scalars.js';

@InputType({ description: 'A login to make with the customer (N16–N20).' })
export class AdminUserRowInput {
  @Field(() => Loose, { nullable: true, description: '1 to 50 characters (N16).' })
  name?: unknown;

  @Field(() => Loose, { nullable: true, description: 'E-mail address, up to 100 characters (N17).' })
  email?: unknown;

  @Field(() => Loose, { nullable: true, description: '3 to 12 letters or digits, unique per owner (N18).' })
  login?: unknown;

  @Field(() => Loose, { nullable: true, description: '6 to 12 characters; stored only as a slow hash (N19, A28).' })
  password?: unknown;

  @Field(() => Loose, { nullable: true, description: '1 to 100 characters (N20).' })
  foreignCode?: unknown;
}

@InputType({ description: 'A link to an external system: both parts or none (T4).' })
export class ExternalReferenceRowInput {
  @Field(() => Loose, { nullable: true, description: 'Code or number of the system (T5).' })
  system?: unknown;

  @Field(() => Loose, { nullable: true, description: '1 to 255 characters.' })
  identifier?: unknown;
}

const rowFields: [name: string, description: string][] = [
  ['code', 'Customer number, compulsory. 1 to 64 characters; PARTNER: 3 to 12 letters or digits (N2).'],
  ['name', 'Compulsory. 1 to 100 characters (N3).'],
  ['type', 'PERSON or COMPANY. Default: COMPANY for PARTNER rows and rows with a corporateName, else PERSON.'],
  ['firstName', 'Up to 100 characters.'],
  ['lastName', 'Up to 100 characters.'],
  ['corporateName', '1 to 100 characters (N22).'],
  ['sex', 'UNKNOWN, MALE, FEMALE, NOT_APPLICABLE, or 0, 1, 2, 9 (ISO/IEC 5218).'],
  ['birthDate', 'YYYY-MM-DD with zeros for unknown parts (0000-05-17), or { year month day }.'],
  ['email', 'Up to 100 characters (N8).'],
  ['mobile', 'Up to 30 digits, spaces, + - ( ); PARTNER: 1 to 20 digits (N32).'],
  ['telephone', 'As mobile (N10).'],
  ['fax', 'As mobile (N11).'],
  ['address', '1 to 150 characters (N4).'],
  ['postalCode', 'Up to 16 characters; PARTNER: 1 to 8 digits (N5, A9).'],
  ['city', 'Up to 100 characters; PARTNER: city code of 3 or 4 letters or digits (N7).'],
  ['country', 'ISO 3166-1 alpha-2 (N6).'],
  ['language', 'ISO 639-1 (N9).'],
  ['currency', 'ISO 4217 (N12).'],
  ['vatNumber', 'Up to 30 characters (N21).'],
  ['vatStatus', 'A VatStatus or its wire number 1 to 7, enabled by the owner (T12).'],
  ['taxCode', 'Up to 100 characters (N24).'],
  ['bookingOnline', 'yes, no, y, n, true, false, 1 or 0 (N13, N43).'],
  ['blockedInDeadline', 'yes, no, y, n, true, false, 1 or 0 (N14).'],
  ['creditCard', 'yes, no, y, n, true, false, 1 or 0 (N15).'],
  ['forceContextualPayment', 'yes, no, y, n, true, false, 1 or 0 (N34).'],
  ['customerHomepage', 'HOME, HOTELSONLINE or BOOKINGSMANAGEMENT (N35).'],
  ['paymentDate', 'topay, deadline or startdate (N37).'],
  ['prepaymentDays', '0 to 30 (N38).'],
  ['markupHotelsWeb', 'Whole number (N25).'],
  ['markupCarsWeb', 'Whole number (N26).'],
  ['markupTransfersWeb', 'Whole number (N27).'],
  ['markupToursWeb', 'Whole number (N28).'],
  ['markupGenericServicesWeb', 'Whole number (N29).'],
  ['sdiCode', 'Seven letters or digits (N30).'],
  ['accountingCode', '1 to 20 characters (N31).'],
  ['accountingEmail', 'Up to 100 characters (N23).'],
  ['certifiedEmail', 'Up to 100 characters (N33).'],
  ['emergencyNumber', 'As mobile (N36).'],
  ['enabled', 'yes, no, y, n, true, false, 1 or 0. Default: yes.'],
  ['acceptsMarketingEmail', 'yes, no, y, n, true, false, 1 or 0: a consent as of now.'],
  ['acceptsMarketingSms', 'yes, no, y, n, true, false, 1 or 0: a consent as of now.'],
];

@InputType({
  description: 'One customer of a bulk call. Every value is judged by itself; what is wrong is told in errors.',
})
export class CustomerRowInput {
  @Field(() => AdminUserRowInput, { nullable: true })
  adminUser?: AdminUserRowInput | null;

  @Field(() => [ExternalReferenceRowInput], { nullable: 'itemsAndList' })
  externalReferences?: ExternalReferenceRowInput[] | null;

  @Field(() => [Loose], {
    nullable: 'itemsAndList',
    description: 'Names of tags, 1 to 50 characters each; missing ones are made.',
  })
  tags?: unknown[] | null;
}
for (const [name, description] of rowFields)
  Field(() => Loose, { nullable: true, description })(CustomerRowInput.prototype, name);
