import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hashKeySecret, newKeyText, parseKeyText } from '../../src/access/key-text.js';

const base62 = [...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'];

test('keys: a key is stam_live_<10>_<32>_<6>, and gives its parts back', () => {
  const { publicId, secret, text } = newKeyText();
  expect(text).toMatch(/^stam_live_[0-9A-Za-z]{10}_[0-9A-Za-z]{32}_[0-9A-Za-z]{6}$/);
  expect(text.startsWith(`stam_live_${publicId}_${secret}_`)).toBe(true);
  expect(parseKeyText(text)).toEqual({ publicId, secret });
});

test('keys: the checksum is CRC-32 in base 62 over all before it, so that others can verify keys too', () => {
  // reckoned by hand with the table-free definition of CRC-32, not with the product's code
  const parts = 'stam_live_0123456789_ABCDEFGHIJKLMNOPQRSTUVWXYZabcdef';
  let crc = 0xffffffff;
  for (const byte of Buffer.from(parts)) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  let rest = BigInt((crc ^ 0xffffffff) >>> 0);
  let check = '';
  while (check.length < 6) {
    check = base62[Number(rest % 62n)]! + check;
    rest /= 62n;
  }
  expect(parseKeyText(`${parts}_${check}`)).toEqual({
    publicId: '0123456789',
    secret: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdef',
  });
});

test('keys: any one character changed, dropped, doubled or swapped with its neighbour is found without a query', () => {
  fc.assert(
    fc.property(fc.nat({ max: 59 }), fc.constantFrom(...base62, '_', ' '), (place, other) => {
      const { text } = newKeyText();
      const at = place % text.length;
      const wrong = [
        text.slice(0, at) + other + text.slice(at + 1),
        text.slice(0, at) + text.slice(at + 1),
        text.slice(0, at) + text[at]! + text.slice(at),
        text.slice(0, at) + (text[at + 1] ?? '') + text[at]! + text.slice(at + 2),
      ];
      for (const given of wrong) if (given !== text) expect(parseKeyText(given), given).toBeNull();
    }),
    { numRuns: 2_000 },
  );
});

test('keys: what is no key at all is no key', () => {
  const { text } = newKeyText();
  for (const given of [
    '',
    'stam_live_',
    `${text}\n`,
    ` ${text}`,
    `${text}_`,
    text.toUpperCase(),
    text.replace('live', 'test'),
  ])
    expect(parseKeyText(given), JSON.stringify(given)).toBeNull();
});

test('keys: they are random in every place, and equal secrets alone have equal hashes', () => {
  const texts = Array.from({ length: 300 }, () => newKeyText());
  expect(new Set(texts.map(({ publicId }) => publicId)).size).toBe(300);
  for (let place = 0; place < 32; place++)
    expect(new Set(texts.map(({ secret }) => secret[place])).size).toBeGreaterThan(30);
  expect(hashKeySecret(texts[0]!.secret)).toEqual(hashKeySecret(texts[0]!.secret));
  expect(hashKeySecret(texts[0]!.secret)).not.toEqual(hashKeySecret(texts[1]!.secret));
});
