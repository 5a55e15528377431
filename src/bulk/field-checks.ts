import type { ProblemCode } from '../errors.js';
import { booleanWords, readBoolean } from '../format/boolean-word.js';
import { int32, readInteger } from '../format/integer.js';
import { codePointCount, isCleanText } from '../format/text.js';

/** Why a value is refused; `validValues` where the field is a closed set, to be listed in the message. */
export class Fault {
  constructor(
    readonly code: ProblemCode,
    readonly validValues?: readonly string[],
  ) {}
}

/** Takes a value that is neither null nor blank (A21) and gives its canonical form, or why it has none. */
export type Check<T> = (given: unknown) => T | Fault;

/** Text, trimmed, of `min` to `max` code points (A22). A number is not text: it has lost its zeros. */
export function text(max: number, min = 1): Check<string> {
  return (given) => {
    if (typeof given !== 'string') return malformed;
    const trimmed = given.trim();
    return isCleanText(trimmed) ? withinLength(trimmed, min, max) : malformed;
  };
}

/** Text that `canonical` turns into its canonical form, or null where it is none. */
export function textAs(max: number, canonical: (trimmed: string) => string | null): Check<string> {
  const asText = text(max);
  return (given) => {
    const trimmed = asText(given);
    return trimmed instanceof Fault ? trimmed : (canonical(trimmed) ?? malformed);
  };
}

/** Text, trimmed, of `min` to `max` characters that all match `shape`, a pattern for the whole text. */
export function shaped(shape: RegExp, min: number, max: number): Check<string> {
  return (given) => {
    if (typeof given !== 'string') return malformed;
    const trimmed = given.trim();
    return shape.test(trimmed) ? withinLength(trimmed, min, max) : malformed;
  };
}

/** ASCII letters and digits (A20). */
export function alphanumeric(min: number, max: number): Check<string> {
  return shaped(/^[A-Za-z0-9]+$/, min, max);
}

/** A JSON string of ASCII digits (A9, A19). */
export function digits(max: number): Check<string> {
  return shaped(/^[0-9]+$/, 1, max);
}

/** What passes `shape`, in upper case. */
export function upperCase(shape: Check<string>): Check<string> {
  return (given) => {
    const value = shape(given);
    return value instanceof Fault ? value : value.toUpperCase();
  };
}

/** A password: text kept exactly as given, since white space at its ends is part of the secret. */
export function secret(min: number, max: number): Check<string> {
  return (given) => (typeof given === 'string' && isCleanText(given) ? withinLength(given, min, max) : malformed);
}

/** A JSON integer or an integer as text, by default of signed 32 bits (A27). */
export function integer(min: number = int32.min, max: number = int32.max): Check<number> {
  return (given) => {
    const value = readInteger(given);
    return value === null ? malformed : value < min || value > max ? outOfRange : value;
  };
}

/** One of the eight words, true or false, 1 or 0 (N43). */
export const boolean: Check<boolean> = (given) => readBoolean(given) ?? notBoolean;

/**
 * One of a closed set: a word in any case, or the wire value that stands for it (a JSON number or its digits).
 *
 * @param words word → canonical value, in the order in which a message lists them.
 */
export function oneOf<T>(words: readonly (readonly [string, T])[]): Check<T> {
  const meanings = new Map(words.map(([word, value]) => [word.toLowerCase(), value]));
  const fault = new Fault(
    'INVALID',
    words.map(([word]) => word),
  );
  return (given) => {
    if (typeof given !== 'string' && typeof given !== 'number') return fault;
    return meanings.get(String(given).trim().toLowerCase()) ?? fault;
  };
}

/** A value that a reader of `src/format` understands, whatever its type. */
export function readBy<T>(read: (given: unknown) => T | null): Check<T> {
  return (given) => read(given) ?? malformed;
}

const malformed = new Fault('INVALID');
const tooShort = new Fault('TOO_SHORT');
const tooLong = new Fault('TOO_LONG');
const outOfRange = new Fault('OUT_OF_RANGE');
const notBoolean = new Fault('INVALID', booleanWords);

function withinLength(value: string, min: number, max: number): string | Fault {
  // A code point is one or two units long: count only where the units leave the answer open.
  if (value.length > 2 * max) return tooLong;
  if (value.length >= 2 * min && value.length <= max) return value;
  const count = codePointCount(value);
  return count < min ? tooShort : count > max ? tooLong : value;
}
