import { setTimeout as delay } from 'node:timers/promises';
import { roundMs, sizes, type Bench } from './bench.js';
import type { Usage } from './bench-process.js';
import { listsOf, spreadPositions } from './customer-requests.js';
import type { Figure } from './figure.js';
import type { Served } from './load.js';

/** What the hub's process takes at rest, while it lists over 8 connections, and what is left of that afterwards. */
export async function memory(bench: Bench): Promise<Figure[]> {
  const filled = await bench.data.filled(sizes(bench.quick).usual);
  const hub = await bench.hubOn(filled);
  const clients = await bench.clients();
  const target = listsOf(hub, await spreadPositions(hub, bench.quick ? 5 : 200, filled.customers));
  const load = { target, connections: 8, ms: 2 * roundMs(bench.quick) };
  const collected = async () => {
    await hub.process.ask('collect');
    return hub.process.usage();
  };
  await clients.ask('run', load); // code and connections are there
  const rest = await collected();
  let peak = rest.rssMb;
  let answered = 0;
  for (let round = 0; round < (bench.quick ? 1 : 5); round++) {
    const running = clients.ask<Served>('run', load);
    while ((await Promise.race([running, delay(100)])) === undefined)
      peak = Math.max(peak, (await hub.process.usage()).rssMb);
    answered += (await running).latencies.length;
  }
  const after = await collected();
  return [
    { name: 'memory of the hub at rest', value: told(rest) },
    { name: 'memory while it lists over 8 connections', value: `${Math.round(peak)} MB at most` },
    { name: `heap kept of ${answered} lists`, value: `${(after.heapMb - rest.heapMb).toFixed(1)} MB`, limit: '0 MB' },
  ];
}

const told = ({ rssMb, heapMb }: Usage): string => `${Math.round(rssMb)} MB, heap ${Math.round(heapMb)} MB`;
