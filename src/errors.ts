import { GraphQLError } from 'graphql';

/** What is wrong with the data of a call. Told as a value, next to what succeeded; never thrown to a client. */
export interface Problem {
  code: ProblemCode;
  /** Path of the field in the input (`postalCode`, `lines.0.quantity`); null where the whole row or call is meant. */
  field: string | null;
  message: string;
  /** With TAKEN: the customer that holds the key already, unless it is excluded (A42, A44). */
  existingId?: string | null;
  /** With AMBIGUOUS_MATCH: the customers that the keys of a row belong to. */
  existingIds?: string[] | null;
}

export const problemCodes = [
  'REQUIRED',
  'INVALID',
  'TOO_LONG',
  'TOO_SHORT',
  'OUT_OF_RANGE',
  'TAKEN',
  'DUPLICATE_IN_INPUT',
  'NOT_FOUND',
  'AMBIGUOUS_MATCH',
  'VERSION_CONFLICT',
  'IDEMPOTENCY_KEY_REUSED',
  'IN_PROGRESS',
  'LIMIT_EXCEEDED',
  'EXCLUDED',
  'ERASED',
] as const;
export type ProblemCode = (typeof problemCodes)[number];

export type RefusalCode =
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'BAD_USER_INPUT'
  | 'GRAPHQL_VALIDATION_FAILED'
  | 'RATE_LIMITED'
  | 'CURSOR_EXPIRED'
  | 'DEADLINE_EXCEEDED'
  | 'PERSISTED_OPERATIONS_ONLY';

/** A request that cannot be served at all: a top-level GraphQL error with `extensions.code`. */
export class Refusal extends GraphQLError {
  constructor(
    readonly code: RefusalCode,
    message: string,
    /** What else `extensions` tells beside the code. */
    more: Record<string, unknown> = {},
  ) {
    super(message, { extensions: { code, ...more } });
  }
}

/** Ends a write that found problems: the transaction rolls back, the problems become `userErrors`. */
export class Rejected extends Error {
  constructor(readonly problems: Problem[]) {
    super(problems.map((p) => p.message).join('; '));
  }
}

export const problem = (code: ProblemCode, field: string | null, message: string): Problem => ({
  code,
  field,
  message,
});

/** A start-up mistake of the operator: printed as one line (or one per mistake), exit code 2 or 3. */
export class StartupError extends Error {
  constructor(
    message: string,
    readonly exitCode: 2 | 3 = 3,
  ) {
    super(message);
  }
}
