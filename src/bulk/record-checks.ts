import { problem, type Problem } from '../errors.js';
import { isAbsent } from '../format/text.js';
import { Fault, type Check } from './field-checks.js';
import { invalid, missing } from './messages.js';

/** A compulsory value: its canonical form, or null and a problem. */
export function required<T>(field: string, given: unknown, check: Check<T>, problems: Problem[]): T | null {
  if (!isAbsent(given)) return optional(field, given, check, problems);
  problems.push(missing(field));
  return null;
}

/** A value that may be absent (A21): its canonical form, or null; a problem where it is given and has none. */
export function optional<T>(field: string, given: unknown, check: Check<T>, problems: Problem[]): T | null {
  if (isAbsent(given)) return null;
  const value = check(given);
  if (!(value instanceof Fault)) return value;
  problems.push(invalid(field, value.code, value.validValues));
  return null;
}

/** A moment within the years 1900 to 2200 (UTC): others are typing errors that would sort to an end of every list. */
export function checkMoment(field: string, moment: Date, problems: Problem[]): void {
  const year = moment.getUTCFullYear(); // NaN for no date at all
  if (year >= 1900 && year <= 2200) return;
  problems.push(problem('OUT_OF_RANGE', field, `invalid ${field} (the years 1900 to 2200)`));
}
