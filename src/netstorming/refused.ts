import { Refusal, Rejected, type Problem } from '../errors.js';
import { retryAfter } from '../limits/points.js';
import { RequestRefused } from '../server/read-body.js';
import { statusOf } from '../server/request-status.js';

/** A call that is not done at all: the HTTP status, and the lines that say why (A29). They repeat nothing that was sent. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly messages: string[],
    /** Of the answer's head, beside those that its status obliges to. */
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(messages.join('; '));
  }
}

/** The same for what the hub's other parts refuse; undefined for an error that nobody expected. */
export function refusedBecauseOf(error: unknown): Refused | undefined {
  if (error instanceof Refused) return error;
  if (error instanceof RequestRefused) return new Refused(error.status, [error.message]);
  if (error instanceof Refusal) return new Refused(statusOf[error.code] ?? 400, [error.message], retryAfter(error));
  if (error instanceof Rejected)
    return new Refused(statusOfProblem[error.problems[0]!.code] ?? 400, error.problems.map(messageOf));
  return undefined;
}

/** What `Idempotency-Key` has of its own: wait and ask again, or never with this key. */
const statusOfProblem: Partial<Record<Problem['code'], number>> = { IN_PROGRESS: 409, IDEMPOTENCY_KEY_REUSED: 422 };

/** GraphQL has the key in the input, the door in a header. */
const messageOf = ({ message }: Problem): string => message.replace('idempotencyKey', 'Idempotency-Key');
