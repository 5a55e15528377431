import { Field, InputType, Int, ObjectType } from 'type-graphql';
import type { Problem } from '../errors.js';
import { Loose } from '../graphql/scalars.js';
import { UserError } from '../graphql/user-error.js';
import { BatchDelivery } from './batch-delivery.type.js';
import { BulkCounts, BulkInsertError, BulkInsertResult } from './bulk-answer.types.js';
import { ErrorPolicy } from './bulk-insert.types.js';
import { CustomerRowInput, ExternalReferenceRowInput } from './customer-row.input.js';

@InputType({ description: 'Names the customer of a row, in exactly one of these ways.' })
export class CustomerRowIdentifierInput {
  @Field(() => Loose, { nullable: true })
  id?: unknown;

  @Field(() => Loose, { nullable: true, description: 'The customer number, in either case (T10).' })
  code?: unknown;

  @Field(() => ExternalReferenceRowInput, { nullable: true })
  external?: ExternalReferenceRowInput | null;
}

@InputType({
  description: 'Changes of one customer. Every value is judged by itself; what is wrong is told in errors.',
})
export class CustomerUpdateRowInput {
  @Field(() => CustomerRowIdentifierInput, { nullable: true, description: 'Whose changes these are. Compulsory.' })
  by?: CustomerRowIdentifierInput | null;

  @Field(() => Loose, {
    nullable: true,
    description: 'The version these changes are based on: with another one the row is VERSION_CONFLICT.',
  })
  expectedVersion?: unknown;

  @Field(() => CustomerRowInput, {
    nullable: true,
    description:
      'A field left out stays, null clears it; code and name cannot be cleared. Tags, logins and links to other systems are added to; externalReferences: null takes all links away.',
  })
  fields?: CustomerRowInput | null;
}

@InputType({ description: 'A bulk update: whose changes, and how to judge them (STANDARD rules).' })
export class BulkUpdateCustomersInput {
  @Field(() => String, { description: 'The owner of the customers.' })
  ownerCode!: string;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: 'Judge everything, write nothing: the same code, rolled back.',
  })
  dryRun?: boolean | null;

  @Field(() => ErrorPolicy, { nullable: true, defaultValue: ErrorPolicy.REJECT_FAILED_ROWS })
  errorPolicy?: ErrorPolicy | null;

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

  @Field(() => [CustomerUpdateRowInput], {
    description: '1 to 10,000 rows. Two about one customer do their work one after the other.',
  })
  rows!: CustomerUpdateRowInput[];
}

@ObjectType({ description: 'What became of the rows of a bulk update.', simpleResolvers: true })
export class BulkUpdateCustomersPayload {
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
