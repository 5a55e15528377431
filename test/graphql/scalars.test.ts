import { parse, validate } from 'graphql';
import { expect, test } from 'vitest';
import { createSchema } from '../../src/schema.js';

test.each([
  ['ordersTotalValue: { gte: "abc" }', 'Decimal must be a text such as "1234.50"', '"abc"'],
  ['ordersTotalValue: { gte: 12 }', 'Decimal must be a text such as "1234.50"', '12'],
  ['ordersLastDate: { eq: "2026-13-01" }', 'Date must be a text such as "2026-05-17"', '"2026-13-01"'],
])('a wrong literal is told with its place: %s', async (criterion, message, wrong) => {
  const query = `{ customers(first: 1, where: { ${criterion} }) { nodes { code } } }`;
  const told = validate(await createSchema(), parse(query)).map((error) => error.toJSON());
  expect(told).toEqual([
    expect.objectContaining({ message, locations: [{ line: 1, column: query.indexOf(wrong) + 1 }] }),
  ]);
});
