import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestHub, type TestHub, type TestOwner } from '../hub.js';

let hub: TestHub;
let owner: TestOwner;
let texts: { code: string; text: string }[];
beforeAll(async () => {
  hub = await startTestHub({ env: { STAMDATA_ROLES: 'api' } });
  owner = await hub.owner();
  await owner.gql(
    'mutation ($input: BulkInsertCustomersInput!) { bulkInsertCustomers(input: $input) { counts { customers } } }',
    { input: { ownerCode: owner.code, customers: Array.from({ length: 60 }, (_, i) => customer(i)) } },
  );
  texts = await hub.clone.sql<{ code: string; text: string }>(
    `SELECT c.code, s.text FROM customer_search s JOIN customer c ON c.owner_id = s.owner_id AND c.id = s.customer_id
     WHERE c.owner_id = $1`,
    [owner.id],
  );
});
afterAll(() => hub.stop());

const names = [
  'Kjærgaard',
  'Schmidt-Olsen',
  "O'Connell",
  'Björnsson',
  'Abdelrahman',
  'Παπαδόπουλος',
  'Li',
  'van der Berg',
];
const mixed = (i: number) => String((i + 1) * 7_919_317).padStart(9, '1');
const customer = (i: number) => ({
  code: `K-${mixed(i).slice(0, 6)}/${i}`,
  name: `${names[i % names.length]} ${names[(3 * i + 1) % names.length]} ${i % 7}`,
  email: `mail.${mixed(i)}_${i}@shop${i % 4}.example`,
  mobile: `+45 ${mixed(i).slice(-8)}`,
});

async function found(search: string): Promise<string[]> {
  const { customers } = await owner.gql<{ customers: { nodes: { code: string }[] } }>(
    'query ($search: String) { customers(first: 100, search: $search) { nodes { code } } }',
    { search },
  );
  return customers.nodes.map(({ code }) => code).sort();
}

const having = (...parts: string[]): string[] =>
  texts
    .filter(({ text }) => parts.every((part) => text.includes(part)))
    .map(({ code }) => code)
    .sort();

test('T10: whatever piece of a text is looked for, of any length and from any place, those are found who have it', async () => {
  for (const [i, { text }] of texts.entries()) {
    const words = text.split(/\s+/).filter((word) => word.length >= 3);
    const word = words[(5 * i) % words.length]!;
    const length = Math.min(word.length, 3 + ((7 * i) % 10));
    const start = (11 * i) % (word.length - length + 1);
    const piece = word.slice(start, start + length);
    const isNumber = /^[\d+\-()./]+$/.test(piece); // it finds those who have it as a telephone number too
    const exactly = having(piece);
    expect(await found(piece), piece).toEqual(isNumber ? expect.arrayContaining(exactly) : exactly);
    const other = words[(5 * i + 3) % words.length]!;
    const both = having(other, piece);
    expect(await found(`${other} ${piece}`), `${other} ${piece}`).toEqual(
      isNumber ? expect.arrayContaining(both) : both,
    );
  }
});

test('T10: a word with one typing error finds those who have the word, alone and beside one that is right', async () => {
  const errors: ((word: string, at: number) => string)[] = [
    (word, at) => word.slice(0, at) + word.slice(at + 1),
    (word, at) => `${word.slice(0, at)}q${word.slice(at)}`,
    (word, at) => `${word.slice(0, at)}q${word.slice(at + 1)}`,
    (word, at) => word.slice(0, at) + word[at + 1] + word[at] + word.slice(at + 2),
  ];
  for (const [i, { code, text }] of texts.entries()) {
    const words = text.split(/[^\p{L}\p{N}]+/u).filter((word) => word.length >= 5);
    const word = words[i % words.length]!;
    const wrong = errors[i % errors.length]!(word, i % (word.length - 1));
    if (wrong === word) continue;
    if (having(wrong).length === 0) expect(await found(wrong), `${wrong} for ${word}`).toContain(code);
    const right = words[(i + 1) % words.length]!;
    if (having(wrong, right).length === 0)
      expect(await found(`${right} ${wrong}`), `${right} ${wrong} for ${word}`).toContain(code);
  }
});
