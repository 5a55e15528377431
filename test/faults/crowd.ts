import { fork, type ChildProcess } from 'node:child_process';
import type { AudienceReport, CrowdCommand, CrowdNews, CrowdTask } from './crowd-process.js';

/** Many readers of a feed in a process of their own, so that their work is not the hub's nor the test's. */
export class Crowd {
  /** Of each audience the fewest events that one of its readers has. */
  reached: number[] = [];
  /** The first thing that went wrong for a reader. */
  problem: string | undefined;
  private readonly child: ChildProcess;
  private readonly listeners = new Set<(news: CrowdNews) => void>();
  private readonly ended: Promise<never>;

  constructor() {
    this.child = fork(new URL('crowd-process.ts', import.meta.url), { execArgv: ['--import', 'tsx'] });
    this.child.on('message', (news: CrowdNews) => {
      for (const listen of this.listeners) listen(news);
    });
    this.ended = new Promise((_, reject) => {
      this.child.once('exit', (code) => reject(new Error(`the readers' process ended with ${code}`)));
    });
    this.ended.catch(() => undefined); // told to those who wait for it
    this.listeners.add((news) => {
      if (!('reached' in news)) return;
      this.reached = news.reached;
      this.problem ??= news.problem;
    });
  }

  /** Resolves when all that read are connected and have asked for the feed. */
  async gather(task: CrowdTask): Promise<void> {
    await this.answer({ task }, (news) => 'connected' in news || undefined);
  }

  /** Those that may stall come, and read nothing. Resolves when they have asked for the feed. */
  async stall(): Promise<void> {
    await this.answer({ stall: true }, (news) => 'stalled' in news || undefined);
  }

  /** Those that stall read on. */
  wake(): void {
    this.child.send({ wake: true } satisfies CrowdCommand);
  }

  report(): Promise<AudienceReport[]> {
    return this.answer({ report: true }, (news) => ('report' in news ? news.report : undefined));
  }

  /** Resolves when the condition holds, looked at with all that the readers tell. @throws when a reader met a problem */
  async until(holds: () => boolean, what: string, patienceMs: number): Promise<void> {
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), patienceMs);
    try {
      while (!holds()) {
        if (this.problem !== undefined) throw new Error(`${what}: ${this.problem}`);
        if (late.signal.aborted)
          throw new Error(`${what}: not within ${patienceMs} ms, reached ${this.reached.join()}`);
        await this.news((news) => 'reached' in news || undefined);
      }
    } finally {
      clearTimeout(timer);
    }
  }

  async end(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    this.child.kill('SIGKILL');
    await this.ended.catch(() => undefined);
  }

  private async answer<T>(command: CrowdCommand, pick: (news: CrowdNews) => T | undefined): Promise<T> {
    const answer = this.news(pick);
    this.child.send(command);
    return answer;
  }

  private news<T>(pick: (news: CrowdNews) => T | undefined): Promise<T> {
    let listen: (news: CrowdNews) => void;
    const told = new Promise<T>((resolve) => {
      listen = (news) => {
        const picked = pick(news);
        if (picked !== undefined) resolve(picked);
      };
      this.listeners.add(listen);
    });
    return Promise.race([told, this.ended]).finally(() => this.listeners.delete(listen));
  }
}
