import { expect, test } from 'vitest';
import { sources } from './sources.js';

/** Where a transaction begins and ends: one place for requests and machines, beside what makes the schema. */
const openers = ['database/database.ts', 'database/transaction.ts', 'database/migrate.ts', 'feed/partitions.ts'];
/** Tables whose rows are part of a customer: a change of them is an event. */
const customerTables =
  'customer|contact_info|external_reference|customer_tag|consent|customer_order|order_line|booking|booking_history|customer_user|tag|external_system';
/** Hashing changes no field that anybody sees, and no version: it is the one writer past the door. */
const pastTheDoor = ['customer/password-hasher.ts'];
const aboveOwners = ['owner/owners.ts']; // createOwner gives a new owner, which has no customers, its systems

const code = sources.filter(
  ({ path }) => !path.startsWith('database/migrations/') && !path.startsWith('database/embedded/'),
);
const withoutComments = (text: string): string => text.replace(/^\s*(\/\/|\*|\/\*\*).*$/gm, '');

test('architecture 3: transactions are opened and ended by database.ts alone', () => {
  const found = code.filter(({ text }) =>
    /\b(BEGIN|COMMIT|ROLLBACK|START TRANSACTION|SAVEPOINT)\b|createQueryRunner|\.transaction\(/.test(
      withoutComments(text),
    ),
  );
  expect(found.map(({ path }) => path).filter((path) => !openers.includes(path))).toEqual([]);
  for (const path of openers)
    expect(
      found.map((source) => source.path),
      'the list above has only what it needs',
    ).toContain(path);
});

test('architecture 3: what belongs to a customer is written in functions that take a Write, so every change is an event', () => {
  const writes = new RegExp(`\\b(INSERT INTO|UPDATE|DELETE FROM) (${customerTables})\\b(?! SKIP)`);
  const writers = code.filter(({ text }) => writes.test(withoutComments(text)));
  expect(writers.length).toBeGreaterThan(12);
  const unguarded = writers
    .filter(({ path, text }) => path !== 'write.ts' && !/\btx: (Write|Pick<Write)\b/.test(text))
    .map(({ path }) => path);
  expect(unguarded).toEqual(pastTheDoor);
  for (const path of pastTheDoor)
    expect(sources.find((source) => source.path === path)!.text).not.toMatch(/UPDATE customer\b|version \+ 1/);
});

test('architecture 3: orders are written in one place, and so are the totals that are kept of them', () => {
  const writersOf = (table: string) =>
    code
      .filter(({ text }) => new RegExp(`\\b(INSERT INTO|UPDATE|DELETE FROM) ${table}\\b`).test(withoutComments(text)))
      .map(({ path }) => path);
  expect(writersOf('customer_order')).toEqual(['order/write-orders.ts']);
  expect(writersOf('order_totals')).toEqual(['order/kept-totals.sql.ts']);
  const keepers = code.filter(({ text }) => text.includes('/kept-totals.sql.js')).map(({ path }) => path);
  expect(keepers).toEqual(['order/write-orders.ts']);
});

test('architecture 3: a Write is made by write.ts alone, and nobody else makes a transaction of an owner to write a customer in', () => {
  expect(code.filter(({ text }) => /new Write\(/.test(text)).map(({ path }) => path)).toEqual(['write.ts']);
  const writesCustomers = new RegExp(`\\b(INSERT INTO|UPDATE|DELETE FROM) (${customerTables})\\b(?! SKIP)`);
  const both = code.filter(
    ({ path, text }) => /\.(asOwner|asSystem)\(/.test(text) && writesCustomers.test(text) && path !== 'write.ts',
  );
  expect(both.map(({ path }) => path).filter((path) => !aboveOwners.includes(path))).toEqual(pastTheDoor);
});

test("architecture 2: no statement is sent by TypeORM's save, which reads before it writes", () => {
  expect(
    code
      .filter(({ text }) => /manager\.(save|upsert|softDelete)\(|\.createQueryBuilder\(/.test(text))
      .map(({ path }) => path),
  ).toEqual([]);
});

test('architecture 2: every statement opens with its name, and the name is given once', () => {
  const nameless: string[] = [];
  const names = new Map<string, string[]>();
  for (const { path, text } of code) {
    for (const [, , statement] of text.matchAll(/\.(rows|query)(?:<(?:[^<>]|<[^<>]*>)*>)?\(\s*[`'"]([^`'"]*)/g)) {
      const name = /^\s*\/\* (\w+) \*\//.exec(statement!)?.[1];
      const plain =
        /^\s*(SET CONSTRAINTS|SELECT pg_advisory|SELECT to_regclass|SELECT current_setting|SELECT 1$|CREATE TABLE|ALTER TABLE|LISTEN|UNLISTEN)/.test(
          statement!,
        );
      if (name) names.set(name, [...(names.get(name) ?? []), path]);
      else if (!plain && /\b(SELECT|INSERT|UPDATE|DELETE|WITH)\b/.test(statement!))
        nameless.push(`${path}: ${statement!.trim().slice(0, 60)}`);
    }
  }
  expect(nameless).toEqual([]);
  expect(names.size).toBeGreaterThan(60);
  const shared = [...names].filter(([, paths]) => new Set(paths).size > 1);
  expect(shared, 'one name, one function, one file').toEqual([]);
});

test("design C: no text of a caller is pasted into a statement: what stands in ${} is the code's own", () => {
  const pasted = code.flatMap(({ path, text }) =>
    [...text.matchAll(/`[^`]*\/\* \w+ \*\/[^`]*`/g)].flatMap(([statement]) =>
      [...statement.matchAll(/\$\{([^}]*)\}/g)]
        .filter(([, inner]) => /\binput\b|\bargs\b|\brequest\b|\brow\.\w|\bname\b/.test(inner!))
        .map(([, inner]) => `${path}: ${inner}`),
    ),
  );
  expect(pasted).toEqual([]);
});
