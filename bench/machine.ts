import { cpus, loadavg, totalmem } from 'node:os';

/** What was measured on: figures of different machines say nothing about each other, their ratios do. */
export interface Machine {
  cores: number;
  cpu: string;
  memoryGib: number;
  node: string;
  postgres: string;
}

export const machineOf = (postgres: string): Machine => ({
  cores: cpus().length,
  cpu: cpus()[0]?.model ?? 'unknown',
  memoryGib: Math.round(totalmem() / 2 ** 30),
  node: process.version,
  postgres,
});

export const inWords = ({ cores, cpu, memoryGib, node, postgres }: Machine): string =>
  `${cores} × ${cpu}, ${memoryGib} GiB, Node ${node}, PostgreSQL ${postgres}`;

/** Of the last minute: what else ran. */
export const load = (): number => Math.round(loadavg()[0]! * 100) / 100;
