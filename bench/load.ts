import type { BenchProcess } from './bench-process.js';
import { median, quantile } from './figure.js';

/** What is asked of a server, over and over: one body after the other. */
export interface Target {
  url: string;
  headers: Record<string, string>;
  /** `%N%` becomes a number that no other request has. */
  bodies: string[];
  /** What every good answer begins with. */
  expect: string;
}

export interface Load {
  target: Target;
  connections: number;
  ms: number;
}

export interface Served {
  seconds: number;
  /** Milliseconds of each request. */
  latencies: number[];
}

/** Requests at fixed times, whether or not those before them were answered. */
export interface SteadyLoad {
  /** By turns. */
  targets: Target[];
  perSecond: number;
  ms: number;
}

export interface Steady {
  /** Milliseconds of each good answer, from the time at which its request was due. */
  latencies: number[];
  /** What was wrong with each other one. */
  failures: string[];
}

export interface Pace {
  perSecond: number;
  p50: number;
  p99: number;
  /** Milliseconds of the server's processor time for each request. */
  cpuMs: number;
}

/** What a server gives under the load of another process. */
export async function paceOf(clients: BenchProcess, server: BenchProcess, load: Load): Promise<Pace> {
  const before = await server.usage();
  const { seconds, latencies } = await clients.ask<Served>('run', load);
  const after = await server.usage();
  return {
    perSecond: latencies.length / seconds,
    p50: median(latencies),
    p99: quantile(latencies, 0.99),
    cpuMs: (after.cpuMs - before.cpuMs) / latencies.length,
  };
}
