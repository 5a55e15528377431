import { GraphQLScalarType } from 'graphql';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { leafText } from '../../src/graphql/sql-text/leaf-text.js';
import { cloneDatabase, type Clone } from '../database-clone.js';

let clone: Clone;
let client: pg.Client;
beforeAll(async () => {
  clone = await cloneDatabase();
  client = new pg.Client(clone.connection);
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await clone.drop();
});

const dateTime = new GraphQLScalarType({ name: 'DateTime' });

test.each([
  '2026-05-17T12:34:56+00:00',
  '2026-05-17T12:34:56.7+00:00',
  '2026-05-17T12:34:56.789123+00:00',
  '2026-05-17T23:34:56-05:30',
  '2026-05-17T12:34:56+00:00:01',
  '2026-05-17T12:34:56Z',
  '0999-12-31T23:59:59+00:00',
  null,
])('the stored moment %s is written as a Date is', async (stored) => {
  const text = leafText(dateTime, `($1::jsonb -> 'at')`, 'json');
  const { rows } = await client.query<{ told: string | null }>(`SELECT ${text} AS told`, [
    JSON.stringify({ at: stored }),
  ]);
  const withoutSeconds = stored?.replace(/(\+\d\d:\d\d):\d\d$/, '$1');
  const shift = stored === withoutSeconds ? 0 : 1_000;
  expect(rows[0]!.told).toBe(withoutSeconds ? new Date(Date.parse(withoutSeconds) - shift).toISOString() : null);
});
