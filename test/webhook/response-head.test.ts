import { expect, test } from 'vitest';
import { storableHead } from '../../src/webhook/response-head.js';

test.each([
  ['ada@example.com', '[redacted]'],
  ['<a href="mailto:ada@example.com">', '<a href="mailto:[redacted]">'],
  ['call +45 12 34 56 78ada@example.com now', 'call [redacted] [redacted] now'],
  ['whsec_c2VjcmV0.ada@example.com', '[redacted]'],
  ['ada@example.com,bob@example.com;eve@example.com', '[redacted],[redacted];[redacted]'],
  ['tel:70271699 whsec_c2VjcmV0', 'tel:[redacted] [redacted]'],
  ['nothing @ all', 'nothing @ all'],
])('B.8: of the answer "%s" is kept "%s"', (answer, kept) => {
  expect(storableHead(Buffer.from(answer))).toBe(kept);
});

test.each([
  ['one long word', 'x'],
  ['digits', '1'],
  ['brackets after digits', '1(((((((('],
  ['almost a secret', 'whsec_'],
  ['almost addresses', 'x@'],
  ['almost telephone numbers', '1 ( '],
])('D 8: an answer of nothing but %s costs as little as any other', (_name, part) => {
  const answer = Buffer.from(part.repeat(4_096 / part.length));
  const began = process.cpuUsage();
  for (let i = 0; i < 1_000; i++) storableHead(answer);
  const { user } = process.cpuUsage(began);
  expect(user / 1_000).toBeLessThan(3_000); // ms; each start within the word tried anew took 10,000
});
