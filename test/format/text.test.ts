import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { codePointCount, isAbsent, isCleanText, storableEcho } from '../../src/format/text.js';

describe('text', () => {
  test('A22: length counts code points, not UTF-16 units or bytes', () => {
    expect(codePointCount('Ærø')).toBe(3);
    expect(codePointCount('👩‍🍳')).toBe(3);
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => codePointCount(text) === [...text].length));
  });

  test('A21: null, undefined, empty and blank text are absent; 0, false and empty lists are not', () => {
    for (const value of [null, undefined, '', '  ', '\t\n', '\u00a0']) expect(isAbsent(value)).toBe(true);
    for (const value of [0, false, [], {}, 'a']) expect(isAbsent(value)).toBe(false);
  });

  test('control characters and halves of surrogate pairs are not clean; emoji and combining marks are', () => {
    for (const text of ['a\u0000b', 'a\nb', '\u007f', '\u0085', '\ud83d', '\udc69x'])
      expect(isCleanText(text)).toBe(false);
    for (const text of ['', 'Ørsted', '👩‍🍳', 'e\u0301', '日本']) expect(isCleanText(text)).toBe(true);
  });

  test('an echo can always be stored, and clean text is repeated as it is', () => {
    expect(storableEcho('A\u0000\ud83d17')).toBe('A\ufffd\ufffd17');
    expect(storableEcho('Kunde 17 👩‍🍳')).toBe('Kunde 17 👩‍🍳');
  });
});
