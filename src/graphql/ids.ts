import { Rejected, problem } from '../errors.js';

export const isId = (text: string): boolean => /^[1-9]\d{0,17}$/.test(text);

/** A given id as PostgreSQL takes it. @throws Rejected NOT_FOUND for a text that no id can be */
export function idOf(field: string, text: string): string {
  if (isId(text)) return text;
  throw new Rejected([problem('NOT_FOUND', field, `invalid ${field} (no such id)`)]);
}

/** The same for a list, with its repetitions, so that a place in it stays a place in the input; every wrong one is told. */
export function idsOf(field: string, texts: string[]): string[] {
  const wrong = texts.flatMap((text, i) =>
    isId(text) ? [] : [problem('NOT_FOUND', `${field}.${i}`, `invalid ${field}.${i} (no such id)`)],
  );
  if (wrong.length > 0) throw new Rejected(wrong);
  return texts;
}
