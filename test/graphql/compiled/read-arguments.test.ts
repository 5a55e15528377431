import {
  buildSchema,
  getArgumentValues,
  getOperationAST,
  getVariableValues,
  Kind,
  parse,
  validate,
  type FieldNode,
} from 'graphql';
import { expect, test } from 'vitest';
import { argumentsReader } from '../../../src/graphql/compiled/read-arguments.js';
import { variablesReader } from '../../../src/graphql/compiled/read-variables.js';

const schema = buildSchema(`
  directive @oneOf on INPUT_OBJECT
  type Query { f(a: String, d: Int = 7, n: ID!, l: [Int], ln: [Int!]!, o: In, one: One, e: E, j: Json): Int }
  input In { a: String, d: Int = 3, n: Boolean!, dn: Int! = 4, l: [In!], one: One, e: [E] = [RED] }
  input One @oneOf { id: ID, code: String, in: In }
  enum E { RED GREEN }
  scalar Json
`);
const field = schema.getQueryType()!.getFields().f!;

/** Of a variable of each type: absent, null, sound in several forms, wrong. */
const types: Record<string, unknown[]> = {
  String: [undefined, null, 'a', '', 5],
  'String!': [undefined, null, 'b'],
  'String = "s"': [undefined, null, 'c'],
  Int: [undefined, null, 1, 1.5],
  'Int!': [2, '2', null],
  'Int! = 6': [undefined, 3, null],
  ID: [undefined, null, 'x', 7],
  'ID!': ['y', 8, null],
  'Boolean!': [true, 'true'],
  E: [undefined, null, 'GREEN', 'BLUE'],
  'E = RED': [undefined, 'GREEN'],
  Json: [undefined, null, { a: [1] }],
  '[Int]': [undefined, null, [1, null], 1],
  '[Int!]!': [[1, 2], [null]],
  In: [undefined, null, { n: true }, { n: null }],
  'In!': [{ n: false, d: null, l: [{ n: true }] }],
  One: [undefined, { id: '1' }, { id: '1', code: 'c' }, { id: null }],
};

/** Arguments beside what is demanded; `$v` has the types that fit. */
const uses: Record<string, string[]> = {
  '': ['Int'],
  'a: "x"': ['Int'],
  'a: null, d: null, e: GREEN, j: { a: [1, "b", null] }': ['Int'],
  'a: $v': ['String', 'String!', 'String = "s"'],
  'd: $v': ['Int', 'Int!', 'Int! = 6'],
  'l: 5': ['Int'],
  'l: $v': ['[Int]', '[Int!]!'],
  'l: [1, $v, null]': ['Int', 'Int!'],
  'e: $v': ['E', 'E = RED'],
  'j: $v': ['Json'],
  'j: { a: $v }': ['Json'],
  'o: $v': ['In', 'In!'],
  'o: { n: true }': ['Int'],
  'o: { n: $v, l: { n: $v } }': ['Boolean!'],
  'o: { n: true, a: $v }': ['String', 'String!', 'String = "s"'],
  'o: { n: false, d: $v, e: [GREEN], l: [{ n: true, d: $v }] }': ['Int', 'Int!'],
  'o: { n: true, dn: $v }': ['Int!', 'Int! = 6'],
  'o: { n: true, e: [$v] }': ['E', 'E = RED'],
  'one: { id: "1" }': ['Int'],
  'one: { id: $v }': ['ID', 'ID!'],
  'one: { in: { n: true, one: { code: $v } } }': ['String!'],
  'one: $v': ['One'],
};

/** What it gives or that it refuses. */
function told(read: () => unknown): unknown {
  try {
    return { given: read() };
  } catch {
    return 'refused';
  }
}

let sound = 0;
test.each(Object.entries(uses).flatMap(([use, fitting]) => fitting.map((type): [string, string] => [use, type])))(
  'f(%s) with a variable of %s has the arguments that graphql-js gives it',
  (use, type) => {
    const source = `query ($v: ${type}, $w: [Int!]!) { f(n: "n", ln: $w${use && `, ${use}`}) }`;
    const document = parse(source);
    const wrong = validate(schema, document).filter(({ message }) => !message.includes('"$v" is never used'));
    // a oneOf input refuses such a variable before
    if (!(use === 'one: { id: $v }' && type === 'ID')) expect(wrong.map(({ message }) => message)).toEqual([]);
    const operation = getOperationAST(document)!;
    const [node] = operation.selectionSet.selections as FieldNode[];
    expect(node!.kind).toBe(Kind.FIELD);
    const readVariables = variablesReader(schema, operation);
    const leavesOnly = variablesReader(schema, {
      ...operation,
      variableDefinitions: [operation.variableDefinitions![0]!],
    });
    const readArguments = argumentsReader(field, node!);
    for (const value of types[type]!) {
      const given = { ...(value === undefined ? {} : { v: value }), w: [1] };
      const { coerced } = getVariableValues(schema, operation.variableDefinitions!, given);
      expect(readVariables(given), JSON.stringify(given)).toEqual(coerced ?? null);
      const alone = getVariableValues(schema, [operation.variableDefinitions![0]!], given);
      expect(leavesOnly(given), JSON.stringify(given)).toEqual(alone.coerced ?? null);
      if (!coerced) continue;
      const theirs = told(() => getArgumentValues(field, node!, coerced));
      expect(
        told(() => readArguments(coerced)),
        JSON.stringify(given),
      ).toEqual(theirs);
      sound++;
    }
  },
);

test('most of them were read', () => {
  expect(sound).toBeGreaterThan(60);
});

test('a variable that was not given is not what all objects have of that name', () => {
  const operation = getOperationAST(parse('query ($constructor: String) { f(n: "n", ln: [], a: $constructor) }'))!;
  const read = argumentsReader(field, operation.selectionSet.selections[0] as FieldNode);
  expect(read(variablesReader(schema, operation)({})!)).toEqual({ n: 'n', ln: [], d: 7 });
});

test('what a query says in objects and lists is made anew each time: whoever is given it may change it', () => {
  const operation = getOperationAST(parse('{ f(n: "n", ln: [1], j: { a: [1] }, o: { n: true, l: [] }) }'))!;
  const read = argumentsReader(field, operation.selectionSet.selections[0] as FieldNode);
  const [first, second] = [read({}), read({})];
  expect(first).toEqual(second);
  for (const name of ['ln', 'j', 'o']) expect(first[name], name).not.toBe(second[name]);
});
