import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { command, endStarted } from './command.js';

const patienceMs = 40_000;
const database = `p_${randomBytes(6).toString('hex')}`;
let maintenance: pg.Client;
let home: string;
let env: Record<string, string>;
beforeAll(async () => {
  const postgres = inject('postgres');
  maintenance = new pg.Client(postgres);
  await maintenance.connect();
  await maintenance.query(`CREATE DATABASE ${database}`);
  home = mkdtempSync(join(tmpdir(), 'stamdata-external-'));
  env = {
    DATABASE_URL: `postgresql://${postgres.user}@localhost:${postgres.port}/${database}?host=${encodeURIComponent(postgres.host)}`,
    ...{ STAMDATA_DATA_DIR: home, PORT: '0', LOG_LEVEL: 'error' },
  };
});
afterAll(async () => {
  await endStarted();
  await maintenance.query(`DROP DATABASE ${database} WITH (FORCE)`);
  await maintenance.end();
  rmSync(home, { recursive: true, force: true });
});

const hub = (more: Record<string, string> = {}) => command('dist/src/main.js', [], { ...env, ...more });

test(
  'architecture 2: two hubs that start at once on an empty database both come up, and stop on SIGINT and SIGTERM',
  { timeout: patienceMs },
  async () => {
    const both = [hub(), hub()];
    const ready = await Promise.all(both.map((one) => one.line(/^stamdata is ready at /)));
    const urls = ready.map((line) => /http:\S+/.exec(line)![0]);
    expect(new Set(urls).size).toBe(2);
    for (const url of urls) expect((await fetch(`${url}/readyz`)).status).toBe(200);
    expect(await both[0]!.line(/^ {2}Data/)).not.toContain(database);
    both[0]!.child.kill('SIGINT');
    both[1]!.child.kill('SIGTERM');
    for (const one of both) expect(await one.ended).toMatchObject({ code: 0, stderr: '' });
    const left = await maintenance.query('SELECT FROM pg_stat_activity WHERE datname = $1', [database]);
    expect(left.rowCount).toBe(0);
  },
);

test(
  'api 1, 7: a port in use, and a database that cannot be used, end with 3 and one line without the password',
  { timeout: patienceMs },
  async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => taken.once('listening', resolve));
    const port = String((taken.address() as AddressInfo).port);
    const silent = await freePort();
    const cases: [Record<string, string>, RegExp][] = [
      [{ PORT: port }, new RegExp(`^stamdata: port ${port} on 127.0.0.1 is in use`)],
      [
        { DATABASE_URL: `postgresql://u:pa55word@127.0.0.1:${silent}/d` },
        /^stamdata: cannot use the database of DATABASE_URL: .*ECONNREFUSED/,
      ],
      [
        { DATABASE_URL: env.DATABASE_URL!.replace(database, 'no_such_database') },
        /^stamdata: cannot use the database of DATABASE_URL: .*does not exist/,
      ],
      [{ DATABASE_URL: 'postgresql://u:pa55word@127.0.0.1:notaport/d' }, /^stamdata: /],
      [{ DATABASE_URL: 'postgresql://u:pa55word@[::1/d' }, /^stamdata: /],
    ];
    try {
      const ends = await Promise.all(cases.map(([more]) => hub(more).ended));
      for (const [i, [more, message]] of cases.entries()) {
        const { code, stdout, stderr } = ends[i]!;
        expect([code, stdout, stderr.trimEnd().split('\n').length], JSON.stringify(more) + stderr).toEqual([3, '', 1]);
        expect(stderr).toMatch(message);
        expect(stderr).not.toContain('pa55word');
      }
    } finally {
      taken.close();
    }
  },
);

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
