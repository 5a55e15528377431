import { readFileSync } from 'node:fs';
import {
  buildSchema,
  execute,
  getOperationAST,
  parse,
  validate,
  type ExecutionResult,
  type GraphQLSchema,
} from 'graphql';
import { beforeEach, expect, test } from 'vitest';
import { CompiledQueries, KnownQuery } from '../../../src/graphql/compiled/compiled-queries.js';
import { chanceOf, randomDocument } from './random-document.js';
import { randomValue, type Faults } from './random-value.js';

const sdl = readFileSync(new URL('../../../schema.graphql', import.meta.url), 'utf8');
let schema: GraphQLSchema;
beforeEach(() => {
  schema = buildSchema(sdl);
});

const errorsOf = ({ errors = [] }: ExecutionResult) =>
  errors.map(({ message, path }) => `${path?.join('.')}: ${message}`).sort();

/** Answers every field of Query with the same value to whoever asks. */
function answerBy(seed: number, faults: Faults): void {
  const chance = chanceOf(seed);
  for (const field of Object.values(schema.getQueryType()!.getFields())) {
    const value = randomValue(field.type, chance, faults);
    field.resolve = () => value;
  }
}

/** Both answers to one random query; `compiled` null: it was left to graphql-js. */
async function bothAnswers(seed: number, faults: Faults) {
  answerBy(seed, faults);
  const source = randomDocument(schema.getQueryType()!, chanceOf(seed));
  const document = parse(source);
  expect(validate(schema, document), source).toEqual([]);
  const variableValues = { yes: seed % 2 === 0, no: seed % 3 === 0 };
  const operation = getOperationAST(document)!;
  const compiled = await new KnownQuery(schema, operation, document).execute(variableValues, {});
  const answer = await execute({ schema, document, variableValues, contextValue: {} });
  return { compiled, answer, source };
}

test('over the whole schema a compiled query answers what graphql-js answers, to the order of the fields', async () => {
  let values = 0;
  for (let seed = 0; seed < 300; seed++) {
    const { compiled, answer, source } = await bothAnswers(seed, null);
    expect(errorsOf(answer), source).toEqual([]);
    expect(compiled, source).toBe(JSON.stringify(answer.data));
    values += compiled!.length;
  }
  expect(values).toBeGreaterThan(60_000); // there is something in them
});

test('an answer in which anything is wrong is left to graphql-js', async () => {
  let left = 0;
  for (let seed = 0; seed < 300; seed++) {
    const { compiled, answer, source } = await bothAnswers(seed, seed % 2 === 0 ? 'now' : 'later');
    if (answer.errors) expect(compiled, source).toBeNull();
    if (compiled === null) left++;
    else expect(compiled, source).toBe(JSON.stringify(answer.data));
  }
  expect(left).toBeGreaterThan(30);
  expect(left).toBeLessThan(270);
});

test('the documents that came last are known, by their text and their hash, within a bound', () => {
  const queries = new CompiledQueries(schema);
  const learn = (n: number) => queries.learn([`{ tags { id } } # ${n}`, `hash ${n}`], parse('{ tags { id } }'), null);
  for (let n = 0; n < 400; n++) {
    learn(n);
    expect(queries.find('hash 0', null)).not.toBeNull(); // it is used all the time
  }
  expect(queries.find('{ tags { id } } # 399', undefined)).toBe(queries.find('hash 399', null));
  expect(queries.find('hash 100', null)).toBeNull();
  const long = '#'.repeat(300 * 1024);
  for (let n = 0; n < 5; n++) queries.learn([`${long}${n}`], parse('{ tags { id } }'), null);
  expect(queries.find(`${long}0`, null)).toBeNull();
  expect(queries.find(`${long}4`, null)).not.toBeNull();
});

test('mutations, subscriptions and operations that there are not are not learnt', () => {
  const queries = new CompiledQueries(schema);
  const document = parse('mutation M { createTag(name: "x") { userErrors { code } } } query Q { tags { id } }');
  for (const operation of ['M', 'None', null]) queries.learn(['it'], document, operation);
  expect(['M', 'None', null].map((operation) => queries.find('it', operation))).toEqual([null, null, null]);
  queries.learn(['it'], document, 'Q');
  expect(queries.find('it', 'Q')).not.toBeNull();
  expect(queries.find('it', null)).toBeNull();
});

test('of a query that variables give many forms, some are compiled, and the others left to graphql-js', async () => {
  schema.getQueryType()!.getFields().tags!.resolve = () => [{ id: '1' }];
  const names = ['a', 'b', 'c', 'd'];
  const document = parse(
    `query (${names.map((name) => `$${name}: Boolean!`).join(' ')}) { ${names.map((name) => `${name}: tags @include(if: $${name}) { id }`).join(' ')} }`,
  );
  const query = new KnownQuery(schema, getOperationAST(document)!, document);
  const answers = new Set<string | null>();
  for (let form = 0; form < 16; form++)
    answers.add(await query.execute(Object.fromEntries(names.map((name, i) => [name, (form >> i) % 2 === 1])), {}));
  expect(answers.size).toBe(9); // eight forms, and null
  expect(answers).toContain('{"a":[{"id":"1"}],"b":[{"id":"1"}]}');
});
