import { Field, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { Problem } from '../errors.js';
import { UserError } from '../graphql/user-error.js';
import { BatchDelivery } from './batch-delivery.type.js';
import { BulkCounts, BulkInsertError, BulkInsertResult } from './bulk-answer.types.js';

export enum ErrorPolicy {
  REJECT_FAILED_ROWS = 'REJECT_FAILED_ROWS',
  REJECT_EVERYTHING = 'REJECT_EVERYTHING',
}

registerEnumType(ErrorPolicy, {
  name: 'ErrorPolicy',
  description: 'What a row with a problem does to the others.',
  valuesConfig: {
    REJECT_FAILED_ROWS: { description: 'Nothing: the good rows are written (A15).' },
    REJECT_EVERYTHING: { description: 'Nothing is written unless every row is good.' },
  },
});

/** What every call with many rows says beside them, whatever its noun. */
@InputType()
export abstract class BulkCallInput {
  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: 'Judge everything, write nothing: the same code, rolled back.',
  })
  dryRun?: boolean | null;

  @Field(() => ErrorPolicy, { nullable: true, defaultValue: ErrorPolicy.REJECT_FAILED_ROWS })
  errorPolicy?: ErrorPolicy | null;

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
}

/** What the calls with rows of customers say as well. */
@InputType()
export abstract class BulkCustomersInput extends BulkCallInput {
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
}

/** What the calls with rows of customers answer. */
@ObjectType({ simpleResolvers: true })
export abstract class BulkCustomersPayload {
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
