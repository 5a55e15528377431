import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { Problem } from '../errors.js';
import { UserError } from '../graphql/user-error.js';
import { BulkInsertError } from './bulk-answer.types.js';

/** What becomes of one recorded row. */
export enum RecordAction {
  CREATE = 'CREATE',
  UPDATE = 'UPDATE',
  UNCHANGED = 'UNCHANGED',
  REJECT = 'REJECT',
}

registerEnumType(RecordAction, {
  name: 'RecordAction',
  description: 'What became of a row; in a dry run: what would.',
  valuesConfig: {
    CREATE: { description: 'Its number was new.' },
    UPDATE: { description: 'What was recorded under its number is now what the row says.' },
    UNCHANGED: { description: 'All was recorded like this before: no event.' },
    REJECT: {
      description: 'Nothing was written; errors tells why, unless another row took it along (REJECT_EVERYTHING).',
    },
  },
});

/** What every recorded row answers, whatever its noun. */
@ObjectType({ simpleResolvers: true })
export abstract class RecordResult {
  @Field(() => Int, { description: 'Place of the row, from 1 (A12).' })
  index!: number;

  @Field(() => String, { description: 'The number as sent.' })
  number!: string;

  @Field(() => RecordAction)
  action!: RecordAction;

  @Field(() => ID, { nullable: true, description: 'Null where the customer was not found or is hidden.' })
  customerId!: string | null;
}

@ObjectType({ description: 'Rows by what became of them.', simpleResolvers: true })
export class RecordCounts {
  @Field(() => Int)
  rows!: number;

  @Field(() => Int)
  created!: number;

  @Field(() => Int)
  updated!: number;

  @Field(() => Int)
  unchanged!: number;

  @Field(() => Int)
  rejected!: number;
}

/** What every recording call answers beside its results. */
@ObjectType({ simpleResolvers: true })
export abstract class RecordPayload {
  @Field(() => Boolean)
  dryRun!: boolean;

  @Field(() => [BulkInsertError], { description: 'One entry for each row with problems, with all of them.' })
  errors!: BulkInsertError[];

  @Field(() => RecordCounts)
  counts!: RecordCounts;

  @Field(() => [UserError], {
    description: 'About the call as a whole: LIMIT_EXCEEDED, IDEMPOTENCY_KEY_REUSED, IN_PROGRESS …',
  })
  userErrors!: Problem[];
}
