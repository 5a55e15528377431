import { Refusal, Rejected, type Problem, type RefusalCode } from '../errors.js';
import { RequestRefused } from '../server/read-body.js';

/** A call that is not done at all: the HTTP status, and the lines that say why (A29). They repeat nothing that was sent. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly messages: string[],
  ) {
    super(messages.join('; '));
  }
}

/** The same for what the hub's other parts refuse; undefined for an error that nobody expected. */
export function refusedBecauseOf(error: unknown): Refused | undefined {
  if (error instanceof Refused) return error;
  if (error instanceof RequestRefused) return new Refused(error.status, [error.message]);
  if (error instanceof Refusal) return new Refused(statusOfRefusal[error.code] ?? 400, [error.message]);
  if (error instanceof Rejected)
    return new Refused(statusOfProblem[error.problems[0]!.code] ?? 400, error.problems.map(messageOf));
  return undefined;
}

const statusOfRefusal: Partial<Record<RefusalCode, number>> = { UNAUTHENTICATED: 401, FORBIDDEN: 403 };
/** What `Idempotency-Key` has of its own: wait and ask again, or never with this key. */
const statusOfProblem: Partial<Record<Problem['code'], number>> = { IN_PROGRESS: 409, IDEMPOTENCY_KEY_REUSED: 422 };

/** GraphQL has the key in the input, the door in a header. */
const messageOf = ({ message }: Problem): string => message.replace('idempotencyKey', 'Idempotency-Key');
