import { gzipSync } from 'node:zlib';

/** Something nobody sends who means well. Each has to be refused, on either transport, for a few milliseconds of processor time. */
export interface Attack {
  name: string;
  /** Over HTTP, to /graphql. Content type: JSON, unless the headers say something else. */
  http?: { method?: string; path?: string; headers?: Record<string, string>; body?: string | Buffer };
  /** Over a WebSocket that has been acknowledged: a message as text, or bytes. */
  socket?: string | Buffer;
}

interface Operation {
  query: string;
  variables?: object;
  operationName?: string;
}

const json = 'application/json';
const repeated = (count: number, text: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => text(i)).join(' ');
const nested = (count: number, open: string, middle: string, close: string): string =>
  open.repeat(count) + middle + close.repeat(count);

/** The same operation over both. */
const both = (name: string, operation: Operation): Attack => ({
  name,
  http: { body: JSON.stringify(operation) },
  socket: JSON.stringify({ id: 'attack', type: 'subscribe', payload: operation }),
});

const overHttp = (name: string, http: Attack['http']): Attack => ({ name, http });
const aMutation = 'mutation { createTag(name: "attack") { tag { id } } }';
const anyQuery = '{ viewer { name } }';
const list = (arguments_: string, fields = 'id') => `{ customers(${arguments_}) { nodes { ${fields} } } }`;
const byName = 'query ($where: CustomerWhereInput) { customers(first: 1, where: $where) { nodes { id } } }';
const mebibyte = 1024 * 1024;

const documents: Attack[] = [
  both('nesting 50', { query: nested(50, '{ a', '', '}') }),
  both('nesting 50 of fields there are', {
    query: `{ __type(name: "Query") { ${nested(25, 'fields { type { ', 'name', '} }')} } }`,
  }),
  both('nesting 5,000', { query: nested(5_000, '{ a', '', '}') }),
  both('1,000 aliases', { query: `{ ${repeated(1_000, (i) => `a${i}: viewer { name }`)} }` }),
  both('1,000 aliases of __typename', { query: `{ ${repeated(1_000, (i) => `a${i}: __typename`)} }` }),
  both('100 aliases of a look-up', {
    query: `{ ${repeated(100, (i) => `a${i}: customer(by: { id: "${i}" }) { id }`)} }`,
  }),
  both('10,000 fields', { query: `{ ${repeated(10_000, () => 'a')} }` }),
  both('200 aliases', { query: `{ viewer { ${repeated(200, (i) => `a${i}: name`)} } }` }),
  both('200 aliases of __typename', { query: `{ ${repeated(200, (i) => `a${i}: __typename`)} }` }),
  both('60 aliases of a look-up', {
    query: `{ ${repeated(60, (i) => `a${i}: customer(by: { id: "${i}" }) { id }`)} }`,
  }),
  both('a cycle of fragments', { query: 'query { ...a } fragment a on Query { ...b } fragment b on Query { ...a }' }),
  both('2 to the power of 30 fragments', {
    query: `{ ...f0 } ${repeated(30, (i) => `fragment f${i} on Query { ...f${i + 1} ...f${i + 1} }`)} fragment f30 on Query { viewer { name } }`,
  }),
  both('fields that overlap', { query: `{ ${repeated(80, () => 'customers(first: 1) { nodes { id } }')} }` }),
  both('fields that overlap, nested', { query: `{ customers(first: 1) { ${repeated(180, () => 'nodes { id }')} } }` }),
  both('fragments that overlap', {
    query: `{ ${repeated(80, (i) => `...f${i}`)} } ${repeated(80, (i) => `fragment f${i} on Query { viewer { name } }`)}`,
  }),
  both('1,000 directives', { query: `{ viewer ${repeated(1_000, () => '@include(if: true)')} { name } }` }),
  both('200 unknown directives', { query: `{ viewer ${repeated(200, (i) => `@d${i}`)} { name } }` }),
  both('60 directives on six fields', {
    query: `{ viewer { ${repeated(6, (i) => `a${i}: name ${repeated(10, () => '@skip(if: false)')}`)} } }`,
  }),
  both('300 fields of the root', { query: `{ ${repeated(300, () => 'tags { id }')} }` }),
  both('50 kB of comments', { query: `${'# a comment\n'.repeat(4_000)}${anyQuery}` }),
  both('600 kB of comments', { query: `${'# a comment\n'.repeat(50_000)}${anyQuery}` }),
  both('600 kB of commas', { query: `{ viewer { name${','.repeat(600_000)} } }` }),
  both('a name of 50 kB', { query: `{ ${'a'.repeat(50_000)} }` }),
  both('a number of 50,000 digits', { query: list(`first: ${'9'.repeat(50_000)}`) }),
  both('300 operations', { query: repeated(300, (i) => `query q${i} { viewer { name } }`), operationName: 'q1' }),
  both('300 variables', { query: `query (${repeated(300, (i) => `$v${i}: Int`)}) { viewer { name } }` }),
  both('a literal nested 100 times', { query: list(`first: 1, where: ${nested(100, '{ not: ', '{}', '}')}`) }),
  both('a syntax error behind much', { query: `${repeated(900, () => 'a')} }` }),
  both('@defer', { query: '{ viewer { ... @defer { name } } }' }),
  both('introspection without the scope', { query: '{ __schema { types { name fields { name } } } }' }),
  both('introspection by a fragment', { query: '{ ...f } fragment f on Query { __schema { types { name } } }' }),
  both('first: 1000000', { query: list('first: 1000000') }),
  both('last: 1000000', { query: list('last: 1000000') }),
  both('a hundred pages of orders of a hundred', {
    query: list(
      'first: 100',
      'orders(first: 100) { nodes { id lines { description } } } bookings(first: 100) { nodes { id history { at } } }',
    ),
  }),
];

