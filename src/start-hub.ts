import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { checkSecret } from './check-secret.js';
import { ClockSweeper } from './clock-sweeper.js';
import { databaseClock, type Clock } from './clock.js';
import type { Config } from './config.js';
import { openDatabase, type OpenDatabase } from './database/open-database.js';
import { StartupError } from './errors.js';
import { cursorKey } from './feed/cursor-key.js';
import { Cursors } from './feed/cursor.js';
import { Listener } from './feed/listener.js';
import { ensurePartitions } from './feed/partitions.js';
import { Poke } from './feed/poke.js';
import { Relay } from './feed/relay.js';
import type { Core, Machine } from './hub.js';
import { createLog, type Log } from './log.js';
import { createMetrics } from './metrics.js';
import type { Outward } from './outward.js';
import { createPages } from './pages.js';
import { loadSecret } from './load-secret.js';
import { tellMissingKeys } from './tell-missing-keys.js';
import { Drain, finishMs } from './server/drain.js';
import { createHttpServer, type Handler } from './server/http-server.js';

export interface RunningHub {
  /** A whole `Hub` where the process has one of the parts api, webhooks and feeds. */
  hub: Core;
  /** http://host:port */
  url: string;
  database: OpenDatabase;
  /** Ends everything in order: work, requests and sockets, machines, pool, embedded server. May be called twice. */
  stop: () => Promise<void>;
}

/** The composition root: configuration → database → parts → doors → machines. @throws StartupError in one line */
export async function startHub(
  config: Readonly<Config>,
  options: { clock?: Clock; log?: Log; database?: OpenDatabase } = {},
): Promise<RunningHub> {
  const log = options.log ?? createLog(config.logLevel);
  const database = options.database ?? (await openDatabase(config, { sqlOnly: !isOutward(config) }));
  try {
    return await compose(config, database, options.clock ?? databaseClock, log);
  } catch (error) {
    await database.close();
    throw error;
  }
}

async function compose(config: Readonly<Config>, database: OpenDatabase, clock: Clock, log: Log): Promise<RunningHub> {
  const { db, connection } = database;
  await ensurePartitions(db.dataSource);
  const secret = loadSecret(config.secret, config.dataDir, config.oldSecrets);
  const used = await checkSecret(db, secret);
  const cursors = new Cursors(await cursorKey(db, secret, used));
  await tellMissingKeys(db, secret, log);
  const poke = new Poke(db, log);
  const process = randomUUID();
  const relay = config.parts.has('relay') ? new Relay(db, log, { process, moved: () => outward?.wake() }) : null;
  const wakeRelay = () => (relay ?? poke).wake(); // its own one is awake before a notification could tell another
  const core: Core = { config, db, clock, secret, log, cursors, wakeRelay };
  const outward = isOutward(config) ? await (await import('./outward.js')).createOutward(core) : null;
  const listener = new Listener(connection, channelsOf(relay, outward), log, process);
  const machines = await createMachines(core, relay, outward, listener);
  const doors = await openDoors(core, outward);
  const { serving, work } = machines;
  for (const machine of [...serving, ...work]) machine.start();
  let stopping: Promise<void> | null = null;
  const stop = async () => {
    await Promise.all([doors.stop(), ...work.map((machine) => machine.stop())]);
    await Promise.all(serving.map((machine) => machine.stop()));
    await outward?.close();
    poke.stop();
    await database.close();
  };
  return { hub: outward?.hub ?? core, url: doors.url, database, stop: () => (stopping ??= stop()) };
}

/** Whether it answers callers or sends to receivers. A process that only moves rows starts without what that takes. */
const isOutward = ({ parts }: Config): boolean => parts.has('api') || parts.has('webhooks') || parts.has('feeds');

interface Machines {
  /** Needed until the last request is answered and the last socket closed. */
  serving: Machine[];
  /** Handed over at once: another process goes on with it. */
  work: Machine[];
}

/** What runs beside the requests, as far as STAMDATA_ROLES gives it to this process. */
async function createMachines(
  core: Core,
  relay: Relay | null,
  outward: Outward | null,
  listener: Listener,
): Promise<Machines> {
  const clock = core.config.parts.has('clock') ? await createClock(core) : [];
  return {
    serving: [relay, ...(outward?.serving ?? []), listener].filter((machine) => machine !== null),
    work: [...(outward?.work ?? []), ...clock],
  };
}

/** What other processes tell this one. */
function channelsOf(relay: Relay | null, outward: Outward | null): Map<string, () => void> {
  const channels = new Map<string, () => void>();
  if (relay) channels.set('stamdata_outbox', () => relay.wake());
  if (outward) channels.set('stamdata_feed', outward.wake);
  return channels;
}

async function createClock(core: Core): Promise<Machine[]> {
  const { AuditPruner } = await import('./audit/audit-pruner.js');
  const { PasswordHasher } = await import('./customer/password-hasher.js');
  const { AbandonedImports } = await import('./import/abandoned-imports.js');
  const { OperationPruner } = await import('./import/operation-pruner.js');
  const hasher = new PasswordHasher(core.db, core.secret, core.log);
  const pruners = [new OperationPruner(core), new AuditPruner(core)];
  return [new ClockSweeper(core, core.log), hasher, ...pruners, new AbandonedImports(core)];
}

async function openDoors(core: Core, outward: Outward | null): Promise<{ url: string; stop: () => Promise<void> }> {
  const { config, db } = core;
  const api =
    outward && config.parts.has('api')
      ? await (await import('./server/api-doors.js')).createApiDoors(outward.hub)
      : null;
  const server = createHttpServer(core, {
    graphql: api?.graphql ?? notHere,
    doors: api?.beside ?? new Map(),
    pages: api ? createPages({ graphiql: config.graphiql }) : () => false,
    ready: () => (drain.hasBegun ? Promise.resolve(false) : answers(db)),
    metrics: createMetrics(db, {
      deliveries: outward?.deliveries ?? null,
      refused: outward && api ? outward.hub.authenticator.refused : null,
      operations: api?.operations ?? null,
    }),
  });
  const drain = new Drain(server, config.drainMs);
  await listen(server, config);
  // only now: it takes part in the server's errors, and a port in use is told in one line, by listen
  const ws = api?.openSockets(server);
  const stop = async () => {
    await drain.begin();
    outward?.halt(); // requests that wait for a run are answered
    api?.halt(); // imports end behind the chunk at hand, and go on elsewhere
    await Promise.all([drain.finish(), ws?.stop({ spreadMs: config.drainMs, patienceMs: finishMs })]);
    await api?.stop();
  };
  return { url: urlOf(server.address() as AddressInfo), stop };
}

/** A process without the part `api` answers health and metrics only. */
const notHere: Handler = (_request, response) => {
  response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' });
  response.end('this process does not serve the API: its STAMDATA_ROLES lack api\n');
  return Promise.resolve();
};

const answers = (db: Core['db']): Promise<boolean> =>
  db.dataSource.query('SELECT 1').then(
    () => true,
    () => false,
  );

function listen(server: ReturnType<typeof createHttpServer>, { port, host }: Config): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const reason =
        error.code === 'EADDRINUSE'
          ? `port ${port} on ${host} is in use: stop what listens there, or set PORT to another one`
          : `cannot listen on ${host}:${port}: ${error.message}`;
      reject(new StartupError(reason));
    });
    server.listen(port, host, resolve);
  });
}

const urlOf = ({ address, family, port }: AddressInfo): string =>
  `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
