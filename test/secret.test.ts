import { execFile } from 'node:child_process';
import { mkdtempSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { StartupError } from '../src/errors.js';
import { loadSecret } from '../src/load-secret.js';
import { Secret } from '../src/secret.js';

let home: string;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'stamdata-secret-'));
});
afterAll(() => rmSync(home, { recursive: true }));

const secret = new Secret(Buffer.alloc(32, 1));
const fingerprint = (of: Secret): string => of.derive('test', 16).toString('hex');

test('api 1: without a configured one the secret is generated once, for the owner of the process alone, and used again', () => {
  const directory = join(home, 'new', 'deep');
  const first = loadSecret(null, directory);
  const file = join(directory, 'secret');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(Buffer.from(readFileSync(file, 'utf8'), 'base64')).toHaveLength(32);
  expect(readdirSync(directory)).toEqual(['secret']);
  expect(fingerprint(loadSecret(null, directory))).toBe(fingerprint(first));
  expect(fingerprint(loadSecret(null, join(home, 'other')))).not.toBe(fingerprint(first));
});

test('api 1: a configured secret is the one in use, and no file is made or read', () => {
  const directory = join(home, 'configured');
  expect(fingerprint(loadSecret(Buffer.alloc(32, 1), directory))).toBe(fingerprint(secret));
  expect(readdirSync(home)).not.toContain('configured');
});

test('api 1: processes that start at once on an empty directory agree on one secret', async () => {
  const directory = join(home, 'race');
  const script = `import('./dist/src/load-secret.js').then(({ loadSecret }) =>
    console.log(loadSecret(null, ${JSON.stringify(directory)}).derive('test', 16).toString('hex')))`;
  const runs = await Promise.all(
    Array.from({ length: 6 }, () => promisify(execFile)(process.execPath, ['-e', script])),
  );
  expect(new Set(runs.map(({ stdout }) => stdout.trim()))).toEqual(new Set([fingerprint(loadSecret(null, directory))]));
});

test.each([
  ['empty', ''],
  ['too short', Buffer.alloc(31).toString('base64')],
  ['too long', Buffer.alloc(33).toString('base64')],
  ['something else', 'no secret at all'],
])('api 1: a secret file that is %s is an error of one line that names it, never a new secret', (name, text) => {
  const directory = join(home, name);
  mkdirSync(directory);
  writeFileSync(join(directory, 'secret'), text);
  expect(() => loadSecret(null, directory)).toThrow(StartupError);
  expect(() => loadSecret(null, directory)).toThrow(`${join(directory, 'secret')} is damaged`);
  expect(readFileSync(join(directory, 'secret'), 'utf8')).toBe(text);
});

test('api 1: a place where no file can be is an error of one line', () => {
  writeFileSync(join(home, 'file'), '');
  expect(() => loadSecret(null, join(home, 'file'))).toThrow(StartupError);
  mkdirSync(join(home, 'folder', 'secret'), { recursive: true });
  expect(() => loadSecret(null, join(home, 'folder'))).toThrow(StartupError);
});

test('design C: what is sealed opens again, is different every time, and shows nothing of itself', () => {
  const sealed = secret.seal('webhook', 'owner 1', 'the plain text');
  expect(secret.open('webhook', 'owner 1', sealed).toString()).toBe('the plain text');
  expect(secret.seal('webhook', 'owner 1', 'the plain text')).not.toEqual(sealed);
  expect(sealed.toString('latin1')).not.toContain('plain');
  expect(secret.open('webhook', '', secret.seal('webhook', '', '')).toString()).toBe('');
});

test('design C: another place, purpose or secret, or any changed bit, does not open', () => {
  const sealed = secret.seal('webhook', 'owner 1', 'the plain text');
  expect(() => secret.open('webhook', 'owner 2', sealed)).toThrow();
  expect(() => secret.open('password', 'owner 1', sealed)).toThrow();
  expect(() => new Secret(Buffer.alloc(32, 2)).open('webhook', 'owner 1', sealed)).toThrow();
  for (let bit = 0; bit < sealed.length * 8; bit++) {
    const altered = Buffer.from(sealed);
    altered[bit >> 3]! ^= 1 << (bit & 7);
    expect(() => secret.open('webhook', 'owner 1', altered), `bit ${bit}`).toThrow();
  }
  for (const length of [0, 11, 12, 27])
    expect(() => secret.open('webhook', 'owner 1', sealed.subarray(0, length))).toThrow();
});

test('design C: one key for each purpose, of any length, the same for the same secret', () => {
  expect(secret.derive('cursor', 16)).toHaveLength(16);
  expect(secret.derive('cursor', 16)).toEqual(new Secret(Buffer.alloc(32, 1)).derive('cursor', 16));
  expect(secret.derive('cursor', 32)).not.toEqual(secret.derive('webhook', 32));
});
