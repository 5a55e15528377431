import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startEmbedded } from '../../src/database/embedded/embedded-postgres.js';
import type { AskSql } from './committed.js';

/** A PostgreSQL of a test's own that keeps what it has promised (fsync), and that the test can let crash. */
export interface OwnPostgres {
  /** Also a place for what the hubs write. */
  home: string;
  /** The same before and after a restart. */
  url: string;
  sql: AskSql;
  /** Immediate shutdown, as if the machine had gone, and a new start, which recovers. */
  restart: () => Promise<void>;
  stop: () => Promise<void>;
}

export async function startOwnPostgres(): Promise<OwnPostgres> {
  const home = mkdtempSync(join(tmpdir(), 'stamdata-faults-'));
  chmodSync(home, 0o755); // started by root, PostgreSQL runs as somebody else and must get to its data
  const options = { dataDir: join(home, 'db') };
  let server = await startEmbedded(options);
  const { connection } = server;
  const { user, port, database, host } = connection;
  return {
    home,
    url: `postgresql://${user}@localhost:${port}/${database}?host=${encodeURIComponent(host)}`,
    sql: async <Row extends object>(text: string, parameters?: unknown[]) => {
      const client = new pg.Client(connection); // none is kept that a restart could break
      client.on('error', () => undefined); // a connection that breaks is told by the query that it breaks
      await client.connect();
      try {
        return (await client.query<Row>(text, parameters)).rows;
      } finally {
        await client.end();
      }
    },
    restart: async () => {
      process.kill(Number((await readFile(join(server.dataDir, 'postmaster.pid'), 'utf8')).split('\n')[0]), 'SIGQUIT');
      await server.exited;
      server = await startEmbedded(options);
      if (server.connection.host !== host) throw new Error('the server has moved: the hubs cannot find it');
    },
    stop: async () => {
      await server.stop();
      rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
}
