import { Refusal } from '../../errors.js';
import { ungroupedPiece } from '../../search/search-piece.sql.js';

/** What somebody looks for. */
export interface SearchTerms {
  /** All of it, and as a telephone number if it can be one: without gaps, with + for 00. */
  wholes: string[];
  /** Its words. */
  words: string[];
}

const longest = 200;
const mostWords = 10;

/** Takes a search apart; null: nothing is looked for. @throws Refusal BAD_USER_INPUT for one that is too long or no text */
export function searchTerms(search: string | null | undefined): SearchTerms | null {
  const text = (search ?? '').trim();
  if (text === '') return null;
  if (text.length > longest) throw new Refusal('BAD_USER_INPUT', `search: at most ${longest} characters`);
  if (/[\0-\x1f\x7f\p{Cs}]/u.test(text)) throw new Refusal('BAD_USER_INPUT', 'search: this is not a text');
  const words = [...new Set(text.split(/\s+/))];
  if (words.length > mostWords) throw new Refusal('BAD_USER_INPUT', `search: at most ${mostWords} words`);
  return { wholes: [...new Set([text, ...asNumber(text)])], words };
}

function asNumber(text: string): string[] {
  const compact = ungroupedPiece(text.replace(/[./]/g, ''));
  if (!/^\+?\d{3,}$/.test(compact)) return [];
  return [compact, ...(compact.startsWith('00') ? [compact.replace(/^00/, '+')] : [])];
}
