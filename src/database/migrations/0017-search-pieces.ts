import type { QueryRunner } from 'typeorm';
import { ForwardMigration } from './forward-migration.js';

/**
 * What makes a search cost the same among a thousand customers and a million. The trigrams of a number are each in thousands of
 * a million texts, and the index of trigrams reads all these lists to find the one customer who has them all. These pieces are
 * longer and rarer: each word of a text as a whole, and five letters at every other place in it, as numbers. Whatever is six
 * letters long and stands in a word has such pieces in common with it, from its first letter or its second on; and the words
 * that a typing error may stand for can be looked up one by one. `src/search/search-pieces.ts` says the same of what is looked for.
 *
 * An index on an expression, no column: `hashtext` may be another in the next PostgreSQL, where a dump builds the index anew.
 * By which plan it is asked is no matter of statistics, so there are none: making them took twenty times as long as the
 * table's own. Without them PostgreSQL expects thousands of rows where a handful comes, and would start other processes for
 * these, which take longest of all: hence RESTRICTED.
 */
export class SearchPieces1763800000017 extends ForwardMigration {
  override async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(/* sql */ `
CREATE FUNCTION search_pieces(text) RETURNS integer[] LANGUAGE sql IMMUTABLE STRICT PARALLEL RESTRICTED COST 1000
RETURN (
  SELECT array_agg(hashtext(CASE WHEN place < 0 THEN word ELSE substr(word, place, 5) END))
  FROM (SELECT DISTINCT word FROM unnest(string_to_array(${spaced('$1')}, ' ')) AS word WHERE length(word) > 2) AS words,
    generate_series(-1, length(word) - 4, 2) AS place
);
CREATE FUNCTION piece_keys(text[]) RETURNS integer[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN (SELECT array_agg(hashtext(piece)) FROM unnest($1) AS piece);
CREATE INDEX customer_search_pieces_idx ON customer_search USING gin (owner_id, search_pieces(text))
  WITH (gin_pending_list_limit = 512);
ALTER INDEX customer_search_pieces_idx ALTER COLUMN 2 SET STATISTICS 0;
`);
  }
}

/** SQL of a text with a space for every character that separates words; translate() would take twice as long. */
function spaced(text: string): string {
  return [...`\n@.-_/,&'()+:#`].reduce((sql, separator) => {
    const literal = separator === '\n' ? `E'\\n'` : `'${separator.replace(`'`, `''`)}'`;
    return `replace(${sql}, ${literal}, ' ')`;
  }, text);
}
