import { Field, ID, ObjectType } from 'type-graphql';
import { Rejected, type Problem } from '../errors.js';

@ObjectType({ description: 'What is wrong with the data of a call, and where.' })
export class UserError implements Problem {
  @Field(() => String, {
    description:
      'REQUIRED, INVALID, TOO_LONG, TOO_SHORT, OUT_OF_RANGE, TAKEN, DUPLICATE_IN_INPUT, NOT_FOUND, AMBIGUOUS_MATCH, VERSION_CONFLICT, IDEMPOTENCY_KEY_REUSED, IN_PROGRESS, LIMIT_EXCEEDED, EXCLUDED or ERASED.',
  })
  code!: Problem['code'];

  @Field(() => String, { nullable: true, description: 'Path of the field; null when the whole row or call is meant.' })
  field!: string | null;

  @Field(() => String, { description: 'For people, in English: `missing name`, `invalid email`.' })
  message!: string;

  @Field(() => ID, {
    nullable: true,
    description: 'With TAKEN: the customer that holds the key already; null when that one is excluded (A42, A44).',
  })
  existingId?: string | null;

  @Field(() => [ID], {
    nullable: true,
    description: 'With AMBIGUOUS_MATCH: the customers that the keys of the row belong to.',
  })
  existingIds?: string[] | null;
}

/**
 * Runs the work of a mutation. Problems it was rejected for become `userErrors` beside `nothing`; everything else is
 * thrown on.
 */
export async function answer<T extends object, N extends object>(
  work: () => Promise<T>,
  nothing: N,
): Promise<(T | N) & { userErrors: Problem[] }> {
  try {
    return { userErrors: [], ...(await work()) };
  } catch (error) {
    if (error instanceof Rejected) return { ...nothing, userErrors: error.problems };
    throw error;
  }
}
