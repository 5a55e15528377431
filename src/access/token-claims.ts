import { isCleanText } from '../format/text.js';
import { isScope, type Scope } from './scope.js';

type Claims = Record<string, unknown>;
const maxOwners = 100;

/** Whom a token speaks for (`sub`); null where that is no text of 1 to 255 characters. */
export function subjectOf({ sub }: Claims): string | null {
  return typeof sub === 'string' && sub !== '' && sub.length <= 255 && isCleanText(sub) ? sub : null;
}

/** The codes in `stamdata_owner`, a text or a list of such, up to 100. There is no word for every owner. */
export function ownerCodesOf({ stamdata_owner: given }: Claims): string[] {
  return textsOf(given)
    .filter((code) => code !== '' && isCleanText(code))
    .slice(0, maxOwners);
}

/** The hub's scopes among those of `scope`, parted by spaces as RFC 8693 has it, or in a list. Others mean nothing here. */
export function scopesOf({ scope }: Claims): ReadonlySet<Scope> {
  return new Set(textsOf(typeof scope === 'string' ? scope.split(' ') : scope).filter(isScope));
}

const textsOf = (given: unknown): string[] =>
  [given].flat().filter((text: unknown): text is string => typeof text === 'string');
