import { setTimeout as sleep } from 'node:timers/promises';
import { relative } from 'node:path';
import { command, root, type Command } from '../process/command.js';
import type { Random } from './random.js';

const pauseMs = 100;
const patienceMs = 60_000;

export interface FleetOptions {
  /** Of the build to run; the product's own unless told. */
  main?: string;
  env: Record<string, string>;
  /** STAMDATA_ROLES of each process; without `api` it is asked nothing. */
  roles: string[];
}

/** Processes of the hub over one database. One that ends is started again, until the fleet is stopped. */
export class Fleet {
  /** Ends that nobody asked for: of a process that had been ready. */
  readonly surprises: string[] = [];
  /** How often a process was killed that was ready, and one that was still starting. */
  readonly kills = { ready: 0, starting: 0 };
  private readonly berths: Berth[];
  private stopped = false;

  constructor(private readonly options: FleetOptions) {
    this.berths = options.roles.map((roles) => ({
      roles,
      command: null,
      startedAt: 0,
      url: null,
      wanted: false,
      said: '',
      over: null,
    }));
  }

  /** Resolves when all are ready. */
  async start(): Promise<void> {
    for (const berth of this.berths) berth.over ??= this.keep(berth);
    await this.ready();
  }

  /** Resolves when all are ready, whatever happened before. @throws when one does not come up within a minute */
  async ready(): Promise<void> {
    const deadline = Date.now() + patienceMs;
    while (!this.berths.every(({ url }) => url !== null)) {
      if (Date.now() > deadline) throw new Error(`still not ready: ${this.berths.map(({ said }) => said).join('')}`);
      await sleep(20);
    }
  }

  /** A hub that serves the API, if there is one right now. */
  url(random: Random): string | undefined {
    const ready = this.berths.filter((berth) => berth.url !== null && serves(berth));
    return ready.length === 0 ? undefined : random.one(ready).url!;
  }

  /** `kill -9` of a process that serves the API, unless another one is on its way back. Gives whether it was done. */
  killServer(random: Random): boolean {
    const servers = this.berths.filter(serves);
    return servers.every(({ url }) => url !== null) && this.kill(random.one(servers));
  }

  /**
   * `kill -9` of one that does not serve: of those that are ready, or while none is, of the one that began last. So on a slow
   * machine, too, somebody is killed each time, and the one that began first gets through. Gives whether it was done.
   */
  killOther(random: Random): boolean {
    const others = this.berths.filter((berth) => !serves(berth) && isAlive(berth));
    const ready = others.filter(({ url }) => url !== null);
    if (ready.length > 0) return this.kill(random.one(ready));
    const [last] = others.sort((a, b) => b.startedAt - a.startedAt);
    return others.length > 1 && this.kill(last!);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    for (const { command } of this.berths) command?.child.kill('SIGKILL');
    for (const { over } of this.berths) await over;
  }

  private kill(berth: Berth): boolean {
    this.kills[berth.url === null ? 'starting' : 'ready']++;
    berth.wanted = true;
    berth.url = null;
    return berth.command!.child.kill('SIGKILL');
  }

  private async keep(berth: Berth): Promise<void> {
    const main = this.options.main ?? `${root}/dist/src/main.js`;
    while (!this.stopped) {
      berth.wanted = false;
      berth.command = command(relative(root, main), [], { ...this.options.env, STAMDATA_ROLES: berth.roles });
      berth.startedAt = performance.now();
      const { line, ended } = berth.command;
      const url = await line(/^stamdata is ready at /).then(
        (text) => /http:\S+/.exec(text)![0],
        () => null, // it may have met its database in the middle of a restart
      );
      if (!berth.wanted) berth.url = url;
      const { code, stderr } = await ended;
      berth.said = stderr;
      berth.url = null;
      if (url !== null && !berth.wanted && !this.stopped)
        this.surprises.push(`a process of ${berth.roles} ended by itself with ${code}: ${stderr.slice(0, 2_000)}`);
      if (!this.stopped) await sleep(pauseMs);
    }
  }
}

interface Berth {
  roles: string;
  command: Command | null;
  /** By the monotonic clock. */
  startedAt: number;
  /** Null while it is not ready. */
  url: string | null;
  /** Whether its end was. */
  wanted: boolean;
  /** On stderr, by the process before this one. */
  said: string;
  over: Promise<void> | null;
}

const serves = ({ roles }: Berth): boolean => roles === 'all' || roles.split(',').includes('api');

const isAlive = ({ command, wanted }: Berth): boolean =>
  !wanted && command !== null && command.child.exitCode === null && command.child.signalCode === null;
