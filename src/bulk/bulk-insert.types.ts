import { Field, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { Problem } from '../errors.js';
import { UserError } from '../graphql/user-error.js';
import { BatchDelivery } from './batch-delivery.type.js';
import { BulkCounts, BulkInsertError, BulkInsertResult } from './bulk-answer.types.js';
import { CustomerRowInput } from './customer-row.input.js';
import { OnExisting } from './row-outcome.types.js';

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

  @Field(() => OnExisting, { nullable: true, defaultValue: OnExisting.REJECT })
  onExisting?: OnExisting | null;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: 'Tell in results what each row changed: before and after.',
  })
  showChanges?: boolean | null;

  @Field(() => Int, {
    nullable: true,
    defaultValue: 0,
    description:
      'With dryRun, 0 to 10: of so many rows at the beginning tell the new snapshot and what webhooks would be sent. Takes the scopes customers:read and webhooks:manage as well.',
  })
  previewRows?: number | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Up to 255 characters. The same key with the same input gives the stored answer; kept at least 24 hours.',
  })
  idempotencyKey?: string | null;

  @Field(() => BatchDelivery, {
    nullable: true,
    defaultValue: BatchDelivery.NORMAL,
    description: 'How webhook receivers are told.',
  })
  delivery?: BatchDelivery | null;

  @Field(() => [CustomerRowInput], { description: '1 to 10,000 rows.' })
  customers!: CustomerRowInput[];
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
