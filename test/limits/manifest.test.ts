import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readConfig } from '../../src/config.js';
import { StartupError } from '../../src/errors.js';
import { Admission } from '../../src/limits/admission.js';
import { loadPersistedOperations } from '../../src/limits/load-persisted-operations.js';
import { hashOf } from '../../src/limits/read-manifest.js';
import { createSchema } from '../../src/schema.js';
import { cloneDatabase, type Clone } from '../database-clone.js';
import { command, endStarted } from '../process/command.js';

let home: string;
let file: string;
let admission: Admission;
let clone: Clone;
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'stamdata-manifest-'));
  file = join(home, 'operations.json');
  admission = new Admission(await createSchema());
  clone = await cloneDatabase();
});
afterAll(async () => {
  await endStarted();
  await clone.drop();
  rmSync(home, { recursive: true, force: true });
});

const environment = { STAMDATA_PERSISTED_OPERATIONS: 'enforce' };

const load = (name = file) =>
  loadPersistedOperations(
    { config: readConfig({ ...environment, STAMDATA_PERSISTED_OPERATIONS_FILE: name }), log: () => undefined },
    admission,
  );

/** The lines that end the start, without what each begins with. */
function mistakesOf(content: unknown): string[] {
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  try {
    load();
  } catch (error) {
    expect(error).toBeInstanceOf(StartupError);
    expect((error as StartupError).exitCode).toBe(2);
    const begin = `STAMDATA_PERSISTED_OPERATIONS_FILE ${file}: `;
    return (error as StartupError).message.split('\n').map((line) => {
      expect(line.startsWith(begin), line).toBe(true);
      return line.slice(begin.length);
    });
  }
  return [];
}

const query = '{ viewer { name } }';
const byHash = (...texts: string[]) => Object.fromEntries(texts.map((text) => [hashOf(text), text]));
const ofApollo = (...operations: unknown[]) => ({
  format: 'apollo-persisted-query-manifest',
  version: 1,
  operations,
});

test.each([
  ['none', {}],
  ['hashes and texts', byHash(query, 'mutation { createTag(name: "A") { userErrors { code } } }')],
  ['ids of another kind', { 'viewer/1': query, d41d8cd98f00b204e9800998ecf8427e: query }],
  ['Apollo’s', ofApollo({ id: hashOf(query), name: null, type: 'query', body: query }, { id: 'other', body: query })],
  ['two operations in a document', byHash('query A { viewer { name } } query B { viewer { scopes } }')],
  ['a page whose length is a variable', byHash('query ($n: Int!) { customers(first: $n) { nodes { id } } }')],
])('issue 8: a manifest is read: %s', (_name, content) => {
  expect(mistakesOf(content)).toEqual([]);
});

const unknownField = '{ viewer { nam } }';
const deep = `{ viewer { name } ${'a { '.repeat(10)} b ${'} '.repeat(10)} }`;
const wrong = 'a'.repeat(64);
const rule = /^must be \{ "<sha256 of the text>": "<text>" \} or a manifest of Apollo's/;

test.each<[string, unknown, RegExp[]]>([
  ['no JSON', '{ "a": ', [/^is not JSON/]],
  ['an empty file', '', [/^is not JSON/]],
  ['a list', [query], [rule]],
  ['another version of Apollo’s', { ...ofApollo(), version: 2 }, [rule]],
  ['another format', { format: 'x', operations: [] }, [rule]],
  [
    'a hash of another text',
    { [wrong]: query },
    [new RegExp(`^${wrong}: is not the SHA-256 of its text, which is ${hashOf(query)}$`)],
  ],
  ['a hash in capitals', { [hashOf(query).toUpperCase()]: query }, [/: is not the SHA-256 of its text/]],
  ['no text', { first: '', second: 7 }, [/^first: has no text$/, /^second: has no text$/]],
  ['no id', ofApollo({ body: query }, 'text'), [/^operations\[0\]: has no id$/, /^operations\[1\]: has no id$/]],
  ['an id twice', ofApollo({ id: 'a', body: query }, { id: 'a', body: query }), [/^a: has this id a second time$/]],
  ['no GraphQL', { a: '{ viewer' }, [/^a: Syntax Error: .+ \(line 1, column 9\)$/]],
  [
    'an unknown field',
    { a: unknownField, b: query },
    [/^a: Cannot query field "nam" on type .+ \(line 1, column 12\)$/],
  ],
  ['beyond a limit', { a: deep }, [/^a: .*depth of fields: at most 10, found 11/]],
  [
    'too much for any key',
    {
      a: `{ ${['a', 'b', 'c', 'd'].map((n) => `${n}: customers(first: 100) { nodes { orders(first: 100) { nodes { id } } } }`).join(' ')} }`,
    },
    [/^a: .*points of an operation: at most 5,000/],
  ],
  [
    'all that',
    { a: unknownField, [wrong]: query, b: '{' },
    [/^a{64}: is not the/, /^a: Cannot query/, /^b: Syntax Error/],
  ],
])('issue 8: a manifest that cannot be used ends the start, a line for each mistake: %s', (_name, content, lines) => {
  const mistakes = mistakesOf(content);
  expect(mistakes).toEqual(lines.map((line) => expect.stringMatching(line) as string));
});

test('issue 8: of many mistakes the first 20 are told, and how many more there are', () => {
  const many = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`id ${i}`, unknownField]));
  const mistakes = mistakesOf(many);
  expect(mistakes).toHaveLength(21);
  expect(mistakes.at(-1)).toBe('and 30 more');
});

test('issue 8: a file that is missing is told by its name, and none is looked for when the mode is off', () => {
  const missing = join(home, 'missing.json');
  expect(() => load(missing)).toThrow(`STAMDATA_PERSISTED_OPERATIONS_FILE ${missing}: there is no such file`);
  expect(() => load(home)).toThrow(/cannot be read: EISDIR/);
  const config = readConfig({ STAMDATA_PERSISTED_OPERATIONS_FILE: missing });
  expect(loadPersistedOperations({ config, log: () => undefined }, admission)).toBeNull();
});

test('issue 8: a hub whose manifest cannot be used ends with 2 and says why', { timeout: 60_000 }, async () => {
  writeFileSync(file, JSON.stringify({ a: unknownField, [wrong]: query }));
  const { code, stdout, stderr } = await command('dist/src/main.js', [], {
    ...{ DATABASE_URL: clone.url, STAMDATA_DATA_DIR: home, PORT: '0', LOG_LEVEL: 'error', ...environment },
    STAMDATA_PERSISTED_OPERATIONS_FILE: file,
  }).ended;
  expect(code, stderr).toBe(2);
  expect(stdout).not.toContain('is ready');
  expect(stderr.trimEnd().split('\n')).toEqual([
    expect.stringContaining(`${file}: ${wrong}: is not the SHA-256 of its text`),
    expect.stringContaining(`${file}: a: Cannot query field "nam"`),
  ]);
});
