/**
 * True for text that PostgreSQL, JSON and a log line all carry unharmed: no control character (PostgreSQL refuses
 * NUL outright) and no half of a surrogate pair (which has no UTF-8 form).
 */
export function isCleanText(text: string): boolean {
  return !unstorable.test(text);
}

/** Number of Unicode code points, which is what "chars" means in the documents' limits (A22). */
export function codePointCount(text: string): number {
  let count = 0;
  for (let i = 0; i < text.length; count += 1) i += (text.codePointAt(i) as number) > 0xffff ? 2 : 1;
  return count;
}

/** True for what counts as "not given": null, undefined, and text of nothing but white space (A21). */
export function isAbsent(value: unknown): boolean {
  return value === null || value === undefined || (typeof value === 'string' && value.trim() === '');
}

/** Text for an answer or a log that repeats what a client sent, with U+FFFD for whatever could not be stored. */
export function storableEcho(text: string): string {
  return text.replace(unstorableAll, '\uFFFD');
}

// With the u flag \p{Cs} matches only the surrogates that have no partner.
const unstorable = /[\p{Cc}\p{Cs}]/u;
const unstorableAll = /[\p{Cc}\p{Cs}]/gu;
