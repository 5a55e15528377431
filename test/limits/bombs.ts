import { getIntrospectionQuery } from 'graphql';

/** What a document must not be, with the limit that says so; `null` as a limit: refused by its form. */
export interface Bomb {
  name: string;
  limit: string | null;
  query: string;
  code?: string;
}

const nested = (depth: number): string => '{ a '.repeat(depth) + '} '.repeat(depth);
const times = (n: number, one: (i: number) => string): string => Array.from({ length: n }, (_, i) => one(i)).join(' ');

/** Fragments of which each spreads the one before twice: 2^n fields. */
const doubling = (n: number): string =>
  `{ ...f${n} } fragment f0 on Query { __typename viewer { name } } ${times(n, (i) => `fragment f${i + 1} on Query { ...f${i} ... on Query { ...f${i} } }`)}`;

export const bombs: Bomb[] = [
  { name: 'nesting 11', limit: 'depth', query: nested(11) },
  { name: 'nesting 50', limit: 'depth', query: nested(50) },
  { name: 'nesting 5,000', limit: null, query: nested(5_000), code: 'GRAPHQL_PARSE_FAILED' },
  {
    name: 'nesting by fragments',
    limit: 'depth',
    query: `{ ...a } fragment a on Query { viewer { ...b } } fragment b on Viewer ${nested(10)}`,
  },
  { name: 'introspection nested', limit: 'introspectionDepth', query: `{ __schema ${nested(21)} }` },
  { name: '16 aliases', limit: 'aliases', query: `{ ${times(16, (i) => `a${i}: feedCursor`)} }` },
  { name: '16 aliases of __typename', limit: 'aliases', query: `{ ${times(16, (i) => `a${i}: __typename`)} }` },
  { name: '200 aliases', limit: 'aliases', query: `{ ${times(200, (i) => `a${i}: feedCursor`)} }` },
  {
    name: '1,000 aliases',
    limit: null,
    query: `{ ${times(1_000, (i) => `a${i}: feedCursor`)} }`,
    code: 'GRAPHQL_PARSE_FAILED',
  },
  {
    name: 'aliases in fragments',
    limit: 'aliases',
    query: `{ viewer { ...a ... on Viewer { ...a } } } fragment a on Viewer { ${times(8, (i) => `a${i}: name`)} }`,
  },
  { name: '10,000 fields', limit: 'queryBytes', query: `{ ${times(10_000, () => 'name')} }` },
  { name: '5,000 short fields', limit: null, query: `{ ${times(5_000, () => 'a')} }`, code: 'GRAPHQL_PARSE_FAILED' },
  { name: '21 fields of the root', limit: 'rootFields', query: `{ ${times(21, () => 'feedCursor')} }` },
  { name: 'the same field 900 times', limit: 'mergedPairs', query: `{ viewer { ${times(900, () => 'name')} } }` },
  {
    name: 'overlap below overlap',
    limit: 'mergedPairs',
    query: `{ ${times(18, () => `viewer { ${times(20, () => 'name')} }`)} }`,
  },
  {
    name: 'overlap of inline fragments',
    limit: 'mergedPairs',
    query: `{ viewer { ${times(150, () => '... on Viewer { name }')} } }`,
  },
  {
    name: 'a fragment cycle',
    limit: null,
    query: '{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }',
  },
  {
    name: 'a fragment that spreads itself below',
    limit: null,
    query: '{ viewer { ...a } } fragment a on Viewer { owners { ...a } }',
  },
  { name: 'a cycle that nobody spreads', limit: null, query: '{ feedCursor } fragment a on Query { ...a }' },
  {
    name: 'fragments that double',
    limit: 'selections',
    query: doubling(20).replace('{ ...f20 }', '{ viewer { name } }'),
  },
  {
    name: '101 spreads',
    limit: 'spreads',
    query: `{ viewer { ${times(101, () => '...a')} } } fragment a on Viewer { name }`,
  },
  { name: '21 operations', limit: 'operations', query: times(21, (i) => `query q${i} { feedCursor }`) },
  {
    name: '6 directives in one place',
    limit: 'directivesOfNode',
    query: `{ feedCursor ${times(6, () => '@include(if: true)')} }`,
  },
  { name: '51 directives', limit: 'directives', query: `{ viewer { ${times(51, () => 'name @skip(if: false)')} } }` },
  { name: '600 kB of comments', limit: 'queryBytes', query: `${'#\n'.repeat(300_000)}{ feedCursor }` },
  { name: 'a name of 40 kB', limit: 'queryBytes', query: `{ ${'x'.repeat(40_000)} }` },
  {
    name: 'a million customers',
    limit: 'cost',
    query: '{ customers(first: 1000000) { nodes { id } } }',
    code: 'BAD_USER_INPUT',
  },
  {
    name: 'a million by edges',
    limit: 'cost',
    query: '{ customers(first: 1000000) { edges { node { id } } } }',
    code: 'BAD_USER_INPUT',
  },
  {
    name: 'pages within pages',
    limit: 'cost',
    query: '{ customers(first: 100) { nodes { orders(first: 100) { nodes { id } } } } }',
    code: 'BAD_USER_INPUT',
  },
  {
    name: 'introspection three times',
    limit: 'cost',
    query:
      '{ a: __schema { queryType { name } } b: __schema { queryType { name } } c: __schema { queryType { name } } }',
    code: 'BAD_USER_INPUT',
  },
];

/** What must pass: our own and what clients of every kind send. */
export const sound: { name: string; query: string }[] = [
  { name: 'the introspection query', query: getIntrospectionQuery() },
  {
    name: 'the introspection query with all options',
    query: getIntrospectionQuery({
      inputValueDeprecation: true,
      schemaDescription: true,
      directiveIsRepeatable: true,
      specifiedByUrl: true,
      oneOf: true,
    }),
  },
  {
    name: 'customers with all edges',
    query: `{ customers(first: 20) { totalCount pageInfo { hasNextPage endCursor } edges { cursor node {
      id code name birthDate { year month day } tags { id name } consents { channel accepted } contactInfos { id value address { city } }
      externalReferences { identifier system { code name } } users { login }
      snapshot { version name tags { id name value } nextBooking { date service } lastBooking { date } }
      orders(first: 20) { edges { node { number lines { description quantity unitPrice } } } }
      bookings(first: 20) { nodes { number history { at event detail } } } } } } }`,
  },
  {
    name: '20 fields of the root',
    query: `{ ${times(15, (i) => `a${i}: feedCursor`)} feedCursor viewer { name } tags { id } owner { code } externalSystems { id } }`,
  },
  {
    name: '12 fragments of the same fields',
    query: `{ viewer { ${times(12, (i) => `...f${i}`)} } } ${times(12, (i) => `fragment f${i} on Viewer { __typename name scopes }`)}`,
  },
];
