// A hub reduced to its embedded database, in a process of its own that the tests can kill, interrupt, and run as somebody
// else: `embedded-hub.ts <data directory> <hold|write> [uid]`. Tells what happens as one JSON object per line.
import { Client } from 'pg';
import { startEmbedded } from '../../src/database/embedded/embedded-postgres.js';

const [dataDir = '', mode = 'hold', uid] = process.argv.slice(2);
const tell = (fact: object) => process.stdout.write(`${JSON.stringify(fact)}\n`);

if (uid !== undefined) {
  process.setgroups?.([]);
  process.setgid?.(Number(uid));
  process.setuid?.(Number(uid));
}

try {
  const server = await startEmbedded({ dataDir });
  const client = new Client(server.connection);
  client.on('error', () => undefined);
  await client.connect();
  await client.query('CREATE TABLE IF NOT EXISTS acknowledged (id int PRIMARY KEY)');
  // Ctrl-C: finish the work first, then stop the database, as the real hub does.
  process.once('SIGINT', () => {
    setTimeout(() => {
      void client
        .query('INSERT INTO acknowledged VALUES (-1)')
        .then(() => client.end())
        .then(() => server.stop())
        .then(
          () => tell({ drained: true }),
          (error: Error) => tell({ error: error.message }),
        );
    }, 150);
  });
  // Told last: what reads this may interrupt at once.
  tell({ ready: true, connection: server.connection, clusterDir: server.dataDir });
  for (let id = 1; mode === 'write'; id++) {
    await client.query('INSERT INTO acknowledged VALUES ($1)', [id]);
    tell({ id });
  }
} catch (error) {
  tell({ error: (error as Error).message, kind: (error as Error).constructor.name });
}
