import { execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll } from 'vitest';
import type { BinarySource } from '../../src/database/embedded/binaries.js';
import {
  startEmbedded,
  type EmbeddedOptions,
  type EmbeddedServer,
} from '../../src/database/embedded/embedded-postgres.js';

export const root = process.geteuid?.() === 0;
/** The uid of `nobody`: the ordinary user when the tests run as root. */
export const nobody = root ? Number(execFileSync('id', ['-u', 'nobody'])) : -1;

/** What a hub in a process of its own tells (`embedded-hub.ts`). */
interface Fact {
  ready?: true;
  connection?: EmbeddedServer['connection'];
  clusterDir?: string;
  id?: number;
  drained?: true;
  error?: string;
  kind?: string;
}

export interface Hub {
  pid: number;
  /** The first fact, told or to be told, that `wanted` accepts. Rejects when the process ends without it. */
  fact: (wanted: (fact: Fact) => boolean) => Promise<Fact>;
  facts: Fact[];
  exited: Promise<void>;
  /** kill -9; resolves when the process has gone. */
  kill: () => Promise<void>;
}

/**
 * Servers, hubs and directories of a test file. Servers are stopped and hubs killed after each test; `home()` is removed at
 * the end. `template()` is a cluster that may be copied, not started.
 */
export function embeddedFixture() {
  let home = '';
  const servers: EmbeddedServer[] = [];
  const hubs: Hub[] = [];

  const start = async (options: EmbeddedOptions, sources?: BinarySource[]) => {
    const server = await startEmbedded(options, sources);
    servers.push(server);
    return server;
  };

  beforeAll(async () => {
    home = await realpath(await mkdtemp(join(tmpdir(), 'stamdata-embedded-')));
    await chmod(home, 0o755);
    const server = await startEmbedded({ dataDir: join(home, 'template'), throwaway: true });
    await server.stop();
  });
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.stop()));
    await Promise.all(hubs.splice(0).map((hub) => hub.kill()));
  });
  afterAll(() => rm(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }));

  return {
    path: (...names: string[]) => join(home, ...names),
    start,
    /** A data directory with a copy of the template's cluster; the same name gives the same directory again. */
    copyOfTemplate: (name: string): string => {
      if (!existsSync(join(home, name))) execFileSync('cp', ['-a', join(home, 'template'), join(home, name)]);
      return join(home, name);
    },
    spawnHub: (dataDir: string, mode: 'hold' | 'write', uid?: number): Hub => {
      const hub = hubProcess([dataDir, mode, ...(uid === undefined ? [] : [String(uid)])]);
      hubs.push(hub);
      return hub;
    },
  };
}

export async function query(server: Pick<EmbeddedServer, 'connection'>, sql: string): Promise<unknown[]> {
  const client = new Client(server.connection);
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** A session of its own, so that its process group can get a Ctrl-C that does not reach the tests. */
function hubProcess(args: string[]): Hub {
  const script = join(import.meta.dirname, 'embedded-hub.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', script, ...args], {
    cwd: join(import.meta.dirname, '..', '..'),
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const facts: Fact[] = [];
  const watchers = new Set<() => void>();
  let over = false;
  createInterface({ input: child.stdout }).on('line', (line) => {
    facts.push(JSON.parse(line) as Fact);
    for (const watch of watchers) watch();
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.once('close', () => {
    over = true;
    for (const watch of watchers) watch();
  });
  return {
    pid: child.pid!,
    facts,
    exited,
    kill: () => {
      child.kill('SIGKILL');
      return exited;
    },
    fact: (wanted) =>
      new Promise((resolve, reject) => {
        const watch = () => {
          const found = facts.find(wanted);
          if (!found && !over) return;
          watchers.delete(watch);
          if (found) resolve(found);
          else reject(new Error(`the hub ended after telling ${JSON.stringify(facts.at(-1))}`));
        };
        watchers.add(watch);
        watch();
      }),
  };
}
