import { problem, type Problem } from '../errors.js';
import { codePointCount, isCleanText } from '../format/text.js';

/** The origins that an endpoint is not told of: as they stand in events, each once. */
export const originsOf = ({ exceptOrigins }: { exceptOrigins?: string[] | null }): string[] => [
  ...new Set(exceptOrigins?.map((origin) => origin.trim())),
];

const maxOrigins = 50;

/**
 * What is wrong with a list of origins: empty (INVALID), more than 50 (LIMIT_EXCEEDED), or one that no key can have as its
 * name (INVALID). Whether a key of the name exists is not asked: keys come and go, and what they wrote stays theirs.
 */
export function originProblems({ exceptOrigins }: { exceptOrigins?: string[] | null }): Problem[] {
  if (!exceptOrigins) return [];
  if (exceptOrigins.length === 0)
    return [problem('INVALID', 'exceptOrigins', 'invalid exceptOrigins (name at least one, or leave it out for none)')];
  if (exceptOrigins.length > maxOrigins)
    return [problem('LIMIT_EXCEEDED', 'exceptOrigins', `invalid exceptOrigins (at most ${maxOrigins})`)];
  return exceptOrigins.flatMap((given, i) => {
    const origin = given.trim();
    if (origin !== '' && codePointCount(origin) <= 100 && isCleanText(origin)) return [];
    const field = `exceptOrigins.${i}`;
    return problem('INVALID', field, `invalid ${field} (the name of an API key: 1 to 100 characters)`);
  });
}
