import type { AddressInfo } from 'node:net';
import { Authenticator } from './access/authenticate.js';
import { checkSecret } from './check-secret.js';
import { ClockSweeper } from './clock-sweeper.js';
import { databaseClock, type Clock } from './clock.js';
import type { Config, Part } from './config.js';
import { PasswordHasher } from './customer/password-hasher.js';
import { openDatabase, type OpenDatabase } from './database/open-database.js';
import { StartupError } from './errors.js';
import { Cursors } from './feed/cursor.js';
import { Listener } from './feed/listener.js';
import { ensurePartitions } from './feed/partitions.js';
import { Poke } from './feed/poke.js';
import { Relay } from './feed/relay.js';
import { FeedTail } from './feed/tail.js';
import { GuestFeedRunner } from './guest-feed/runner.js';
import { GuestFeedScheduler } from './guest-feed/scheduler.js';
import type { Hub } from './hub.js';
import { createLog, type Log } from './log.js';
import { createMetrics } from './metrics.js';
import { createNetstormingDoor } from './netstorming/door.js';
import { createPages } from './pages.js';
import { createSchema } from './schema.js';
import { loadSecret } from './secret.js';
import { createGraphqlHttp } from './server/graphql-http.js';
import { createGraphqlWs } from './server/graphql-ws.js';
import { createHttpServer, type Routes } from './server/http-server.js';
import { version } from './version.js';
import { createAddressGuard } from './webhook/address-guard.js';
import { Dispatcher } from './webhook/dispatcher.js';

export interface RunningHub {
  hub: Hub;
  /** http://host:port */
  url: string;
  database: OpenDatabase;
  /** Ends everything in order: requests, sockets, machines, pool, embedded server. May be called twice. */
  stop: () => Promise<void>;
}

/** The composition root: configuration → database → schema → doors → machines. @throws StartupError in one line */
export async function startHub(
  config: Readonly<Config>,
  options: { clock?: Clock; log?: Log; database?: OpenDatabase } = {},
): Promise<RunningHub> {
  const log = options.log ?? createLog(config.logLevel);
  const database = options.database ?? (await openDatabase(config));
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
  const secret = loadSecret(config.secret, config.dataDir);
  await checkSecret(db, secret);
  const cursors = new Cursors(secret);
  const poke = new Poke(db, log);
  const wakeRelay = () => poke.poke();
  const guard = createAddressGuard({ allowCidrs: config.webhookAllowCidrs, allowHttp: config.webhookAllowHttp });
  const hub: Hub = {
    config,
    db,
    clock,
    secret,
    log,
    authenticator: new Authenticator(db, config.adminKey),
    cursors,
    tail: new FeedTail(db, cursors, log),
    guard,
    guestFeeds: new GuestFeedRunner({ db, clock, secret, log, guard, wakeRelay }),
    wakeRelay,
  };
  const machines = createMachines(hub, connection);
  const doors = await openDoors(hub);
  for (const machine of machines) machine.start();
  let stopping: Promise<void> | null = null;
  const stop = async () => {
    hub.guestFeeds.halt(); // requests that wait for a run are answered
    await doors.stop();
    await Promise.all(machines.map((machine) => machine.stop()));
    await hub.guestFeeds.stop();
    await hub.guard.agent.close();
    poke.stop();
    await database.close();
  };
  return { hub, url: doors.url, database, stop: () => (stopping ??= stop()) };
}

interface Machine {
  start(): void;
  stop(): Promise<void>;
}

/** What runs beside the requests, as far as STAMDATA_ROLES gives it to this process. */
function createMachines(hub: Hub, connection: OpenDatabase['connection']): Machine[] {
  const { db, log, secret, cursors, guard, config } = hub;
  const has = (part: Part) => config.parts.has(part);
  const relay = has('relay') ? new Relay(db, log) : null;
  const dispatcher = has('webhooks') ? new Dispatcher({ db, secret, cursors, guard, log, version }) : null;
  const tail = has('api') ? hub.tail : null;
  const clock = has('clock') ? [new ClockSweeper(hub, log), new PasswordHasher(db, secret, log)] : [];
  const feeds = has('feeds') ? new GuestFeedScheduler(hub, hub.guestFeeds) : null;
  const channels = new Map<string, () => void>();
  if (relay) channels.set('stamdata_outbox', () => relay.wake());
  if (tail || dispatcher)
    channels.set('stamdata_feed', () => {
      tail?.wake();
      dispatcher?.wake();
    });
  const listener = new Listener(connection, channels, log);
  return [relay, tail, dispatcher, ...clock, feeds, listener].filter((machine) => machine !== null);
}

async function openDoors(hub: Hub): Promise<{ url: string; stop: () => Promise<void> }> {
  const { config, db } = hub;
  let open = true;
  const schema = await createSchema();
  const graphql = await createGraphqlHttp(hub, schema);
  const server = createHttpServer(hub, {
    graphql: config.parts.has('api') ? graphql.handle : notHere,
    doors: config.parts.has('api') ? createNetstormingDoor(hub) : new Map(),
    pages: createPages({ graphiql: config.graphiql }),
    ready: () => (open ? answers(db) : Promise.resolve(false)),
    metrics: createMetrics(db),
  });
  await listen(server, config);
  // only now: it takes part in the server's errors, and a port in use is told in one line, by listen
  const ws = config.parts.has('api') ? createGraphqlWs(hub, schema, server) : null;
  const stop = async () => {
    open = false;
    const closed = new Promise((resolve) => server.close(resolve));
    await ws?.stop();
    server.closeIdleConnections();
    const late = setTimeout(() => server.closeAllConnections(), 10_000);
    await closed;
    clearTimeout(late);
    await graphql.stop();
  };
  return { url: urlOf(server.address() as AddressInfo), stop };
}

/** A process without the part `api` answers health and metrics only. */
const notHere: Routes['graphql'] = (_request, response) => {
  response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' });
  response.end('this process does not serve the API: its STAMDATA_ROLES lack api\n');
  return Promise.resolve();
};

const answers = (db: Hub['db']): Promise<boolean> =>
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
