import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { schemaText } from '../src/schema.js';
import { version } from '../src/version.js';
import { startTestHub, type TestHub } from './hub.js';
import { cli as run, type Ended } from './process/command.js';

vi.setConfig({ testTimeout: 60_000 }); // every command is a process of a second or two

let hub: TestHub;
let home: string;
beforeAll(async () => {
  hub = await startTestHub();
  home = mkdtempSync(join(tmpdir(), 'stamdata-cli-'));
});
afterAll(async () => {
  await hub.stop();
  rmSync(home, { recursive: true });
});

const cli = (...args: string[]): Promise<Ended> => run(args, { DATABASE_URL: hub.clone.url, STAMDATA_DATA_DIR: home });
const done = async (...args: string[]): Promise<string> => {
  const ended = await cli(...args);
  expect(ended).toMatchObject({ code: 0, stderr: '' });
  return ended.stdout;
};
/** Wrong usage: the code 2, nothing on standard output, and one line that says what is wrong. */
const refused = async (...args: string[]): Promise<string> => {
  const { code, stdout, stderr } = await cli(...args);
  expect([code, stdout], stderr).toEqual([2, '']);
  expect(stderr).not.toMatch(/\n +at /);
  return stderr.trimEnd();
};

test('api 7: an owner and a key from the command line are what the running hub knows', async () => {
  const owner = [
    'owner',
    'create',
    '--code',
    'SHOP',
    '--name',
    'The shop',
    '--time-zone',
    'Europe/Copenhagen',
    '--currency',
    'DKK',
    '--language',
    'da',
  ];
  expect(await done(...owner)).toMatch(/^owner SHOP \(id \d+, Europe\/Copenhagen, DKK\)\n$/);
  const key = (
    await done('key', 'create', '--owner', 'shop', '--name', 'till', '--scopes', 'customers:read,changes:read')
  ).trimEnd();
  expect(key).toMatch(/^stam_live_\w{10}_\w{32}_\w{6}$/);
  const answer = await hub.request(
    '{ viewer { name scopes owners { code } } owner { name language } externalSystems { code } }',
    {},
    { key },
  );
  expect(answer.data).toMatchObject({
    viewer: { name: 'till', scopes: ['customers:read', 'changes:read'], owners: [{ code: 'SHOP' }] },
    owner: { name: 'The shop', language: 'da' },
  });
  expect(answer.data.externalSystems).toHaveLength(8);
});

test('api 7: key list shows what a key is and never its secret; key revoke ends it', async () => {
  await hub.owner('LISTED');
  await hub.owner('SECOND');
  const key = (
    await done('key', 'create', '--owner', 'LISTED', 'SECOND', '--expires', '2099-01-01T00:00:00Z')
  ).trimEnd();
  const [, , publicId, secret] = key.split('_');
  const line = async () => (await done('key', 'list')).split('\n').find((text) => text.includes(publicId!))!;
  const before = await line();
  for (const part of [
    '"command line"',
    'LISTED,SECOND',
    'customers:erase',
    'expires 2099-01-01T00:00:00.000Z',
    'never used',
  ])
    expect(before).toContain(part);
  expect(await done('key', 'list')).not.toContain(secret);
  const id = before.split(' ')[0]!;
  expect(await done('key', 'revoke', id)).toBe(`key ${id} is revoked\n`);
  expect(await line()).toContain('revoked 20');
  expect((await hub.request('{ viewer { name } }', {}, { key })).status).toBe(401);
});

test('api 7: wrong usage ends with 2 and says what is wrong', async () => {
  await hub.owner('TAKEN');
  const cases: [string[], RegExp][] = [
    [['owner', 'create', '--code', 'taken'], /^stamdata: invalid code \(already exists\)$/],
    [['owner', 'create', '--code', 'ZONE', '--time-zone', 'Mars/Olympus'], /^stamdata: invalid timeZone/],
    [['owner', 'create'], /--code/],
    [['key', 'create', '--owner', 'NOBODY,TAKEN,NEITHER'], /^stamdata: no such owner: NOBODY, NEITHER$/],
    [
      ['key', 'create', '--owner', 'TAKEN', '--scopes', 'everything'],
      /^stamdata: invalid scopes \(valid values: customers:read/,
    ],
    [['key', 'create', '--owner', 'TAKEN', '--expires', 'soon'], /--expires: not a time: soon/],
    [['key', 'revoke', '999999999'], /no such key/],
    [['key', 'revoke', 'abc'], /not an id of a key: abc/],
    [['nonsense'], /unknown command/],
  ];
  const said = await Promise.all(cases.map(([args]) => refused(...args)));
  for (const [i, [args, message]] of cases.entries()) expect(said[i], args.join(' ')).toMatch(message);
  expect(await hub.clone.sql(`SELECT FROM owner WHERE code = 'ZONE'`)).toEqual([]);
});

test('api 7: migrate says what it did, and a second time that all is done', async () => {
  expect(await done('migrate')).toBe('the database of DATABASE_URL: is up to date\n');
});

test('api 7: schema prints, writes and checks the schema', async () => {
  const text = await schemaText();
  expect(await done('schema')).toBe(text);
  const file = join(home, 'schema.graphql');
  expect(await done('schema', '--out', file, '--check', 'schema.graphql')).toBe('');
  expect(readFileSync(file, 'utf8')).toBe(text);
  writeFileSync(file, `${text}# changed`);
  const [stale, missing, nowhere] = await Promise.all([
    cli('schema', '--check', file),
    refused('schema', '--check', join(home, 'missing')),
    refused('schema', '--out', join(home, 'no', 'such', 'folder')),
  ]);
  expect(stale).toMatchObject({ code: 3, stdout: '', stderr: `stamdata: ${file} is out of date: npm run schema\n` });
  expect([missing, nowhere].join()).toMatch(/missing.*folder/s);
});

test('api 7: --version and --help end with 0', async () => {
  const [told, help] = await Promise.all([done('--version'), done('key', '--help')]);
  expect(told).toBe(`${version}\n`);
  expect(help).toContain('revoke');
});

test('api 1, 7: a wrong environment is told before anything is done', async () => {
  const { code, stderr } = await run(['key', 'list'], { PORT: 'x', DATABASE_URL: 'nowhere' });
  expect([code, stderr.trimEnd().split('\n').length]).toEqual([2, 2]);
});
