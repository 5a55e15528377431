import { expect, test } from 'vitest';
import { FeedPages, type FeedPage } from '../../src/feed/feed-pages.js';

const page = (name: string): FeedPage => ({ events: [{ cursor: name } as never], bounds: { first: 1n, last: 1_000n } });
const nameOf = ({ events }: FeedPage) => events[0]!.cursor;

test('D11: a page that many readers ask for is read once, another one by itself', async () => {
  const pages = new FeedPages();
  const reads: string[] = [];
  const get = (begin: bigint) =>
    pages.get(begin, () => {
      reads.push(String(begin));
      return Promise.resolve(page(String(begin)));
    });
  const got = await Promise.all([get(0n), get(100n), get(0n)]);
  expect(got.map(nameOf)).toEqual(['0', '100', '0']);
  expect(nameOf(await get(100n))).toBe('100');
  expect(reads).toEqual(['0', '100']);
});

test('D11: the oldest pages are forgotten, and read again for who comes late', async () => {
  const pages = new FeedPages();
  let reads = 0;
  const get = (begin: bigint) => pages.get(begin, () => Promise.resolve(page(String(++reads))));
  for (let begin = 0n; begin < 10_000n; begin += 100n) await get(begin);
  expect(reads).toBe(100);
  await get(9_900n);
  expect(reads).toBe(100);
  await get(0n);
  expect(reads).toBe(101);
});

test('a page that cannot be read is tried again by who comes next', async () => {
  const pages = new FeedPages();
  await expect(pages.get(0n, () => Promise.reject(new Error('the database is away')))).rejects.toThrow('away');
  expect(nameOf(await pages.get(0n, () => Promise.resolve(page('again'))))).toBe('again');
});

test('A44: once a customer is hidden nobody is given a page from before, even one that was just being read', async () => {
  const pages = new FeedPages();
  let finish: (read: FeedPage) => void = () => undefined;
  const reads = [new Promise<FeedPage>((resolve) => (finish = resolve)), Promise.resolve(page('after'))];
  const read = () => reads.shift()!;
  const [one, two] = [pages.get(0n, read), pages.get(0n, read)];
  pages.clear();
  finish(page('before'));
  expect([nameOf(await one), nameOf(await two)]).toEqual(['after', 'after']);
  expect(reads).toEqual([]);
});
