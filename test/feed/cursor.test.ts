import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Cursors } from '../../src/feed/cursor.js';

const cursors = new Cursors(Buffer.alloc(16, 1));
const owner = fc.integer({ min: 1, max: 2 ** 31 }).map(String);
const position = fc.bigInt({ min: 0n, max: 2n ** 63n - 1n });
const refused = expect.objectContaining({ code: 'BAD_USER_INPUT' }) as Error;

const decodes = (ownerId: string, cursor: string): unknown => {
  try {
    return cursors.decode(ownerId, cursor);
  } catch (error) {
    return error;
  }
};

test('D3: what goes in comes out, in 22 characters that fit into a URL', () => {
  fc.assert(
    fc.property(owner, position, (ownerId, pos) => {
      const cursor = cursors.encode(ownerId, pos);
      expect(cursor).toMatch(/^[A-Za-z0-9_-]{22}$/);
      expect(cursors.decode(ownerId, cursor)).toBe(pos);
    }),
  );
});

test('any other character anywhere is refused, those in the spare bits of the last one as well', () => {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/=';
  const cursor = cursors.encode('42', 7n);
  for (let i = 0; i < cursor.length; i++)
    for (const character of alphabet) {
      const altered = cursor.slice(0, i) + character + cursor.slice(i + 1);
      if (altered !== cursor) expect(decodes('42', altered), altered).toEqual(refused);
    }
});

test('another owner, another key: refused', () => {
  fc.assert(
    fc.property(owner, owner, position, (mine, theirs, pos) => {
      fc.pre(mine !== theirs);
      expect(decodes(mine, cursors.encode(theirs, pos))).toEqual(refused);
    }),
  );
  const elsewhere = new Cursors(Buffer.alloc(16, 2));
  expect(decodes('42', elsewhere.encode('42', 7n))).toEqual(refused);
});

test('garbage is refused', () => {
  const long = cursors.encode('42', 7n);
  for (const text of [
    '',
    ' ',
    'x',
    '7',
    long.slice(1),
    `${long}A`,
    `${long}=`,
    ` ${long}`,
    `${long}\n`,
    '\0'.repeat(22),
    'é'.repeat(22),
  ])
    expect(decodes('42', text), JSON.stringify(text)).toEqual(refused);
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
      expect(decodes('42', text)).toEqual(refused);
    }),
  );
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (bytes) => {
      expect(decodes('42', Buffer.from(bytes).toString('base64url'))).toEqual(refused);
    }),
  );
});

test('neighbouring positions do not look alike', () => {
  const seen = Array.from({ length: 1_000 }, (_, pos) => cursors.encode('42', BigInt(pos)).slice(0, 6));
  expect(new Set(seen).size).toBeGreaterThan(990);
});
