import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startTestHub, type TestHub, type TestOwner } from '../hub.js';
import { cli, type Ended } from '../process/command.js';

vi.setConfig({ testTimeout: 180_000 }); // each is a dozen processes, one after another, of a second or two

let hub: TestHub;
let owner: TestOwner;
let admin: string;
let home: string;
beforeAll(async () => {
  hub = await startTestHub();
  owner = await hub.owner();
  admin = await owner.newKey(['admin']);
  home = mkdtempSync(join(tmpdir(), 'stamdata-key-'));
});
afterAll(async () => {
  await hub.stop();
  rmSync(home, { recursive: true });
});

/** Where a command works: on the database, or through the hub with a key of one owner. */
const places = {
  database: () => ({ words: [] as string[], env: { DATABASE_URL: hub.clone.url, STAMDATA_DATA_DIR: home } }),
  hub: () => ({ words: ['--url', hub.url, '--key', admin], env: { DATABASE_URL: 'nowhere' } }),
};
const names = Object.keys(places) as (keyof typeof places)[];

const run = (place: keyof typeof places, ...args: string[]): Promise<Ended> => {
  const { words, env } = places[place]();
  return cli(['key', ...args, ...words], env);
};
const done = async (place: keyof typeof places, ...args: string[]): Promise<string> => {
  const ended = await run(place, ...args);
  expect(ended).toMatchObject({ code: 0, stderr: '' });
  return ended.stdout.trimEnd();
};

test.each(names)('api 7: key create, list, rotate and revoke, by the %s', async (place) => {
  const key = await done(place, 'create', '--owner', owner.code, '--name', 'till', '--scopes', 'customers:read');
  expect(await statusOf(key)).toBe(200);
  const line = async (text: string) =>
    (await done(place, 'list')).split('\n').find((each) => each.includes(text.split('_')[2]!))!;
  const before = await line(key);
  expect(before).toMatch(
    new RegExp(`^\\d+  stam_live_\\w{10}_…  "till"  ${owner.code}  customers:read  live  last used `),
  );
  const id = before.split(' ')[0]!;
  const young = await done(place, 'rotate', id, '--grace-hours', '2');
  expect(young).toMatch(/^stam_live_\w{10}_\w{32}_\w{6}$/);
  expect(await Promise.all([key, young].map(statusOf))).toEqual([200, 200]);
  const youngId = (await line(young)).split(' ')[0]!;
  expect(await line(key)).toMatch(new RegExp(`  expires \\S+Z  replaced by ${youngId}  `));
  expect(await done(place, 'revoke', youngId)).toBe(`key ${youngId} is revoked`);
  hub.hub.authenticator.forget(youngId);
  expect(await Promise.all([key, young].map(statusOf))).toEqual([200, 401]);
  expect(await done(place, 'list')).not.toContain(key.split('_')[3]);
});

test.each(names)('api 7: by the %s, what is refused ends with 2 and says why', async (place) => {
  const cases: [string[], RegExp][] = [
    [['rotate', '987654321'], /^stamdata: invalid id \(no such key\)$/],
    [['rotate', 'abc'], /not an id of a key: abc/],
    [['rotate', '1', '--grace-hours', 'long'], /not a number of hours/],
    [['rotate', '1', '--grace-hours', '9999'], /^stamdata: invalid graceHours \(0 to 720\)$/],
    [['revoke', '987654321'], /^stamdata: invalid id \(no such key\)$/],
    [['create', '--owner', owner.code, '--scopes', 'all'], /^stamdata: invalid scopes/],
  ];
  const ended = await Promise.all(cases.map(([args]) => run(place, ...args)));
  for (const [i, [args, message]] of cases.entries()) {
    expect([ended[i]!.code, ended[i]!.stdout], args.join(' ')).toEqual([2, '']);
    expect(ended[i]!.stderr.trimEnd()).toMatch(message);
  }
});

test('api 7: STAMDATA_URL and STAMDATA_KEY alone leave key commands on the database, where the first keys are made', async () => {
  const env = { ...places.database().env, STAMDATA_URL: 'http://127.0.0.1:9', STAMDATA_KEY: owner.key };
  expect(await cli(['key', 'list'], env)).toMatchObject({ code: 0, stderr: '' });
});

test('api 7: a key without admin, one without a hub, and a hub without a key are told in one line', async () => {
  const [weak, homeless, keyless] = await Promise.all([
    cli(['key', 'list', '--url', hub.url, '--key', owner.key], {}),
    cli(['key', 'list', '--key', admin], {}),
    cli(['key', 'list', '--url', hub.url], {}),
  ]);
  expect(weak).toMatchObject({ code: 3, stderr: 'stamdata: this key lacks the scope admin\n' });
  expect(homeless).toMatchObject({ code: 2, stderr: 'stamdata: --key is for a running hub: name it with --url\n' });
  expect(keyless).toMatchObject({ code: 2, stderr: 'stamdata: --key: give a key, or set STAMDATA_KEY\n' });
});

const statusOf = async (key: string): Promise<number> => (await hub.request('{ viewer { name } }', {}, { key })).status;
