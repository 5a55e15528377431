import { StartupError } from './errors.js';
import { MissingKey } from './secret.js';

/** What may be told of an unexpected error: what kind it is and where it came from. */
export interface ErrorFields {
  error: string;
  code?: string;
  constraint?: string;
  table?: string;
  /** What brought it about. */
  cause?: string;
  stack?: string;
}

const longest = 300;
const frames = 7;

/**
 * An error without the values it may quote. PostgreSQL's messages and details have those of rows, V8's and graphql-js' those
 * that they could not read: of these only the kind and the code are told. A message is told where it is an `Error` and no
 * more (this hub's own, and those of connections), or of the operating system. The stack is frames alone.
 */
export function errorFields(error: unknown): ErrorFields {
  if (!(error instanceof Error)) return { error: `a thrown ${typeof error}` };
  const { constraint, table } = error as { constraint?: unknown; table?: unknown };
  const code = codeOf(error);
  const { cause } = error;
  return defined({
    error: messageOf(error, code),
    code,
    ...(isOfDatabase(code) ? { constraint: nameOf(constraint), table: nameOf(table) } : {}),
    cause: cause instanceof Error ? messageOf(cause, codeOf(cause)) : undefined,
    stack: framesOf(error),
  });
}

function messageOf(error: Error, code: string | undefined): string {
  if (isOfDatabase(code)) return `database error ${code}`;
  const { constructor, message } = error;
  const isPlain = constructor === Error || error instanceof StartupError || error instanceof MissingKey;
  if (isOfSystem(error) || (isPlain && code === undefined)) return message.split('\n')[0]!.slice(0, longest);
  const reading = /^Cannot read properties of (undefined|null)\b/.exec(message)?.[0];
  return [constructor.name, reading ?? code].filter(Boolean).join(': ');
}

function codeOf(error: Error): string | undefined {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && /^\w{1,60}$/.test(code) ? code : undefined;
}

const isOfDatabase = (code: string | undefined): code is string => code !== undefined && /^[0-9A-Z]{5}$/.test(code);
const isOfSystem = (error: Error): boolean => 'syscall' in error && 'code' in error;
const nameOf = (name: unknown): string | undefined =>
  typeof name === 'string' && /^\w{1,63}$/.test(name) ? name : undefined;

/** The message stands before them, and may be of many lines. */
function framesOf({ stack, message }: Error): string | undefined {
  if (!stack) return undefined;
  const begin = message === '' ? 0 : stack.indexOf(message);
  const behind = begin < 0 ? '' : stack.slice(begin + message.length);
  const lines = behind.split('\n').filter((line) => /^\s+at /.test(line));
  return lines.length > 0 ? lines.slice(0, frames).join('\n') : undefined;
}

const defined = (fields: { [Key in keyof ErrorFields]: ErrorFields[Key] | undefined }): ErrorFields =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as unknown as ErrorFields;
