import { command, type Command } from '../process/command.js';
import type { Balancer } from './balancer.js';

/** How one process stopped. */
export interface Stop {
  code: number | null;
  stderr: string;
  /** `performance.now()` */
  toldAt: number;
  endedAt: number;
}

/** Processes of the hub behind a balancer, which are replaced one after the other, as a new version is rolled out. */
export class Rota {
  readonly stops: Stop[] = [];
  private readonly running: { command: Command; url: string }[] = [];

  constructor(
    private readonly balancer: Balancer,
    private readonly env: Record<string, string>,
  ) {}

  async start(count: number): Promise<void> {
    this.running.push(...(await Promise.all(Array.from({ length: count }, () => this.startOne()))));
  }

  /** Resolves when the one that has run longest has ended and another one is ready in its place. */
  async replaceOldest(): Promise<Stop> {
    const { command: old, url } = this.running.shift()!;
    const toldAt = performance.now();
    old.child.kill('SIGTERM');
    const { code, stderr } = await old.ended;
    const stop = { code, stderr, toldAt, endedAt: performance.now() };
    this.stops.push(stop);
    this.balancer.remove(url);
    this.running.push(await this.startOne());
    return stop;
  }

  async stop(): Promise<void> {
    for (const { command } of this.running) command.child.kill('SIGKILL');
    for (const { command } of this.running) await command.ended;
  }

  private async startOne(): Promise<{ command: Command; url: string }> {
    const started = command('dist/src/main.js', [], this.env);
    const url = /http:\S+/.exec(await started.line(/^stamdata is ready at /))![0];
    this.balancer.add(url);
    return { command: started, url };
  }
}
