import { execFileSync, spawn } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { chown, copyFile, mkdir, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startEmbedded } from '../../src/database/embedded/embedded-postgres.js';
import { asStartupError, serverFailure } from '../../src/database/embedded/failure.js';
import { isServerOf } from '../../src/database/embedded/live-process.js';
import { readPostmasterFile } from '../../src/database/embedded/postmaster-file.js';
import { StartupError } from '../../src/errors.js';
import { embeddedFixture, query, root, type Hub } from './embedded-fixture.js';

const { path, start, copyOfTemplate, spawnHub } = embeddedFixture();

/** The directory and the process of the server that `hub` runs. */
async function serverOf(hub: Hub): Promise<{ clusterDir: string; pid: number }> {
  const { clusterDir } = await hub.fact((fact) => fact.ready === true);
  return { clusterDir: clusterDir!, pid: (await readPostmasterFile(clusterDir!))!.pid };
}

describe('a hub that is killed', () => {
  it('loses no acknowledged row and leaves no server that blocks the next start', async () => {
    const dataDir = copyOfTemplate('writing');
    const hub = spawnHub(dataDir, 'write');
    const { clusterDir, pid } = await serverOf(hub);
    await hub.fact((fact) => fact.id === 300);
    await hub.kill();

    // Started at once, while the abandoned server may still be on its way out.
    const server = await start({ dataDir });
    expect(await isServerOf(clusterDir, pid)).toBe(false);
    const acknowledged = Math.max(...hub.facts.map((fact) => fact.id ?? 0));
    const [row] = await query(server, 'SELECT count(*)::int AS n, max(id) AS last FROM acknowledged');
    const { n, last } = row as { n: number; last: number };
    expect(last).toBe(n);
    expect(n).toBeGreaterThanOrEqual(acknowledged);
    expect(acknowledged).toBeGreaterThanOrEqual(300);
  });

  it('takes its server along at once', async () => {
    const hub = spawnHub(copyOfTemplate('plain'), 'write');
    const { clusterDir, pid } = await serverOf(hub);
    await hub.kill();
    const begun = performance.now();
    while (await isServerOf(clusterDir, pid)) {
      expect(performance.now() - begun).toBeLessThan(3_000);
      await delay(10);
    }
    // In an orderly way: a clean shutdown removes its pid file.
    expect(await readPostmasterFile(clusterDir)).toBeUndefined();
  });

  it('does not block the next start even when the dead-man’s switch was killed as well', async () => {
    const dataDir = copyOfTemplate('plain');
    const hub = spawnHub(dataDir, 'hold');
    const { clusterDir, pid } = await serverOf(hub);
    const shell = processes().find((one) => one.pid === pid)!.parent;
    const watcher = processes().find((one) => one.parent === shell && one.pid !== pid)!.pid;
    for (const one of [watcher, shell]) process.kill(one, 'SIGKILL');
    await hub.kill();
    expect(await isServerOf(clusterDir, pid)).toBe(true);
    expect(await query(await start({ dataDir }), 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
    expect(await isServerOf(clusterDir, pid)).toBe(false);
  });

  it('while it creates the cluster leaves nothing behind after the next start', async () => {
    const dataDir = path('unfinished');
    await mkdir(dataDir, { mode: 0o755 });
    const hub = spawnHub(dataDir, 'hold');
    const unfinished = await appears(dataDir, /^pg18\.new-/);
    await appears(join(dataDir, unfinished), /^base$/);
    await hub.kill();
    expect(readdirSync(dataDir)).toContain(unfinished);
    expect(readdirSync(dataDir)).not.toContain('pg18');

    const server = await start({ dataDir, throwaway: true });
    expect(await query(server, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
    expect(readdirSync(dataDir).sort()).toEqual(['pg18', 'postgres.log', 's']);
  });

  it('does not block the next start when its server’s number belongs to another process now', async () => {
    const dataDir = copyOfTemplate('plain');
    const server = await start({ dataDir });
    const pidFile = join(server.dataDir, 'postmaster.pid');
    const left = (await readFile(pidFile, 'utf8')).split('\n');
    await server.stop();
    // Only a process of the server's own account looks like a rival to PostgreSQL.
    const { uid, gid } = statSync(server.dataDir);
    const other = spawn('sleep', ['30'], { uid, gid, cwd: '/', stdio: 'ignore' });
    onTestFinished(() => void other.kill('SIGKILL'));
    await writeFile(pidFile, [other.pid, ...left.slice(1)].join('\n'));
    expect(await query(await start({ dataDir }), 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
  });
});

describe('Ctrl-C', () => {
  it('reaches the hub alone, which finishes its work before it stops the database', async () => {
    const dataDir = copyOfTemplate('interrupted');
    const hub = spawnHub(dataDir, 'hold');
    const { clusterDir } = await serverOf(hub);
    process.kill(-hub.pid, 'SIGINT');
    await hub.fact((fact) => fact.drained === true);
    await hub.exited;
    expect(await readPostmasterFile(clusterDir)).toBeUndefined();
    expect(await query(await start({ dataDir }), 'SELECT id FROM acknowledged')).toEqual([{ id: -1 }]);
  });
});

describe('a second hub on the same directory', () => {
  it('is refused quickly, and the first one goes on', async () => {
    const dataDir = copyOfTemplate('plain');
    const server = await start({ dataDir });
    const begun = performance.now();
    expect(await refusal(dataDir)).toBe(
      `Another hub is already running on ${dataDir} (process ${process.pid}). Stop it, or give this one its own ` +
        'STAMDATA_DATA_DIR.',
    );
    expect(performance.now() - begun).toBeLessThan(3_000);
    expect(await query(server, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
  });

  it('is refused when both make their first start at the same moment', async () => {
    const dataDir = path('race');
    const hubs = [spawnHub(dataDir, 'hold'), spawnHub(dataDir, 'hold')];
    const outcomes = await Promise.all(hubs.map((hub) => hub.fact(({ ready, error }) => ready === true || !!error)));
    const winner = outcomes.findIndex((outcome) => outcome.ready);
    expect(outcomes.filter((outcome) => outcome.ready)).toHaveLength(1);
    expect(outcomes[1 - winner]).toMatchObject({
      kind: 'StartupError',
      error: expect.stringMatching(`^Another hub is already running on ${dataDir}`) as string,
    });
    expect(await query({ connection: outcomes[winner]!.connection! }, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
    expect(readdirSync(dataDir).sort()).toEqual(['pg18', 'postgres.log', 's']);
  });
});

describe('a damaged directory', () => {
  const advice = 'Restore it from a backup, or move it away to begin with an empty database.';

  const of = (dataDir: string) => `The database directory ${dataDir}/pg18 is damaged: `;

  it.each<[string, string, (file: string) => Promise<void>, RegExp]>([
    ['without PG_VERSION', 'PG_VERSION', rm, /^PG_VERSION is missing\. $/],
    ['of another version', 'PG_VERSION', (file) => writeFile(file, '17\n'), /^PG_VERSION says "17" instead of 18\. $/],
    ['with a shortened control file', 'global/pg_control', (file) => truncate(file, 100), /pg_control.*read 100 of/],
    [
      'with a zeroed control file',
      'global/pg_control',
      (file) => writeFile(file, Buffer.alloc(8192)),
      /^database files are incompatible/,
    ],
    ['without a control file', 'global/pg_control', rm, /^global\/pg_control is missing\. $/],
  ])('%s', async (_how, name, damage, told) => {
    const dataDir = copyOfTemplate('damaged');
    const file = join(dataDir, 'pg18', name);
    await rename(file, `${file}.whole`);
    await copyFile(`${file}.whole`, file);
    if (root) await chown(file, statSync(`${file}.whole`).uid, statSync(`${file}.whole`).gid);
    await damage(file);
    onTestFinished(() => rename(`${file}.whole`, file));

    const message = await refusal(dataDir);
    expect(message.slice(0, of(dataDir).length)).toBe(of(dataDir));
    expect(message.slice(-advice.length)).toBe(advice);
    expect(message.slice(of(dataDir).length, -advice.length)).toMatch(told);
  });

  it('without its log of changes', async () => {
    const dataDir = copyOfTemplate('damaged');
    const wal = join(dataDir, 'pg18', 'pg_wal');
    for (const name of readdirSync(wal)) if (/^[0-9A-F]{24}$/.test(name)) await rm(join(wal, name));
    expect(await refusal(dataDir)).toContain(of(dataDir));
  });

  it('that is a file', async () => {
    await writeFile(path('file'), '');
    expect(await refusal(path('file'))).toBe(
      `${path('file')} is not a directory. Move it away, or set STAMDATA_DATA_DIR to a directory.`,
    );
    expect(await refusal(path('file', 'below'))).toMatch('is not a directory. Move it away');
  });
});

describe('a full disk', () => {
  const full = (dir: string) =>
    `The disk of ${dir} is full: the database cannot write. Free some space, then start again.`;

  it('is named at the first start and at a later one', async () => {
    const dataDir = path('disk');
    await mkdir(dataDir, { mode: 0o755 });
    if (!mounted(dataDir, '20m')) {
      // Not allowed to mount: the words a real program gets from a real full device have to be enough.
      const told = spawnTold('/bin/sh', ['-c', 'LC_ALL=C exec dd if=/dev/zero of=/dev/full count=1']);
      const where = { dir: dataDir, dataDir };
      expect(serverFailure([`2026-01-01 [1] PANIC:  ${told}`], where).message).toBe(full(dataDir));
      return;
    }
    expect(await refusal(dataDir)).toBe(full(dataDir));
    expect(readdirSync(dataDir)).toEqual([]);

    execFileSync('mount', ['-o', 'remount,size=150m', dataDir]);
    const server = await start({ dataDir, throwaway: true });
    await server.stop();
    await fill(join(dataDir, 'ballast'));
    expect(await refusal(dataDir)).toBe(full(`${dataDir}/pg18`));
    await rm(join(dataDir, 'ballast'));
    expect(await query(await start({ dataDir, throwaway: true }), 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
  });
});

it('makes one line of whatever else goes wrong', () => {
  const where = { dir: '/d/pg18', dataDir: '/d', log: '/d/postgres.log' };
  const meant = (line: string) => serverFailure([`2026-01-01 10:00:00.000 UTC [1] ${line}`], where).message;
  expect(meant('FATAL:  could not bind Unix address "/d/s": Address already in use')).toMatch(/address .* is in use/);
  expect(meant('FATAL:  data directory "/d/pg18" has invalid permissions')).toMatch('Correct owner and permissions');
  expect(meant('FATAL:  could not map anonymous shared memory: Cannot allocate memory')).toMatch('too little memory');
  expect(meant('FATAL:  could not open file "global/pg_control": Permission denied')).toMatch('Correct owner');
  expect(asStartupError(Object.assign(new Error('two\nlines'), { code: 'EIO' }), '/d')).toEqual(
    new StartupError('The embedded database on /d cannot start: two lines.'),
  );
  const mistake = new TypeError('of ours');
  expect(asStartupError(mistake, '/d')).toBe(mistake);
});

it('names the setting that the server refuses', async () => {
  const dataDir = copyOfTemplate('plain');
  await expect(startEmbedded({ dataDir, settings: { work_mem: 'much' } })).rejects.toThrow(
    new StartupError(
      `The database server on ${dataDir}/pg18 ended: invalid value for parameter "work_mem": "much" (see ${dataDir}/postgres.log).`,
    ),
  );
});

/** The one line that a start on `dataDir` is refused with. */
async function refusal(dataDir: string): Promise<string> {
  const error: unknown = await startEmbedded({ dataDir }).then(
    (server) => server.stop(),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(StartupError);
  const { message, exitCode } = error as StartupError;
  expect(message).not.toContain('\n');
  expect(exitCode).toBe(3);
  return message;
}

/** Waits for an entry in `dir`. */
async function appears(dir: string, pattern: RegExp): Promise<string> {
  for (;;) {
    const name = readdirSync(dir).find((one) => pattern.test(one));
    if (name) return name;
    await delay(2);
  }
}

function processes(): { pid: number; parent: number }[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n');
  return lines.map((line) => {
    const [pid = 0, parent = 0] = line.trim().split(/\s+/).map(Number);
    return { pid, parent };
  });
}

function mounted(dir: string, size: string): boolean {
  if (!root) return false;
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size},mode=755`, 'tmpfs', dir], { stdio: 'ignore' });
  } catch {
    return false;
  }
  onTestFinished(() => void execFileSync('umount', ['-l', dir]));
  return true;
}

function spawnTold(command: string, args: string[]): string {
  try {
    execFileSync(command, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  } catch (error) {
    return String((error as { stderr: Buffer }).stderr).split('\n')[0] ?? '';
  }
  throw new Error(`${command} found room on a full device`);
}

/** Writes until nothing more fits. */
async function fill(file: string): Promise<void> {
  await writeFile(file, Buffer.alloc(1 << 28)).catch((error: NodeJS.ErrnoException) => {
    expect(error.code).toBe('ENOSPC');
  });
}
