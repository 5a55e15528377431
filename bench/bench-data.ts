import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { createApiKey } from '../src/access/api-keys.js';
import { scopes } from '../src/access/scope.js';
import { startEmbedded, type EmbeddedServer } from '../src/database/embedded/embedded-postgres.js';
import type { Sql } from '../src/database/database.js';
import { openConnection, type OpenDatabase } from '../src/database/open-database.js';
import { createOwner } from '../src/owner/owners.js';
import { makeCustomers } from './many-customers.js';

export type Place = EmbeddedServer['connection'];

/** A database with one owner and its customers, and a key of every scope. */
export interface Filled {
  place: Place;
  ownerId: string;
  key: string;
  customers: number;
}

/**
 * The benches' own PostgreSQL, with everything durable: a database for each number of customers, made once and kept as long
 * as migrations and generator stay what they are, and one for what a run leaves behind, which begins empty.
 */
export class BenchData {
  private made = 0;

  private constructor(
    private readonly server: EmbeddedServer,
    /** Where hubs keep what is not in a database. */
    readonly directory: string,
    private readonly temporary: string | null,
  ) {}

  /** `directory` null: everything is made anew and removed in the end. */
  static async open(directory: string | null): Promise<BenchData> {
    const temporary = directory === null ? mkdtempSync(join(tmpdir(), 'stamdata-bench-')) : null;
    const dataDir = temporary ?? directory!;
    mkdirSync(dataDir, { recursive: true });
    chmodSync(dataDir, 0o711); // root's database server passes through
    const data = new BenchData(await startEmbedded({ dataDir }), dataDir, temporary);
    await data.dropStale();
    return data;
  }

  /** A database with so many customers; the first time it takes about a minute for each 100,000. */
  async filled(customers: number): Promise<Filled> {
    const database = `${keptPrefix}${customers}_${fingerprint()}`;
    if (!(await this.names()).includes(database)) {
      if (!this.temporary) console.log(`making ${customers} customers, once: they are kept for later runs`);
      await this.make(database, customers);
    }
    return this.keyed(database, customers);
  }

  /** The same for this run alone, to be changed at will; of a run that keeps nothing all are. */
  async fresh(customers: number): Promise<Filled> {
    if (this.temporary) return this.filled(customers);
    const database = `${scratch}_${++this.made}`;
    await this.make(database, customers);
    return this.keyed(database, customers);
  }

  /** An empty database for this run alone, migrated. */
  async empty(): Promise<OpenDatabase> {
    const database = `${scratch}_${++this.made}`;
    await this.sql(`CREATE DATABASE ${database}`);
    return openConnection(this.placeOf(database), 'a database of this run', null, {});
  }

  async stop(): Promise<void> {
    await this.drop((name) => name.startsWith(scratch));
    await this.server.stop();
    if (this.temporary) rmSync(this.temporary, { recursive: true, force: true });
  }

  private async keyed(database: string, customers: number): Promise<Filled> {
    const place = this.placeOf(database);
    return asSystem(place, async (sql) => {
      const [owner] = await sql.rows<{ id: string; code: string }>('/* benchOwner */ SELECT id, code FROM owner');
      const { key } = await createApiKey(sql, {
        name: 'bench',
        owners: [owner!],
        scopes: [...scopes],
        expiresAt: null,
      });
      return { place, ownerId: owner!.id, key, customers };
    });
  }

  private async make(database: string, customers: number): Promise<void> {
    await this.sql(`CREATE DATABASE ${unfinished}`);
    const place = this.placeOf(unfinished);
    const { id } = await asSystem(place, (sql) => createOwner(sql, { code: 'BENCH' }));
    await withClient(place, async (client) => {
      await makeCustomers(client, id, customers);
      await client.query('CHECKPOINT');
    });
    await this.sql(`ALTER DATABASE ${unfinished} RENAME TO ${database}`);
  }

  /** What an earlier run did not finish, and what was made by another schema. */
  private async dropStale(): Promise<void> {
    const current = `_${fingerprint()}`;
    await this.drop((name) => name.startsWith(scratch) || name === unfinished);
    await this.drop((name) => name.startsWith(keptPrefix) && !name.endsWith(current));
  }

  private async drop(which: (name: string) => boolean): Promise<void> {
    for (const name of (await this.names()).filter(which)) await this.sql(`DROP DATABASE ${name} WITH (FORCE)`);
  }

  /** As PostgreSQL tells it: 18.1 */
  async version(): Promise<string> {
    return (await this.sql<{ server_version: string }>('SHOW server_version'))[0]!.server_version;
  }

  private async names(): Promise<string[]> {
    return (await this.sql<{ datname: string }>('SELECT datname FROM pg_database')).map(({ datname }) => datname);
  }

  private placeOf(database: string): Place {
    return { ...this.server.connection, database };
  }

  private sql<Row extends pg.QueryResultRow>(text: string): Promise<Row[]> {
    return withClient(this.placeOf('postgres'), async (client) => (await client.query<Row>(text)).rows);
  }
}

/** Some work on a connection of its own, as a superuser. */
export async function withClient<T>(place: Place, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(place);
  client.on('error', () => undefined); // its next query fails
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Some work as the hub's machines do theirs, in a migrated database. */
async function asSystem<T>(place: Place, work: (sql: Sql) => Promise<T>): Promise<T> {
  const open = await openConnection(place, place.database, null, { poolSize: 2, sqlOnly: true });
  try {
    return await open.db.asSystem(work);
  } finally {
    await open.close();
  }
}

const keptPrefix = 'customers_';
const scratch = 'of_this_run';
const unfinished = 'unfinished';

/** Of everything that decides what the kept data look like. */
function fingerprint(): string {
  const hash = createHash('sha256');
  for (const file of [
    ...filesBelow('../src/database/migrations/'),
    '../src/search/search-text.sql.ts',
    '../src/snapshot/snapshot.sql.ts',
    './many-customers.ts',
  ])
    hash.update(readFileSync(new URL(file, import.meta.url)));
  return hash.digest('hex').slice(0, 12);
}

function filesBelow(folder: string): string[] {
  const names = readdirSync(fileURLToPath(new URL(folder, import.meta.url)), { recursive: true, encoding: 'utf8' });
  return names
    .filter((name) => name.endsWith('.ts'))
    .sort()
    .map((name) => `${folder}${name}`);
}

/** The same as a DATABASE_URL, for another process. */
export function urlOf({ host, port, user, password, database }: Place): string {
  const secret = password === undefined ? '' : `:${encodeURIComponent(password)}`;
  return `postgresql://${user}${secret}@localhost:${port}/${database}?host=${encodeURIComponent(host)}`;
}