const values: Attack[] = [
  both('variables with 100,000 elements', {
    query: byName,
    variables: { where: { id: { in: Array.from({ length: 100_000 }, (_, i) => String(i)) } } },
  }),
  both('variables with 9,000 elements', {
    query: byName,
    variables: { where: { id: { in: Array.from({ length: 9_000 }, (_, i) => String(i)) } } },
  }),
  both('a variable of 60,000 characters', {
    query: byName,
    variables: { where: { name: { contains: 'x'.repeat(60_000) } } },
  }),
  both('a variable of 10 MB', {
    query: byName,
    variables: { where: { name: { contains: 'x'.repeat(10 * mebibyte) } } },
  }),
  both('a variable nested 1,000 times', {
    query: byName,
    variables: JSON.parse(`{"where":${nested(1_000, '{"not":', '{}', '}')}}`) as object,
  }),
  both('a variable that 5,000 criteria are in', {
    query: byName,
    variables: { where: { or: Array.from({ length: 5_000 }, () => ({})) } },
  }),
  both('a search of 10,000 characters', { query: list(`first: 1, search: "${'a b '.repeat(2_500)}"`) }),
  both('variables that are no object', { query: anyQuery, variables: [1, 2, 3] }),
];

const requests: Attack[] = [
  overHttp('a batch', { body: JSON.stringify(Array.from({ length: 500 }, () => ({ query: anyQuery }))) }),
  overHttp('a mutation by GET', { method: 'GET', path: `?query=${encodeURIComponent(aMutation)}` }),
  overHttp('100 kB in the URL', { method: 'GET', path: `?query=${'a'.repeat(100_000)}` }),
  overHttp('multipart', {
    headers: { 'content-type': 'multipart/form-data; boundary=b' },
    body: `--b\r\ncontent-disposition: form-data; name="operations"\r\n\r\n${JSON.stringify({ query: anyQuery })}\r\n--b--\r\n`,
  }),
  overHttp('a form', {
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: `query=${encodeURIComponent(aMutation)}`,
  }),
  overHttp('plain text', { headers: { 'content-type': 'text/plain' }, body: JSON.stringify({ query: aMutation }) }),
  overHttp('no content type', { headers: { 'content-type': '' }, body: JSON.stringify({ query: aMutation }) }),
  ...['utf-16le', 'iso-8859-1', 'utf-7', 'nonsense'].map((charset) =>
    overHttp(`the charset ${charset}`, {
      headers: { 'content-type': `${json}; charset=${charset}` },
      body: Buffer.from(JSON.stringify({ query: anyQuery }), charset === 'utf-16le' ? 'utf16le' : 'latin1'),
    }),
  ),
  overHttp('a gzip body', {
    headers: { 'content-encoding': 'gzip' },
    body: gzipSync(JSON.stringify({ query: anyQuery, variables: { x: 'a'.repeat(20 * mebibyte) } })),
  }),
  overHttp('an unknown encoding', { headers: { 'content-encoding': 'br' }, body: Buffer.alloc(1_000, 7) }),
  overHttp('a body of 40 MB', { body: `{"query":"${'a'.repeat(40 * mebibyte)}"}` }),
  overHttp('a body of 40 MB in chunks', {
    headers: { 'transfer-encoding': 'chunked' },
    body: `{"query":"${'a'.repeat(40 * mebibyte)}"}`,
  }),
  overHttp('a body of brackets', { body: '['.repeat(200_000) }),
  overHttp('a body nested 50,000 times', { body: nested(50_000, '{"a":', '1', '}') }),
  overHttp('invalid UTF-8', { body: Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]) }),
  overHttp('a header of 20 kB', {
    headers: { 'x-attack': 'a'.repeat(20_000) },
    body: JSON.stringify({ query: anyQuery }),
  }),
];

const frames: Attack[] = [
  { name: 'a frame of 1 MB', socket: 'a'.repeat(mebibyte) },
  { name: 'a frame that is no JSON', socket: '{' },
  { name: 'a frame of brackets', socket: '['.repeat(60_000) },
  { name: 'a frame of bytes', socket: Buffer.alloc(1_000, 7) },
  { name: 'a message of an unknown type', socket: '{"type":"attack"}' },
  { name: 'an operation without a query', socket: '{"id":"attack","type":"subscribe","payload":{}}' },
  { name: 'a second connection_init', socket: '{"type":"connection_init"}' },
];

export const attacks: readonly Attack[] = [...documents, ...values, ...requests, ...frames];
