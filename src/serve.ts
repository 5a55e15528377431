import { outliveAbandonedErrors } from './abandoned-errors.js';
import { readConfig } from './config.js';
import { StartupError } from './errors.js';
import { limitHeapGrowth } from './heap-growth.js';
import { startHub, type RunningHub } from './start-hub.js';

const patienceMs = 20_000;

/** Runs the hub until SIGINT or SIGTERM; ends the process with 0, or 2 or 3 after one clear line per mistake. */
export async function serve(): Promise<void> {
  limitHeapGrowth();
  const started = await orExit(() => startHub(readConfig()));
  const { hub, url, database } = started;
  exitOnSignals(started); // before it says so: who waits for that may stop it at once
  outliveAbandonedErrors(hub.log);
  say(`stamdata is ready at ${url}`);
  const api = hub.config.parts.has('api');
  if (api) say(`  GraphQL    ${url}/graphql (WebSocket at the same path)`);
  if (api && hub.config.graphiql) say(`  GraphiQL   ${url}/graphiql`);
  say(`  Data       ${database.place}`);
  if (!hub.config.databaseUrl) say('             for production give a PostgreSQL of your own in DATABASE_URL');
  if (api && !hub.config.adminKey)
    say('  First key  npx stamdata owner create --code ACME && npx stamdata key create --owner ACME');
  void database.lost.then((reason) => {
    say(reason);
    process.exit(3);
  });
}

/** Gives the result, or prints the lines of a StartupError and ends the process with its code. */
export async function orExit<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof StartupError)) throw error;
    for (const line of error.message.split('\n')) console.error(`stamdata: ${line}`);
    process.exit(error.exitCode);
  }
}

/** The first signal stops in order, within 20 seconds; a second one at once. */
export function exitOnSignals(running: RunningHub): void {
  let stopping = false;
  const stop = () => {
    if (stopping) process.exit(1);
    stopping = true;
    setTimeout(() => process.exit(3), patienceMs).unref();
    void running.stop().then(() => process.exit(0));
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);
