import { randomBytes } from 'node:crypto';
import type { Asking } from './ask-hub.js';
import { readConfig } from './config.js';
import { openDatabase } from './database/open-database.js';
import { limitHeapGrowth } from './heap-growth.js';
import type { Hub } from './hub.js';
import { startHub } from './start-hub.js';

/** A hub that lives as long as one command. */
export interface OwnHub extends Asking {
  hub: Hub;
  /** The database, for a person. */
  place: string;
  close: () => Promise<void>;
}

/**
 * For a command that is to work directly on the database of the configuration: the part `api` of a hub in this process, on a
 * port of the loopback that has one key, which nobody else knows and which ends with it. So the command does what it does
 * beside a running hub by the same code. What it leaves to be done later (events, hashes of passwords) the running hub does,
 * or the next one. @throws StartupError in one line
 */
export async function openOwnHub(): Promise<OwnHub> {
  limitHeapGrowth();
  const config = readConfig();
  const database = await openDatabase(config, { beside: true });
  const key = randomBytes(32).toString('hex');
  const running = await startHub(
    {
      ...config,
      ...{ host: '127.0.0.1', port: 0, adminKey: key, parts: new Set(['api'] as const) },
      ...{ graphiql: false, drainMs: 0, logLevel: 'error' },
    },
    { database },
  );
  return { url: running.url, key, hub: running.hub as Hub, place: database.place, close: running.stop };
}
