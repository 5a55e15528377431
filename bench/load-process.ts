import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';
import { answerBench } from './bench-process.js';
import type { Load, Served, Steady, SteadyLoad, Target } from './load.js';

const pools = new Map<string, Pool>();
let unique = Date.now();

/** The clients: so many connections, each with one request at a time and the next one at once. */
answerBench({
  start: () => undefined,
  run: async ({ target, connections, ms }: Load): Promise<Served> => {
    const pool = poolOf(target, connections);
    const latencies: number[] = [];
    const began = performance.now();
    let next = 0;
    const client = async () => {
      while (performance.now() - began < ms || next === 0) {
        const sent = performance.now();
        await ask(pool, target, next++);
        latencies.push(performance.now() - sent);
      }
    };
    await Promise.all(Array.from({ length: connections }, client));
    return { seconds: (performance.now() - began) / 1_000, latencies };
  },
  steady: async ({ targets, perSecond, ms }: SteadyLoad): Promise<Steady> => {
    const pool = poolOf(targets[0]!, 64);
    const served: Steady = { latencies: [], failures: [] };
    const began = performance.now();
    const asked: Promise<void>[] = [];
    for (let due = 0; due < ms; due = (asked.length / perSecond) * 1_000) {
      await sleep(Math.max(0, began + due - performance.now()));
      asked.push(
        ask(pool, targets[asked.length % targets.length]!, asked.length).then(
          () => void served.latencies.push(performance.now() - began - due),
          (error: unknown) => void served.failures.push(String(error)),
        ),
      );
    }
    await Promise.all(asked);
    return served;
  },
  stop: async () => {
    await Promise.all([...pools.values()].map((pool) => pool.close()));
  },
});

/** The nth request. @throws when its answer is not as expected */
async function ask(pool: Pool, { url, headers, bodies, expect }: Target, n: number): Promise<void> {
  const body = bodies[n % bodies.length]!.replace('%N%', () => String(unique++));
  const answer = await pool.request({ method: 'POST', path: new URL(url).pathname, headers, body });
  const text = await answer.body.text();
  if (answer.statusCode !== 200 || !text.startsWith(expect))
    throw new Error(`${url} answered ${answer.statusCode} ${text.slice(0, 500)} to ${body.slice(0, 500)}`);
}

/** Connections stay open between the rounds, as those of a frontend's server do. */
function poolOf({ url }: Target, connections: number): Pool {
  const { origin } = new URL(url);
  const name = `${origin} ${connections}`;
  const pool = pools.get(name) ?? new Pool(origin, { connections, pipelining: 1 });
  pools.set(name, pool);
  return pool;
}
