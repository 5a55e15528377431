import fc from 'fast-check';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { typingVariants } from '../../src/customer/list/typing-variants.js';
import { editsBetween } from '../../src/format/edits.js';
import { isIndexedWord, isRareNumber, piecesOf, piecesOfAll, toldByPieces } from '../../src/search/search-pieces.js';
import { cloneDatabase, type Clone } from '../database-clone.js';

let clone: Clone;
let sql: pg.Client;
beforeAll(async () => {
  clone = await cloneDatabase();
  sql = new pg.Client(clone.connection);
  await sql.connect();
});
afterAll(async () => {
  await sql.end();
  await clone.drop();
});

const letters = [...'abcdeé12345', ...`@.-_/,&'()+:#`, '🙂', 'ж'];
const part = fc.array(fc.constantFrom(...letters), { minLength: 1, maxLength: 24 }).map((some) => some.join(''));
const text = fc.array(part, { minLength: 1, maxLength: 6 });

/** Which sets of pieces the index has of a text, as the database says. */
async function hasPieces(of: string, sets: string[][]): Promise<boolean[]> {
  const { rows } = await sql.query<{ has: boolean }>(
    `SELECT search_pieces($1) @> piece_keys(ARRAY(SELECT jsonb_array_elements_text(pieces))) AS has
     FROM jsonb_array_elements($2::jsonb) WITH ORDINALITY AS sets (pieces, place) ORDER BY place`,
    [of, JSON.stringify(sets)],
  );
  return rows.map(({ has }) => has);
}

test('T10: whatever stands in a text has pieces in common with it, wherever it begins and ends', async () => {
  await fc.assert(
    fc.asyncProperty(text, fc.nat(), fc.nat(), async (parts, at, size) => {
      const one = [...parts[at % parts.length]!];
      const start = size % one.length;
      const sought = one.slice(start, start + 1 + (at % (one.length - start))).join('');
      const sets = piecesOf(sought);
      if (sets !== null) expect(await hasPieces(`\n${parts.join('\n')}\n`, sets), sought).toContain(true);
      const all = piecesOfAll(toldByPieces([sought, one.join('')]));
      if (all !== null) expect(await hasPieces(parts.join(' '), all), sought).toContain(true);
    }),
    { numRuns: 400 },
  );
});

test('T10: six letters of a word are enough to be told by pieces, or five that begin one', () => {
  for (const known of ['123456', 'c-12345', 'second1@example', '+4520123456', '@example'])
    expect(piecesOf(known), known).not.toBeNull();
  for (const short of ['12345', 'c-1234', 'a.b', '@', '', 'andrs@']) expect(piecesOf(short), short).toBeNull();
  expect(piecesOf('c-12345')).toEqual([['12345']]);
  expect(piecesOf('1234567')).toEqual([['12345', '34567'], ['23456']]);
  expect(piecesOf('x-one-two3'), 'a whole word between').toEqual([['one']]);
});

test('T10: six digits of which four differ are a rare number', () => {
  for (const rare of ['c-123456', '+4520123456', 'a.b123450@x']) expect(isRareNumber(rare), rare).toBe(true);
  for (const common of ['12345', '123-456', '+000012', '20202020', 'andersen'])
    expect(isRareNumber(common), common).toBe(false);
});

test('T10: the pieces of a text are few of those of another', async () => {
  const names = ['Kjargaard', 'Kjeldsen', 'Sørensen', 'Smith', 'Christensen'].map((name) => name.toLowerCase());
  for (const name of names)
    for (const other of names) {
      const sets = piecesOf(name);
      if (sets) expect((await hasPieces(other, sets)).includes(true), `${name} in ${other}`).toBe(name === other);
    }
});

test('T10: the variants of a word are all that lie one typing error away, and nothing else', () => {
  const word = fc.string({ unit: fc.constantFrom(...'abc1'), minLength: 3, maxLength: 9 });
  fc.assert(
    fc.property(word, word, (one, other) => {
      const variants = new Set(typingVariants(one));
      const errors = editsBetween(one, other);
      if (errors === 1) expect(variants.has(other), `${one} for ${other}`).toBe(true);
      if (errors > 1) expect(variants.has(other), `${one} for ${other}`).toBe(false);
    }),
    { numRuns: 5_000 },
  );
  expect(typingVariants('jhon')).toContain('john');
  expect(typingVariants('jean-luc')!.filter(isIndexedWord)).toContain('jeanluc');
  for (const unknown of ['сорен', 'a'.repeat(33)]) expect(typingVariants(unknown), unknown).toBeNull();
});
