import type { ProblemCode, RefusalCode } from '../errors.js';

/** What ends an import: said in the words of the API where it has them. */
export type ImportCode =
  | ProblemCode
  | RefusalCode
  | 'NOT_ALLOWED'
  | 'UNSUPPORTED'
  | 'MALFORMED_FILE'
  | 'TRUNCATED'
  | 'INTERRUPTED'
  | 'CANCELLED'
  | 'BUSY'
  | 'INTERNAL_SERVER_ERROR';

/** An import that cannot be begun or go on: the HTTP status before the answer has begun, the line of the file if one is to blame. */
export class ImportRefused extends Error {
  constructor(
    readonly status: 400 | 401 | 403 | 404 | 405 | 409 | 413 | 415 | 422 | 429 | 500 | 503,
    readonly code: ImportCode,
    message: string,
    /** From 1; null where no line is to blame. */
    readonly line: number | null = null,
    /** Of the answer's head, beside those that its status obliges to. */
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}

/** A file that cannot be read any further. What was read before stays imported. */
export const malformedFile = (message: string, line: number | null): ImportRefused =>
  new ImportRefused(400, 'MALFORMED_FILE', message, line);
