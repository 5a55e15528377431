import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { chooseBinaries, type BinarySource } from './binaries.js';
import { availablePackage, bundledBinaries } from './bundled-binaries.js';
import { createCluster } from './create-cluster.js';
import { createDatabase } from './create-database.js';
import { chooseEndpoint } from './endpoint.js';
import { asStartupError, serverFailure } from './failure.js';
import { checkCluster } from './find-cluster.js';
import { installedBinaries } from './installed-binaries.js';
import { choosePlace } from './place.js';
import { previousServerGone } from './previous-server.js';
import { runServer, type RunOptions, type RunningServer } from './run-server.js';
import { openServerLog } from './server-log.js';
import { settingArguments } from './server-settings.js';

export interface EmbeddedOptions {
  /** `STAMDATA_DATA_DIR`: absolute, or relative to the working directory. */
  dataDir: string;
  /** More server settings (`-c name=value`); they win over the defaults, but not over where the server listens. */
  settings?: Record<string, string>;
  /** For tests only: no fsync anywhere, a crash of the machine may lose everything. */
  throwaway?: boolean;
}

export interface EmbeddedServer {
  /** `host` is a socket directory, on Windows a loopback address. The user is a superuser. */
  connection: { host: string; port: number; user: string; password?: string; database: string };
  /** The directory that really holds the cluster, for the log line and for backups. */
  dataDir: string;
  /** Resolves when the server has ended, wanted or not. Never rejects. */
  exited: Promise<void>;
  /** One line: why the server ended by itself. Has a meaning when `exited` resolved without `stop()`. */
  reason(): string;
  /** Fast shutdown: open transactions are rolled back, committed rows are on disk. May be called any number of times. */
  stop(): Promise<void>;
}

/**
 * Starts the hub's own PostgreSQL on `options.dataDir`, creating cluster and database when they are missing. Resolves when
 * the database accepts connections. The server ends with this process, however that ends.
 *
 * `sources` are where server binaries are looked for, in this order; tests narrow them down.
 *
 * Throws a StartupError with one line: another hub on the directory, damaged or foreign directory, full disk, no binaries.
 */
export async function startEmbedded(
  options: EmbeddedOptions,
  sources: BinarySource[] = [bundledBinaries, installedBinaries],
): Promise<EmbeddedServer> {
  try {
    return await start(options, sources);
  } catch (error) {
    throw asStartupError(error, options.dataDir);
  }
}

/**
 * Whether npm installed server binaries for this platform. When it did not, `startEmbedded` still succeeds with a
 * PostgreSQL that is installed on the machine.
 */
export const embeddedAvailable = (): boolean => availablePackage() !== undefined;

async function start(options: EmbeddedOptions, sources: BinarySource[]): Promise<EmbeddedServer> {
  const { throwaway = false, settings = {} } = options;
  const place = await choosePlace(options.dataDir);
  const binaries = await chooseBinaries(sources, place);
  const cluster = place.cluster ?? (await createCluster(place, binaries, throwaway));
  await checkCluster(cluster, place.user);

  const endpoint = await chooseEndpoint(place);
  const log = openServerLog(join(place.dataDir, 'postgres.log'));
  const release = async () => {
    log.close();
    // What cannot be removed from the temporary directory is no reason to fail.
    await endpoint.release().catch(() => undefined);
  };
  const reason = () => serverFailure(log.lastLines(), { dir: cluster.dir, dataDir: place.dataDir, log: log.path });

  const args = settingArguments(process.pid, throwaway, endpoint.settings, settings);
  const run = { binaries, cluster, user: place.user, args, onLine: (line: string) => log.write(line) };
  const server = await untilFree(run, place.dataDir).catch(async (error: unknown) => {
    await release();
    throw error;
  });
  if (!server) {
    await release();
    throw reason();
  }
  const exited = server.exited.then(release);
  const stop = async () => {
    await server.stop();
    await exited;
  };
  await createDatabase(endpoint.connection).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  return { connection: endpoint.connection, dataDir: cluster.dir, exited, reason: () => reason().message, stop };
}

/**
 * Runs the server; when it refuses because the remains of a killed one have not quite gone, tries again. Between the look
 * and the start another hub may take the directory: the second look names it.
 */
async function untilFree(run: Omit<RunOptions, 'stale'>, dataDir: string): Promise<RunningServer | undefined> {
  for (let attempt = 1; ; attempt++) {
    let held = false;
    const onLine = (line: string) => {
      held ||= /pre-existing shared memory block|lock file ".*" already exists/.test(line);
      run.onLine(line);
    };
    const stale = await previousServerGone(run.cluster.dir, dataDir);
    const server = await runServer({ ...run, onLine, stale });
    if (server || !held || attempt === 20) return server;
    await delay(250);
  }
}
