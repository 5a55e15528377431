import { errorFields } from '../error-fields.js';

/** A line for whoever asked: standard output. */
export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** A line about what is wrong: standard error. */
export function complain(line: string): void {
  process.stderr.write(`stamdata: ${line}\n`);
}

/** The same of an unexpected error: what kind it is and where it came from, without the values that it may quote. */
export function complainOf(error: unknown): void {
  const { stack, ...fields } = errorFields(error);
  complain(`unexpected error: ${Object.values(fields).join(', ')}${stack ? `\n${stack}` : ''}`);
}
