import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { Problem } from '../errors.js';
import { UserError } from '../graphql/user-error.js';
import { RowPreview } from './row-preview.types.js';
import { MatchedBy, RowAction, RowChange } from './row-outcome.types.js';

@ObjectType({
  description: 'What became of one row; as many as rows, in their order (N39, N40).',
  simpleResolvers: true,
})
export class BulkInsertResult {
  @Field(() => Int, { description: 'Place of the row, from 1 (A12).' })
  index!: number;

  @Field(() => String, { description: 'The code as given, or "" (A18).' })
  code!: string;

  @Field(() => Boolean, { description: 'A customer was made; in a dry run: would have been (A14).' })
  customer!: boolean;

  @Field(() => Boolean, { description: 'Its login was made; never without its customer (N40).' })
  user!: boolean;

  @Field(() => ID, {
    nullable: true,
    description: 'Null for rejected rows, and in a dry run for customers that it would make.',
  })
  customerId!: string | null;

  @Field(() => RowAction)
  action!: `${RowAction}`;

  @Field(() => MatchedBy, { nullable: true, description: 'By which key the row met its customer; null: by none.' })
  matchedBy!: `${MatchedBy}` | null;

  @Field(() => [RowChange], {
    nullable: true,
    description: 'With showChanges: what the row changed; of a new customer everything that it has.',
  })
  changes!: RowChange[] | null;

  @Field(() => RowPreview, { nullable: true, description: 'With previewRows, of a row that changes something.' })
  preview!: RowPreview | null;
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

  @Field(() => Int, { description: 'Customers made.' })
  customers!: number;

  @Field(() => Int, { description: 'Logins made.' })
  users!: number;

  @Field(() => Int, { description: 'Rows that changed their customer.' })
  updated!: number;

  @Field(() => Int, { description: 'Rows whose customer was like this before.' })
  unchanged!: number;

  @Field(() => Int, { description: 'Rows whose customer exists and was left as it is (onExisting: SKIP).' })
  skipped!: number;

  @Field(() => Int, { description: 'Rows of which nothing was written.' })
  rejected!: number;
}
