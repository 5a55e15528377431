import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { createDataSource } from '../../src/database/data-source.js';
import { migrate } from '../../src/database/migrate.js';
import { migrations } from '../../src/database/migrations.js';
import { CustomerLists1763800000014 } from '../../src/database/migrations/0014-customer-lists.js';
import { StartupError } from '../../src/errors.js';

const database = `m_${randomBytes(6).toString('hex')}`;
const names = migrations.map(({ name }) => name);
let maintenance: pg.Client;
beforeAll(async () => {
  maintenance = new pg.Client(inject('postgres'));
  await maintenance.connect();
  await maintenance.query(`CREATE DATABASE ${database}`);
});
afterAll(async () => {
  await maintenance.query(`DROP DATABASE ${database} WITH (FORCE)`);
  await maintenance.end();
});

test('architecture 2: any number of processes may migrate an empty database at once: one does, the others wait for it', async () => {
  const sources = await Promise.all(
    Array.from({ length: 5 }, () => createDataSource({ ...inject('postgres'), database }, 2).initialize()),
  );
  try {
    const ran = await Promise.all(sources.map((source) => migrate(source)));
    expect(ran.flat()).toEqual(names);
    expect(ran.filter((list) => list.length > 0)).toHaveLength(1);
    const rows: { name: string }[] = await sources[0]!.query('SELECT name FROM migration ORDER BY id');
    expect(rows.map(({ name }) => name)).toEqual(names);
  } finally {
    await Promise.all(sources.map((source) => source.destroy()));
  }
});

test('architecture 2: a migrated database is left as it is, and nobody keeps the lock', async () => {
  const source = await createDataSource({ ...inject('postgres'), database }, 2).initialize();
  try {
    expect(await migrate(source)).toEqual([]);
    const locks: object[] = await source.query(
      `SELECT FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    );
    expect(locks).toEqual([]);
  } finally {
    await source.destroy();
  }
});

test('architecture 2: two databases of one cluster can be migrated at once, though they share their roles', async () => {
  const twins = [`${database}_a`, `${database}_b`];
  for (const twin of twins) await maintenance.query(`CREATE DATABASE ${twin}`);
  const sources = await Promise.all(
    twins.map((twin) => createDataSource({ ...inject('postgres'), database: twin }, 2).initialize()),
  );
  try {
    expect(await Promise.all(sources.map((source) => migrate(source)))).toEqual([names, names]);
  } finally {
    await Promise.all(sources.map((source) => source.destroy()));
    for (const twin of twins) await maintenance.query(`DROP DATABASE ${twin} WITH (FORCE)`);
  }
});

test('api 1: a server that lacks an extension, or a login that may not create it, is told in one line with what to do', async () => {
  const bare = `${database}_bare`;
  await maintenance.query(`CREATE DATABASE ${bare}`);
  const source = await createDataSource({ ...inject('postgres'), database: bare }, 1).initialize();
  const runner = source.createQueryRunner();
  try {
    await runner.query(`BEGIN; CREATE ROLE ${bare}; SET LOCAL ROLE ${bare}`);
    const refusal = await new CustomerLists1763800000014().up(runner).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(StartupError);
    expect((refusal as Error).message).toMatch(
      /^the database needs PostgreSQL's extension pg_trgm, and it cannot be created: permission denied .*CREATE EXTENSION pg_trgm$/,
    );
  } finally {
    await runner.query('ROLLBACK');
    await runner.release();
    await source.destroy();
    await maintenance.query(`DROP DATABASE ${bare} WITH (FORCE)`);
  }
});
