import type { Attacked } from './attack.js';
import { urlOf, type BenchData, type Filled } from './bench-data.js';
import { startBenchHub, type BenchHub } from './bench-hub.js';
import { BenchProcess } from './bench-process.js';
import type { Figure } from './figure.js';

export type Measure = (bench: Bench) => Promise<Figure[]>;

/** What a bench is given. Whatever was started for one is there for the others too, until the run ends. */
export class Bench {
  private readonly started = new Map<string, Promise<BenchProcess>>();
  private own: Promise<BenchHub> | null = null;

  constructor(
    readonly data: BenchData,
    /** One small round of everything, to see that it works. */
    readonly quick: boolean,
  ) {}

  /** A hub in this process, on a database that this run has made, with whatever the other benches leave there. */
  hub(): Promise<BenchHub> {
    return (this.own ??= startBenchHub(this.data));
  }

  /** A hub in a process of its own, on a database with customers. `env`: what is set beside that. */
  async hubOn({ place, key }: Filled, env: Record<string, string> = {}): Promise<HubProcess> {
    const settings = { database: urlOf(place), dataDir: this.data.directory, env };
    const server = await this.process('hub-process.ts', `${place.database} ${Object.keys(env).join(' ')}`, settings);
    const url = await server.ask<string>('url');
    return new HubProcess(server, url, { 'content-type': 'application/json', authorization: `Bearer ${key}` });
  }

  /** The limit: `node:http` and `pg` on the same database. */
  bareOn(filled: Filled): Promise<BenchProcess> {
    return this.process('bare-process.ts', filled.place.database, filled);
  }

  /** What sends the requests. */
  clients(): Promise<BenchProcess> {
    return this.process('load-process.ts', '', {});
  }

  /** What attacks a hub. */
  attackers(hub: Attacked): Promise<BenchProcess> {
    return this.process('attack-process.ts', hub.url, hub);
  }

  async stop(): Promise<void> {
    for (const started of await Promise.allSettled(this.started.values()))
      if (started.status === 'fulfilled') await started.value.end();
    await (await this.own)?.stop();
  }

  private process(module: string, on: string, settings: object): Promise<BenchProcess> {
    const name = `${module} ${on}`;
    const process = this.started.get(name) ?? BenchProcess.start(module, settings);
    this.started.set(name, process);
    return process;
  }
}

/** A hub's process, and how its GraphQL is asked. */
export class HubProcess {
  constructor(
    readonly process: BenchProcess,
    readonly url: string,
    readonly headers: Record<string, string>,
  ) {}

  /** One request. @throws what stands in `errors` */
  async ask<Data>(query: string, variables: object = {}): Promise<Data> {
    const { url, headers } = this;
    const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query, variables }) });
    const { data, errors } = (await answer.json()) as { data: Data; errors?: object[] };
    if (errors) throw new Error(JSON.stringify(errors));
    return data;
  }
}

/** How many customers: few and many for growth, the usual number for everything else. Quick runs have one database for all. */
export const sizes = (quick: boolean): { few: number; usual: number; many: number } =>
  quick ? { few: 500, usual: 500, many: 500 } : { few: 10_000, usual: 100_000, many: 1_000_000 };

export const rounds = (quick: boolean): number => (quick ? 1 : 7);
export const roundMs = (quick: boolean): number => (quick ? 100 : 2_000);
