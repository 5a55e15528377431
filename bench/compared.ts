import type { BenchProcess } from './bench-process.js';
import { median, round2, spreadOf, type Figure } from './figure.js';
import { paceOf, type Pace, type Target } from './load.js';

/** A server in its own process, and what it is asked. */
export interface Side {
  server: BenchProcess;
  target: Target;
}

export interface Comparison {
  clients: BenchProcess;
  connections: number;
  rounds: number;
  ms: number;
}

/**
 * Two servers under the same load, by turns: limit, hub, limit, hub … so that whatever else the machine does meets both. The
 * first round warms both up and is not counted.
 */
export async function byTurns(first: Side, second: Side, options: Comparison): Promise<[Pace[], Pace[]]> {
  const paces: [Pace[], Pace[]] = [[], []];
  const { clients, connections, rounds, ms } = options;
  for (let round = 0; round <= rounds; round++)
    for (const [i, { server, target }] of [first, second].entries()) {
      const pace = await paceOf(clients, server, { target, connections, ms });
      if (round > 0) paces[i]!.push(pace);
    }
  return paces;
}

/** How fast the hub is next to its limit. */
export async function nextToLimit(name: string, limit: Side, hub: Side, options: Comparison): Promise<Figure> {
  const [bare, ours] = await byTurns(limit, hub, options);
  const perSecond = (paces: Pace[]) => median(paces.map((pace) => pace.perSecond));
  return {
    name,
    value: `${Math.round(perSecond(ours))}/s`,
    limit: `${Math.round(perSecond(bare))}/s bare`,
    ratio: round2(perSecond(ours) / perSecond(bare)),
    spread: spreadOf(ours.map((pace, round) => pace.perSecond / bare[round]!.perSecond)),
    hubCpu: cpuOf(ours),
  };
}

/** How many times as much a request takes where there is more; `bound`: how many times it may. */
export async function growthOf(
  name: string,
  bound: number,
  few: Side,
  many: Side,
  options: Comparison,
): Promise<Figure> {
  const [small, large] = await byTurns(few, many, options);
  const each = (paces: Pace[]) => median(paces.map((pace) => 1_000 / pace.perSecond));
  return {
    name,
    value: `${each(large).toFixed(2)} ms`,
    limit: `≤ ${bound} × ${each(small).toFixed(2)} ms`,
    ratio: round2(each(large) / each(small)),
    spread: spreadOf(large.map((pace, round) => small[round]!.perSecond / pace.perSecond)),
    hubCpu: cpuOf(large),
  };
}

const cpuOf = (paces: Pace[]): string => `${median(paces.map((pace) => pace.cpuMs)).toFixed(2)} ms`;
