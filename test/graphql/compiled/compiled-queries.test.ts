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
import { KnownQuery } from '../../../src/graphql/compiled/compiled-queries.js';
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
