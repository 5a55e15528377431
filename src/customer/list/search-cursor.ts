import { createHash } from 'node:crypto';
import { Refusal } from '../../errors.js';
import type { Match } from './matches.js';
import { encode, parsed } from './list-cursor.js';
import type { SearchTerms } from './search-terms.js';

/** A place among what was found. */
export interface SearchPosition extends Match {
  /** Whether all that was found was ranked one by one. */
  ranked: boolean;
  /** The name by which it was placed there; null: by its id. */
  key: string | null;
}

/** The cursor of a customer that was found. It says by which search, so that it cannot be used with another. */
export const searchCursor = (terms: SearchTerms, { id, rank, ranked, key }: SearchPosition): string =>
  encode(JSON.stringify(['SEARCH', digest(terms), ranked ? 1 : 0, rank, key, id]));

/** @throws Refusal BAD_USER_INPUT for a cursor of another search or list, or none at all */
export function searchPositionOf(
  argument: 'after' | 'before',
  cursor: string | null | undefined,
  terms: SearchTerms,
): SearchPosition | null {
  if (cursor == null) return null;
  const [kind, search, ranked, rank, key, id] = parsed(Buffer.from(cursor, 'base64url').toString());
  const known = kind === 'SEARCH' && (ranked === 0 || ranked === 1) && Number.isInteger(rank);
  if (!known || typeof id !== 'string' || !/^\d{1,18}$/.test(id) || !isName(key))
    throw new Refusal('BAD_USER_INPUT', `${argument}: this is not a cursor of this list`);
  if (search !== digest(terms)) throw new Refusal('BAD_USER_INPUT', `${argument}: this cursor is of another search`);
  return { ranked: ranked === 1, rank: rank as number, key, id };
}

const isName = (key: unknown): key is string | null =>
  key === null || (typeof key === 'string' && /^[^\0\p{Cs}]{1,1000}$/u.test(key));

const digest = ({ words }: SearchTerms): string =>
  createHash('sha256').update(words.join(' ')).digest('base64url').slice(0, 12);
