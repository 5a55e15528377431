import { pino, type Logger } from 'pino';

/** One line per happening. Fields by allow-list: ids, codes, counts, durations; never bodies, names, e-mails, keys. */
export type Log = (level: 'error' | 'warn' | 'info' | 'debug', message: string, fields?: LogFields) => void;

export interface LogFields {
  requestId?: string;
  ownerId?: string;
  endpointId?: string;
  feedId?: string;
  operation?: string;
  part?: string;
  code?: string;
  count?: number;
  durationMs?: number;
  status?: number;
  url?: string;
  /** Of an unexpected error: its message and stack. Database errors carry only their code and constraint. */
  error?: unknown;
}

/** Structured logs to standard error, so that standard output stays free for what a person asked for. */
export function createLog(level: string): Log {
  const logger: Logger = pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination(2));
  return (lineLevel, message, { error, ...fields } = {}) => {
    logger[lineLevel](error === undefined ? fields : { ...fields, ...described(error) }, message);
  };
}

function described(error: unknown): object {
  if (!(error instanceof Error)) return { error: typeof error };
  const { code, constraint, table } = error as { code?: string; constraint?: string; table?: string };
  // PostgreSQL's messages and details can quote values of rows: its code and the constraint tell enough.
  if (code && /^[0-9A-Z]{5}$/.test(code))
    return { error: `database error ${code}`, constraint, table, stack: frames(error) };
  return { error: error.message, code, stack: frames(error) };
}

const frames = (error: Error): string | undefined => error.stack?.split('\n').slice(1, 8).join('\n');
