/** A bound on what one call, key, socket or address may ask for. */
export interface Limit {
  most: number;
  /** What is counted, as an error tells it: `depth: at most 10, found 50`. */
  what: string;
  /** Why there is one, and why it is this one. */
  why: string;
}

/**
 * Every limit of the API, by the name that its error has in `extensions.limit`. The same ones hold over HTTP and over
 * WebSocket. Those that an operator may want otherwise are variables of the environment: see `config.ts`.
 */
export const limits = {
  queryBytes: {
    most: 32 * 1024,
    what: 'bytes of the document',
    why: 'graphql-js does not count comments as tokens: 600 kB of them are read for nothing',
  },
  tokens: {
    most: 1_000,
    what: 'tokens of the document',
    why: 'bounds what parsing costs and how deep it nests, before anything else is known of the document',
  },
  depth: {
    most: 10,
    what: 'depth of fields',
    why: 'the deepest sensible path has 8: customers, edges, node, orders, edges, node, lines, a value',
  },
  introspectionDepth: {
    most: 20,
    what: 'depth of fields below __schema or __type',
    why: 'the standard introspection query has 14; it reads what is in memory, and has a fixed cost',
  },
  aliases: {
    most: 15,
    what: 'aliases of an operation, fragments put in',
    why: 'each one can have a field done again; 15 customers by their codes in one call are plenty',
  },
  rootFields: {
    most: 20,
    what: 'fields of the root',
    why: 'each one is a query or a transaction of its own',
  },
  directivesOfNode: { most: 5, what: 'directives in one place', why: 'nobody means more than @skip and @include' },
  directives: { most: 50, what: 'directives of the document', why: 'each one is evaluated for each execution' },
  operations: { most: 20, what: 'operations of the document', why: 'each one is validated with all its fragments' },
  spreads: { most: 100, what: 'fragment spreads of the document', why: 'validation compares fragments in pairs' },
  selections: {
    most: 5_000,
    what: 'fields of the document, fragments put in',
    why: 'fragments within fragments grow exponentially: 20 lines become a million fields',
  },
  mergedPairs: {
    most: 2_000,
    what: 'pairs of fields that answer under one name',
    why: 'graphql-js compares each with each: 1,000 times the same field took 0.2 s',
  },
  validationErrors: { most: 5, what: 'errors of validation', why: 'for each one graphql-js looks for likely names' },
  criteria: {
    most: 500,
    what: 'objects of criteria',
    why: 'criteria hold criteria: the type alone does not bound them',
  },
  criteriaDepth: { most: 20, what: 'depth of criteria', why: 'a stack for each level, here and in PostgreSQL' },
  stringCharacters: {
    most: 10_000,
    what: 'characters of a value',
    why: 'the longest values of a customer have 1,000; templates of webhooks have their own limit',
  },
  textCharacters: {
    most: 256 * 1024,
    what: 'characters of a template',
    why: 'templates are judged by their own rule (64 KiB), which says more: this is beyond it',
  },
  objectFields: {
    most: 200,
    what: 'fields of an object',
    why: 'no input has as many: what is unknown is told by its name, for each of which likely ones are looked for',
  },
  listItems: { most: 1_000, what: 'items of a list', why: 'a page has 100, and a customer 1,000 order lines at most' },
  rows: {
    most: 20_000,
    what: 'rows of a list',
    why: 'a bulk call takes 10,000 and says so in userErrors; what is far beyond is not even read',
  },
  coercionErrors: { most: 10, what: 'errors of variables', why: 'nobody reads more, and each one is put into words' },
  cost: {
    most: 5_000,
    what: 'points of an operation',
    why: 'some 5,000 objects of an answer, 50 ms of a core: see operation-cost.ts',
  },
  resultBytes: {
    most: 4 * 1024 * 1024,
    what: 'bytes of the answer of a query',
    why: 'it is held in memory as a whole; 100 customers with all that they have take 1 MB',
  },
  wrongKeys: {
    most: 20,
    what: 'wrong keys from an address in a minute',
    why: 'a key has 190 bits: nobody guesses one, but each guess costs a look into the database',
  },
  socketOperations: {
    most: 50,
    what: 'operations of a socket at a time',
    why: 'one subscription gets the whole feed',
  },
} as const satisfies Record<string, Limit>;

export type LimitName = keyof typeof limits;
