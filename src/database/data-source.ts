import 'reflect-metadata';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { migrations } from './migrations.js';
import { SnakeCase } from './snake-case.js';

/** Where PostgreSQL is: a URL, or the embedded server's socket directory. */
export type Connection =
  { url: string } | { host: string; port: number; user: string; password?: string; database: string };

const dateType = 1082;
// A date has no time zone: hand it over as the text it is. (bigint and numeric arrive as text by default.)
pg.types.setTypeParser(dateType, (text) => text);

/**
 * The pool and the migrations. `poolSize`: connections per process. `entities`: the classes that TypeORM is to know; SQL
 * needs none.
 */
export function createDataSource(
  connection: Connection,
  poolSize = 20,
  entities: (abstract new () => object)[] = [],
): DataSource {
  const { user, ...rest } = 'url' in connection ? { ...connection, user: undefined } : connection;
  return new DataSource({
    type: 'postgres',
    ...rest,
    ...(user ? { username: user } : {}),
    entities,
    migrations,
    namingStrategy: new SnakeCase(),
    migrationsTableName: 'migration',
    migrationsTransactionMode: 'all',
    synchronize: false,
    logging: false,
    poolSize,
    applicationName: 'stamdata',
    extra: {
      keepAlive: true,
      connectionTimeoutMillis: 10_000,
      idle_in_transaction_session_timeout: 60_000,
      onConnect: neverThrow,
      pipeline: true, // what is sent without waiting arrives together
    },
  });
}

/**
 * A connection can break while the pool hands it over, when neither the pool nor TypeORM listens to it: a crash of
 * PostgreSQL under load ended the process. Whoever uses the connection is told by its next query.
 */
function neverThrow(client: pg.Client): void {
  client.on('error', () => undefined);
}
