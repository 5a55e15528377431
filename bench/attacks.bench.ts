import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { attacks } from './attacks.js';
import { sizes, type Bench, type HubProcess } from './bench.js';
import type { BenchProcess } from './bench-process.js';
import { listsOf, lookUpsOf, spreadNumbers, spreadPositions } from './customer-requests.js';
import { median, quantile, round2, spreadOf, type Figure } from './figure.js';
import type { Steady } from './load.js';

const normalPerSecond = 50;
const attacksPerSecond = 20;
/** As it is by default, also in what a key may spend. With the secret that another hub has left for the same databases. */
const productionIn = (directory: string) => ({
  ...{ NODE_ENV: 'production', STAMDATA_SECRET: readFileSync(join(directory, 'secret'), 'utf8').trim() },
  ...{ STAMDATA_COST_PER_SECOND: '', STAMDATA_SOCKETS_PER_KEY: '' },
});

/**
 * What those who mean harm cost the others: the processor time of each refusal, and the times of normal requests beside attacks
 * and beside connections that do everything slowly, next to what they are without.
 */
export async function underAttack(bench: Bench): Promise<Figure[]> {
  const filled = await bench.data.filled(sizes(bench.quick).few);
  const clients = await bench.clients();
  await bench.hubOn(filled);
  const hub = await bench.hubOn(filled, productionIn(bench.data.directory));
  const key = await smallKey(hub);
  const attackers = await bench.attackers({ url: hub.url, key });
  const lookUps = lookUpsOf(hub, spreadNumbers(100, filled.customers));
  const lists = listsOf(hub, await spreadPositions(hub, 20, filled.customers));
  const normal = { targets: [lookUps, lookUps, lookUps, lookUps, lists], perSecond: normalPerSecond };
  const ms = bench.quick ? 500 : 10_000;
  const steady = () => clients.ask<Steady>('steady', { ...normal, ms });
  await steady(); // warms up
  const costs = await costOfEach(attackers, hub, bench.quick ? 1 : 10);
  const rounds: { alone: Steady; beside: Steady }[] = [];
  for (let round = 0; round < (bench.quick ? 1 : 5); round++) {
    const alone = await steady();
    const [beside] = await Promise.all([steady(), attackers.ask('flood', { perSecond: attacksPerSecond, ms })]);
    rounds.push({ alone, beside });
  }
  const connections = bench.quick ? 30 : 1_000;
  const slowMs = bench.quick ? 500 : 30_000;
  const [amongSlow] = await Promise.all([
    clients.ask<Steady>('steady', { ...normal, ms: slowMs }),
    attackers.ask('hold', { connections, ms: slowMs }),
  ]);
  return [...figuresOf(costs), besideAttacks(rounds), besideSlow(amongSlow, connections)];
}

/** A key as a frontend has it: of few scopes. */
async function smallKey(hub: HubProcess): Promise<string> {
  const { createApiKey } = await hub.ask<{ createApiKey: { key: string } }>(
    `mutation { createApiKey(input: { name: "frontend", owners: ["BENCH"], scopes: ["customers:read", "customers:write", "changes:read"] }) {
      key } }`,
  );
  return createApiKey.key;
}

interface Cost {
  name: string;
  cpuMs: number;
}

/** Processor time of the hub for each attack over each transport, its connection included. */
async function costOfEach(attackers: BenchProcess, { process }: HubProcess, times: number): Promise<Cost[]> {
  const costs: Cost[] = [];
  for (const attack of attacks)
    for (const transport of ['http', 'socket'] as const) {
      if (attack[transport] === undefined) continue;
      await attackers.ask('repeat', { name: attack.name, transport, times: 1 });
      const before = await process.usage();
      await attackers.ask('repeat', { name: attack.name, transport, times });
      const after = await process.usage();
      costs.push({ name: `${attack.name} by ${transport}`, cpuMs: (after.cpuMs - before.cpuMs) / times });
    }
  return costs.sort((a, b) => b.cpuMs - a.cpuMs);
}

function figuresOf(costs: Cost[]): Figure[] {
  const figure = (name: string, cpuMs: number): Figure => ({
    name,
    value: `${cpuMs.toFixed(1)} ms CPU`,
    limit: '≤ 50 ms',
    ratio: round2(cpuMs / 50),
  });
  return [
    figure(`each of ${costs.length} attacks, median`, median(costs.map(({ cpuMs }) => cpuMs))),
    ...costs.slice(0, 3).map(({ name, cpuMs }) => figure(`dearest: ${name}`, cpuMs)),
  ];
}

function besideAttacks(rounds: { alone: Steady; beside: Steady }[]): Figure {
  const p99 = ({ latencies }: Steady) => quantile(latencies, 0.99);
  const each = (side: 'alone' | 'beside') => median(rounds.map((round) => p99(round[side])));
  demandAll(rounds.flatMap(({ alone, beside }) => [alone, beside]));
  return {
    name: `p99 of ${normalPerSecond} requests/s beside ${attacksPerSecond} attacks/s`,
    value: `${each('beside').toFixed(1)} ms`,
    limit: `≤ 2 × ${each('alone').toFixed(1)} ms`,
    ratio: round2(each('beside') / each('alone')),
    spread: spreadOf(rounds.map(({ alone, beside }) => p99(beside) / p99(alone))),
  };
}

function demandAll(served: Steady[]): void {
  const failed = served.flatMap(({ failures }) => failures);
  if (failed.length > 0) throw new Error(`${failed.length} normal requests failed, the first one: ${failed[0]}`);
}

function besideSlow({ latencies, failures }: Steady, connections: number): Figure {
  const share = latencies.length / (latencies.length + failures.length);
  return {
    name: `normal requests that succeed beside ${connections} slow clients`,
    value: `${(share * 100).toFixed(2)} % (p99 ${quantile(latencies, 0.99).toFixed(0)} ms)`,
    limit: '≥ 99.90 %',
    ratio: round2(share),
  };
}
