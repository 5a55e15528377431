import { existsSync, mkdirSync, readdirSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { createDataSource } from '../src/database/data-source.js';
import { startEmbedded } from '../src/database/embedded/embedded-postgres.js';
import { migrate } from '../src/database/migrate.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the run's PostgreSQL listens; its database `template_hub` is migrated and never connected to. */
    postgres: { host: string; port: number; user: string; database: string };
  }
}

const prefix = 'stamdata-test-';
const oneGiB = 1024 ** 3;

/** One PostgreSQL per run, in memory where there is room, with a migrated template that every test file clones. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const base = placeForData();
  removeDeadRuns(base);
  const dataDir = join(base, `${prefix}${process.pid}`);
  mkdirSync(dataDir, { mode: 0o711 });
  const server = await startEmbedded({ dataDir, throwaway: true });
  const connection = { ...server.connection };
  const maintenance = await createDataSource(connection, 1).initialize();
  await maintenance.query('CREATE DATABASE template_hub');
  await maintenance.destroy();
  const template = await createDataSource({ ...connection, database: 'template_hub' }, 2).initialize();
  await migrate(template);
  await template.destroy();
  project.provide('postgres', connection);
  return async () => {
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
}

function placeForData(): string {
  if (!existsSync('/dev/shm')) return tmpdir();
  const { bavail, bsize } = statfsSync('/dev/shm');
  return bavail * bsize > oneGiB ? '/dev/shm' : tmpdir();
}

function removeDeadRuns(base: string): void {
  for (const name of readdirSync(base)) {
    const pid = Number(name.startsWith(prefix) ? name.slice(prefix.length) : NaN);
    if (pid > 0 && !lives(pid)) rmSync(join(base, name), { recursive: true, force: true });
  }
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
