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
  kills = 0;
  private readonly berths: Berth[];
  private turn = 0;
  private stopped = false;

  constructor(private readonly options: FleetOptions) {
    this.berths = options.roles.map((roles) => ({
      roles,
      command: null,
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
    const serving = this.berths.filter(({ url, roles }) => url !== null && (roles === 'all' || roles.includes('api')));
    return serving.length === 0 ? undefined : random.one(serving).url!;
  }

  /**
   * `kill -9` of the next process in turn, when all are there: a start takes seconds of a processor, and with two at once there
   * would be no load to speak of. Gives whether it was done.
   */
  killNext(): boolean {
    if (!this.berths.every(({ url }) => url !== null)) return false;
    const berth = this.berths[this.turn++ % this.berths.length]!;
    this.kills++;
    berth.wanted = true;
    berth.url = null;
    berth.command!.child.kill('SIGKILL');
    return true;
  }

  async stop(): Promise<void> {
    this.stopped = true;
    for (const { command } of this.berths) command?.child.kill('SIGKILL');
    for (const { over } of this.berths) await over;
  }

  private async keep(berth: Berth): Promise<void> {
    const main = this.options.main ?? `${root}/dist/src/main.js`;
    while (!this.stopped) {
      berth.wanted = false;
      berth.command = command(relative(root, main), [], { ...this.options.env, STAMDATA_ROLES: berth.roles });
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
  /** Null while it is not ready. */
  url: string | null;
  /** Whether its end was. */
  wanted: boolean;
  /** On stderr, by the process before this one. */
  said: string;
  over: Promise<void> | null;
}
