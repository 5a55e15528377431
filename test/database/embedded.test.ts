import { execFileSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { chmod, chown, lstat, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, describe, it, onTestFinished } from 'vitest';
import { availablePackage, binariesOf } from '../../src/database/embedded/bundled-binaries.js';
import { embeddedAvailable, startEmbedded } from '../../src/database/embedded/embedded-postgres.js';
import { installedBinaries } from '../../src/database/embedded/installed-binaries.js';
import { completeLibraries } from '../../src/database/embedded/libraries.js';
import { readPostmasterFile } from '../../src/database/embedded/postmaster-file.js';
import { openServerLog } from '../../src/database/embedded/server-log.js';
import { serverUser } from '../../src/database/embedded/system-user.js';
import { embeddedFixture, nobody, query, root } from './embedded-fixture.js';

const { path, start, copyOfTemplate, spawnHub } = embeddedFixture();

const setting = async (server: Parameters<typeof query>[0], ...names: string[]) => {
  const rows = await query(server, `SELECT name, setting FROM pg_settings WHERE name = ANY ('{${names.join()}}')`);
  return Object.fromEntries((rows as { name: string; setting: string }[]).map((row) => [row.name, row.setting]));
};

describe('start and stop', () => {
  it('creates cluster and database at the first start and finds the rows at the next', async () => {
    expect(embeddedAvailable()).toBe(true);
    const dataDir = path('deep', 'below');
    const first = await start({ dataDir });
    await query(first, 'CREATE TABLE kept AS SELECT 7 AS n');
    expect(first.dataDir).toBe(join(dataDir, 'pg18'));
    expect(first.connection).toMatchObject({ user: 'stamdata', database: 'stamdata' });
    await Promise.all([first.stop(), first.stop()]);
    await first.stop();
    await first.exited;
    expect(existsSync(join(first.dataDir, 'postmaster.pid'))).toBe(false);

    const second = await start({ dataDir, settings: { work_mem: '7MB' } });
    expect(await query(second, 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
    const durable = { fsync: 'on', full_page_writes: 'on', synchronous_commit: 'on', data_checksums: 'on' };
    const others = { listen_addresses: '', max_connections: '200', TimeZone: 'UTC', work_mem: '7168' };
    expect(await setting(second, ...Object.keys({ ...durable, ...others }))).toEqual({ ...durable, ...others });
    expect(await query(second, `SELECT lower('ÆØÅ') AS low, 'Z' < 'a' AS by_code_point`)).toEqual([
      { low: 'æøå', by_code_point: true },
    ]);
  });

  it('does without durability only when a throwaway is asked for', async () => {
    const server = await start({ dataDir: copyOfTemplate('plain'), throwaway: true });
    const off = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };
    expect(await setting(server, ...Object.keys(off))).toEqual(off);
  });

  it('tells when and why the server ended by itself, and starts again at once', async () => {
    const dataDir = copyOfTemplate('plain');
    const server = await start({ dataDir });
    process.kill((await readPostmasterFile(server.dataDir))!.pid, 'SIGKILL');
    await server.exited;
    expect(server.reason()).toMatch(
      /^The database server on .*\/plain\/pg18 ended: .*Killed.* \(see .*\/postgres\.log\)\.$/,
    );
    await server.stop();
    expect(await query(await start({ dataDir }), 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
  });

  it('listens in the temporary directory when the path is too long for a socket, and tidies up', async () => {
    const dataDir = copyOfTemplate('a, "long" path '.repeat(8));
    const server = await start({ dataDir, throwaway: true });
    expect(server.connection.host.startsWith(dataDir)).toBe(false);
    expect(await query(server, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
    await server.stop();
    expect(existsSync(server.connection.host)).toBe(false);
  });
});

describe('log', () => {
  it('has the server’s messages, without values of statements', async () => {
    const dataDir = copyOfTemplate('plain');
    const server = await start({ dataDir, throwaway: true });
    await expect(query(server, `SELECT 'canary@example.com'::int`)).rejects.toThrow('canary@example.com');
    await server.stop();
    const log = await readFile(join(dataDir, 'postgres.log'), 'utf8');
    expect(log).toContain('database system is ready');
    expect(log).not.toContain('canary');
  });

  it('stays bounded and keeps the newest lines', async () => {
    const log = openServerLog(path('bounded.log'), 10_000);
    for (let n = 1; n <= 2_000; n++) {
      log.write(`line ${n}`);
      expect(statSync(log.path).size).toBeLessThanOrEqual(10_000);
    }
    log.close();
    expect(log.lastLines().at(-1)).toBe('line 2000');
    expect(await readFile(log.path, 'utf8')).toMatch(/line 1999\nline 2000\n$/);
    expect(statSync(log.path).mode & 0o777).toBe(0o600);
  });
});

describe('accounts', () => {
  it('runs as an ordinary user', async () => {
    const dataDir = path('ordinary');
    await mkdir(dataDir, { mode: 0o700 });
    if (root) await chown(dataDir, nobody, nobody);
    const hub = spawnHub(dataDir, 'hold', root ? nobody : undefined);
    const { clusterDir } = await hub.fact((fact) => fact.ready === true);
    const uid = root ? nobody : process.geteuid!();
    expect(statSync(clusterDir!).uid).toBe(uid);
    expect(uidOf((await readPostmasterFile(clusterDir!))!.pid)).toBe(uid);
  });

  it.runIf(root)('never runs the server as root, and keeps to the owner of the cluster', async () => {
    const account = (await serverUser(undefined))!;
    expect(account.uid).not.toBe(0);
    const dataDir = copyOfTemplate('owned');
    expect(statSync(join(dataDir, 'pg18')).uid).toBe(account.uid);
    execFileSync('chown', ['-R', `${nobody}`, join(dataDir, 'pg18')]);
    const server = await start({ dataDir, throwaway: true });
    expect(uidOf((await readPostmasterFile(server.dataDir))!.pid)).toBe(nobody);
  });

  it.runIf(root)('keeps to its place outside when the account could not enter the data directory', async () => {
    const dataDir = path('closed');
    await mkdir(dataDir, { mode: 0o700 });
    const first = await start({ dataDir, throwaway: true });
    const place = dirname(first.dataDir);
    onTestFinished(() => rm(place, { recursive: true, force: true }));
    expect(place).toMatch(/^\/var\/lib\/stamdata-[0-9a-f]{16}$/);
    expect(await readFile(join(dataDir, 'database-location.txt'), 'utf8')).toBe(`${place}\n`);
    await query(first, 'CREATE TABLE kept AS SELECT 7 AS n');
    await first.stop();

    await chmod(dataDir, 0o755);
    const second = await start({ dataDir, throwaway: true });
    expect(second.dataDir).toBe(first.dataDir);
    expect(await query(second, 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
    await second.stop();
  });

  it.runIf(root)('says that a user id without an account cannot create a database', async () => {
    const dataDir = path('no-account');
    await mkdir(dataDir);
    await chown(dataDir, 54_321, 54_321);
    const { error, kind } = await spawnHub(dataDir, 'hold', 54_321).fact((fact) => fact.error !== undefined);
    expect(kind).toBe('StartupError');
    expect(error).toMatch(/^User id 54321 has no account .*DATABASE_URL\.$/);
  });

  it.runIf(root)('says whose the database directory is when it is not the hub’s', async () => {
    const dataDir = copyOfTemplate('foreign');
    await chown(dataDir, nobody, nobody);
    const { error } = await spawnHub(dataDir, 'hold', nobody).fact((fact) => fact.error !== undefined);
    expect(error).toBe(
      `The database directory ${dataDir}/pg18 belongs to user id ${(await serverUser(undefined))!.uid}, but the server ` +
        `would run as ${nobody}: start the hub as its owner, or give the directory away with chown -R.`,
    );
  });
});

describe('binaries', () => {
  /** The package as an installation without scripts leaves it: no links between the libraries. */
  async function packageWithoutLinks(name: string): Promise<string> {
    execFileSync('cp', ['-a', availablePackage()!, path(name)]);
    const lib = path(name, 'native', 'lib');
    for (const file of await readdir(lib)) {
      if ((await lstat(join(lib, file))).isSymbolicLink()) await rm(join(lib, file));
    }
    return path(name);
  }

  it('makes the links that an installation without scripts leaves out', async () => {
    const packageDir = await packageWithoutLinks('unlinked');
    const postgres = join(packageDir, 'native', 'bin', 'postgres');
    expect(() => execFileSync(postgres, ['--version'], { stdio: 'pipe' })).toThrow('cannot open shared object file');
    expect(await completeLibraries(join(packageDir, 'native'))).toBe(true);
    expect(execFileSync(postgres, ['--version'], { encoding: 'utf8' })).toMatch(/^postgres \(PostgreSQL\) 18\./);
    expect(await completeLibraries(join(packageDir, 'native'))).toBe(true);
  });

  it('copies binaries that cannot be used where they are', async () => {
    const packageDir = await packageWithoutLinks('unreachable');
    // An installation with a strict umask that root's server account cannot enter, or one that must not be written.
    const modes = (change: string) => execFileSync('chmod', ['-R', change, packageDir]);
    modes(root ? 'go-rwx' : 'a-w');
    onTestFinished(() => void modes('u+w'));
    const base = path('with-copy');
    await mkdir(base);
    const place = { dataDir: base, base, user: await serverUser(undefined), cluster: undefined };
    const { found } = await binariesOf(packageDir, place);
    expect(found).toEqual([{ dir: expect.stringMatching(/with-copy\/server-18\.[^/]+\/bin$/) as string, major: 18 }]);
    expect((await binariesOf(packageDir, place)).found).toEqual(found);
    expect(await readdir(base)).toHaveLength(1);
  });

  it('uses an installed PostgreSQL, or says that there is none', async () => {
    const { found, problem } = await installedBinaries(await someplace());
    const dataDir = path('installed');
    const starting = start({ dataDir, throwaway: true }, [installedBinaries]);
    if (found.length === 0) {
      await expect(starting).rejects.toThrow(`${problem}. Install PostgreSQL 15 or newer, or set DATABASE_URL.`);
      return;
    }
    const server = await starting;
    expect(server.dataDir).toBe(join(dataDir, `pg${found[0]!.major}`));
    expect(await query(server, `SELECT lower('ÆØÅ') AS low, 'Z' < 'a' AS by_code_point`)).toEqual([
      { low: 'æøå', by_code_point: true },
    ]);
    await server.stop();

    // The bundled version comes first, but never in place of the data that is there.
    const again = await start({ dataDir, throwaway: true });
    expect(again.dataDir).toBe(server.dataDir);
  });

  it('refuses a cluster of a version it has no binaries for', async () => {
    const dataDir = path('old');
    await mkdir(join(dataDir, 'pg9'), { recursive: true });
    await writeFile(join(dataDir, 'pg9', 'PG_VERSION'), '9\n');
    if (root) await chown(join(dataDir, 'pg9'), nobody, nobody);
    await expect(startEmbedded({ dataDir })).rejects.toThrow(
      /^The database in .*\/pg9 was written by PostgreSQL 9, but here is only version 18.*: install PostgreSQL 9, or export/,
    );
  });

  it('says when nothing runs on the machine', async () => {
    const none = () => Promise.resolve({ found: [], problem: 'the package is not installed' });
    await expect(startEmbedded({ dataDir: path('none') }, [none])).rejects.toThrow(
      `No PostgreSQL can run on this machine (${process.platform}-${process.arch}): the package is not installed. ` +
        'Install PostgreSQL 15 or newer, or set DATABASE_URL.',
    );
  });

  const someplace = async () => ({
    dataDir: path(),
    base: path(),
    user: await serverUser(undefined),
    cluster: undefined,
  });
});

function uidOf(pid: number): number {
  return Number(execFileSync('ps', ['-o', 'uid=', '-p', String(pid)], { encoding: 'utf8' }));
}
