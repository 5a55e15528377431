import { pino, type Logger } from 'pino';
import { errorFields } from './error-fields.js';

export type Level = 'error' | 'warn' | 'info' | 'debug';

/** One line per happening. Fields by allow-list: ids, codes, counts, durations; never bodies, names, e-mails, keys. */
export type Log = (level: Level, message: string, fields?: LogFields) => void;

export interface LogFields {
  requestId?: string;
  ownerId?: string;
  endpointId?: string;
  feedId?: string;
  /** Of the api key that was used. */
  keyId?: string;
  /** A kind of operation, or a field of the schema; never what a client calls it. */
  operation?: string;
  /** Of HTTP. */
  method?: string;
  /** A path of the hub, or `other`; never what was sent. */
  path?: string;
  part?: string;
  code?: string;
  count?: number;
  durationMs?: number;
  status?: number;
  /** An unexpected error: see `errorFields` for what is told of it. */
  error?: unknown;
}

/** Structured logs to standard error, so that standard output stays free for what a person asked for. */
export function createLog(level: string): Log {
  const logger: Logger = pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination(2));
  return (lineLevel, message, fields = {}) => {
    if (logger.isLevelEnabled(lineLevel)) logger[lineLevel](allowed(fields), message);
  };
}

const names = [
  'requestId',
  'ownerId',
  'endpointId',
  'feedId',
  'keyId',
  'operation',
  'method',
  'path',
  'part',
  'code',
  'count',
  'durationMs',
  'status',
] as const satisfies (keyof LogFields)[];

const longest = 100;

/** Whatever is given, nothing but these is written, and nothing but short texts and numbers. */
function allowed(fields: LogFields): object {
  const told: Record<string, string | number> = {};
  for (const name of names) {
    const value: unknown = fields[name];
    if (typeof value === 'string') told[name] = value.slice(0, longest);
    if (typeof value === 'number') told[name] = value;
  }
  return fields.error === undefined ? told : { ...told, ...errorFields(fields.error) };
}
