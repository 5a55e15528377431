import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { Problem } from '../errors.js';
import { Loose } from '../graphql/scalars.js';
import { UserError } from '../graphql/user-error.js';

export enum ImportProfile {
  STANDARD = 'STANDARD',
  PARTNER = 'PARTNER',
}

export enum ErrorPolicy {
  REJECT_FAILED_ROWS = 'REJECT_FAILED_ROWS',
  REJECT_EVERYTHING = 'REJECT_EVERYTHING',
}

registerEnumType(ImportProfile, {
  name: 'ImportProfile',
  description: 'Which fields of a row are compulsory, and how strict their formats are.',
  valuesConfig: {
    STANDARD: { description: 'code and name are compulsory; whatever else is given must be well formed.' },
    PARTNER: { description: 'The compulsory fields and formats of a Netstorming partner (N2–N38).' },
  },
});
registerEnumType(ErrorPolicy, {
  name: 'ErrorPolicy',
  description: 'What a row with a problem does to the others.',
  valuesConfig: {
    REJECT_FAILED_ROWS: { description: 'Nothing: the good rows are written (A15).' },
    REJECT_EVERYTHING: { description: 'Nothing is written unless every row is good.' },
  },
});

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

@InputType({ description: 'A bulk insert: the rows, and how to judge them.' })
export class BulkInsertCustomersInput {
  @Field(() => String, { description: 'The owner the customers will belong to.' })
  ownerCode!: string;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: 'Judge everything, write nothing: the same code, rolled back.',
  })
  dryRun?: boolean | null;

  @Field(() => ImportProfile, { nullable: true, defaultValue: ImportProfile.STANDARD })
  profile?: ImportProfile | null;

  @Field(() => ErrorPolicy, { nullable: true, defaultValue: ErrorPolicy.REJECT_FAILED_ROWS })
  errorPolicy?: ErrorPolicy | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Up to 255 characters. The same key with the same input gives the stored answer; kept at least 24 hours.',
  })
  idempotencyKey?: string | null;

  @Field(() => [CustomerRowInput], { description: '1 to 10,000 rows.' })
  customers!: CustomerRowInput[];
}

@ObjectType({
  description: 'What became of one row; as many as rows, in their order (N39, N40).',
  simpleResolvers: true,
})
export class BulkInsertResult {
  @Field(() => Int, { description: 'Place of the row, from 1 (A12).' })
  index!: number;

  @Field(() => String, { description: 'The code as given, or "" (A18).' })
  code!: string;

  @Field(() => Boolean, { description: 'Inserted; in a dry run: would have been (A14).' })
  customer!: boolean;

  @Field(() => Boolean, { description: 'Its login was made; always false where customer is false.' })
  user!: boolean;

  @Field(() => ID, { nullable: true, description: 'Null for rejected rows and in a dry run.' })
  customerId!: string | null;
}

@ObjectType({ description: 'All that is wrong with one row (N41).', simpleResolvers: true })
export class BulkInsertError {
  @Field(() => Int, { description: 'Place of the row, from 1 (A12).' })
  index!: number;

  @Field(() => [String], { description: 'The messages alone: `missing address`, `invalid email` (N42).' })
  errors!: string[];

  @Field(() => [UserError])
  details!: Problem[];
}

@ObjectType({ description: 'Rows, and what they became.', simpleResolvers: true })
export class BulkCounts {
  @Field(() => Int)
  rows!: number;

  @Field(() => Int)
  customers!: number;

  @Field(() => Int)
  users!: number;

  @Field(() => Int, { description: 'Rows of which no customer was inserted.' })
  rejected!: number;
}

@ObjectType({ description: 'What became of the rows of a bulk insert.', simpleResolvers: true })
export class BulkInsertCustomersPayload {
  @Field(() => Boolean)
  dryRun!: boolean;

  @Field(() => [BulkInsertResult])
  results!: BulkInsertResult[];

  @Field(() => [BulkInsertError])
  errors!: BulkInsertError[];

  @Field(() => BulkCounts)
  counts!: BulkCounts;

  @Field(() => [UserError], {
    description: 'About the call as a whole: LIMIT_EXCEEDED, IDEMPOTENCY_KEY_REUSED, IN_PROGRESS …',
  })
  userErrors!: Problem[];
}
