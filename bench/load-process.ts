import { Pool } from 'undici';
import { answerBench } from './bench-process.js';
import type { Load, Served } from './load.js';

const pools = new Map<string, Pool>();
let unique = Date.now();

/** The clients: so many connections, each with one request at a time and the next one at once. */
answerBench({
  start: () => undefined,
  run: async ({ target, connections, ms }: Load): Promise<Served> => {
    const { origin, pathname } = new URL(target.url);
    const pool = poolOf(origin, connections);
    const latencies: number[] = [];
    const began = performance.now();
    let next = 0;
    const client = async () => {
      while (performance.now() - began < ms || next === 0) {
        const body = target.bodies[next++ % target.bodies.length]!.replace('%N%', () => String(unique++));
        const sent = performance.now();
        const answer = await pool.request({ method: 'POST', path: pathname, headers: target.headers, body });
        const text = await answer.body.text();
        if (answer.statusCode !== 200 || !text.startsWith(target.expect))
          throw new Error(`${target.url} answered ${answer.statusCode} ${text.slice(0, 500)} to ${body.slice(0, 500)}`);
        latencies.push(performance.now() - sent);
      }
    };
    await Promise.all(Array.from({ length: connections }, client));
    return { seconds: (performance.now() - began) / 1_000, latencies };
  },
  stop: async () => {
    await Promise.all([...pools.values()].map((pool) => pool.close()));
  },
});

/** Connections stay open between the rounds, as those of a frontend's server do. */
function poolOf(origin: string, connections: number): Pool {
  const name = `${origin} ${connections}`;
  const pool = pools.get(name) ?? new Pool(origin, { connections, pipelining: 1 });
  pools.set(name, pool);
  return pool;
}
