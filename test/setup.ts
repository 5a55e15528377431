// TypeGraphQL and TypeORM keep their decorators' metadata through this polyfill.
import 'reflect-metadata';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll } from 'vitest';

/** What ends by itself, once it has been told to, has ended within that time. */
const patienceMs = 10_000;

// Files of a worker share its process: what one leaves running, or in the environment, would meet the next ones.
const before = left();
const environment = JSON.stringify(process.env);
afterAll(async () => {
  for (const deadline = Date.now() + patienceMs; more().length > 0 && Date.now() < deadline;) await delay(20);
  if (more().length > 0) throw new Error(`this file has left running: ${more().join(', ')}`);
  if (JSON.stringify(process.env) !== environment) throw new Error('this file has left the environment changed');
});

/** What there is now and was not when the file began. */
function more(): string[] {
  return Object.entries(left()).flatMap(([kind, count]) => (count > (before[kind] ?? 0) ? [`${count} ${kind}`] : []));
}

/** Servers, sockets and processes, of each kind how many. */
function left(): Record<string, number> {
  const kinds: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo())
    if (/^(TCP|Process)/.test(kind)) kinds[kind] = (kinds[kind] ?? 0) + 1;
  return kinds;
}
