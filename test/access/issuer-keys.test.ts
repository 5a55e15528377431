import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { IssuerKeys } from '../../src/access/issuer-keys.js';
import { TokenJudge } from '../../src/access/token-judge.js';
import { startTestHub, type TestHub, type TestOwner } from '../hub.js';
import { discoveryPath, Issuer, keysPath, type Answer } from './issuer.js';

const minuteMs = 60_000;

let hub: TestHub;
let owner: TestOwner;
beforeAll(async () => {
  hub = await startTestHub();
  owner = await hub.owner();
});
afterAll(() => hub.stop());

let issuer: Issuer;
let judge: TokenJudge;
/** The judge's time, in milliseconds. */
let now: number;
let warned: string[];
beforeEach(async () => {
  issuer = await new Issuer().start();
  await issuer.addKey('first');
  now = Date.parse('2030-01-01T00:00:00Z');
  warned = [];
  const log = (_level: string, _message: string, fields: { error?: unknown } = {}) =>
    void warned.push((fields.error as Error).message);
  const expected = { issuer: issuer.url, audience: 'stamdata' };
  judge = new TokenJudge(hub.database.db, expected, new IssuerKeys(issuer.url, log, () => now), () => now);
});
afterEach(async () => {
  judge.stop();
  await issuer.stop();
});

const token = (kid = 'first', subject = 'till'): Promise<string> =>
  issuer.sign({ stamdata_owner: owner.code, sub: subject }, { kid, now });
const outcome = async (text: string): Promise<string> =>
  judge.judge(text).then(
    ({ name }) => name,
    (error: { reason?: string; message: string }) => error.reason ?? error.message,
  );
const wait = (ms: number) => void (now += ms);
const down: Answer = (request) => void request.socket.destroy();

test('OIDC: fifty tokens at once ask the issuer once, and later ones not at all', async () => {
  const tokens = await Promise.all(Array.from({ length: 50 }, (_, i) => token('first', `till ${i}`)));
  expect(new Set(await Promise.all(tokens.map(outcome))).size).toBe(50);
  wait(9 * minuteMs);
  expect(await outcome(await token())).toBe('till');
  expect(issuer.asked).toEqual([discoveryPath, keysPath]);
});

test('OIDC: a new key of the issuer is known with its first token, 30 s after the last question at the latest', async () => {
  await outcome(await token());
  await issuer.addKey('second');
  expect(await outcome(await token('second'))).toBe('token_invalid');
  wait(30_000);
  expect(await outcome(await token('second'))).toBe('till');
  expect(await outcome(await token('first'))).toBe('till');
});

test('OIDC: a key that the issuer has withdrawn is refused when its keys are read again, every ten minutes', async () => {
  await outcome(await token());
  const old = issuer.keys.get('first')!;
  issuer.keys.delete('first');
  await issuer.addKey('second');
  const signed = () => issuer.sign({ stamdata_owner: owner.code }, { kid: 'first', key: old, now });
  wait(10 * minuteMs + 1);
  await outcome(await signed()); // this one still by what is known, while that is read anew
  await until(() => issuer.asked.length === 4);
  wait(30_000);
  expect(await outcome(await signed())).toBe('token_invalid');
});

test('OIDC: key ids that are made up make the issuer no work', async () => {
  await outcome(await token());
  const stranger = await new Issuer().addKey('x');
  for (let i = 0; i < 200; i++) {
    const forged = await issuer.sign({ stamdata_owner: owner.code }, { kid: `made up ${i}`, key: stranger, now });
    expect(await outcome(forged)).toBe('token_invalid');
  }
  expect(issuer.asked).toHaveLength(2);
});

test('OIDC: while the issuer is down, its keys are kept for a day, and no longer', async () => {
  await outcome(await token());
  for (const path of [discoveryPath, keysPath]) issuer.instead.set(path, down);
  wait(23 * 60 * minuteMs);
  expect(await outcome(await token())).toBe('till');
  wait(60 * minuteMs + 1);
  expect(await outcome(await token())).toBe('issuer_silent');
  issuer.instead.clear();
  wait(30_000);
  expect(await outcome(await token())).toBe('till');
  expect(warned.length).toBeGreaterThan(0);
});

test('OIDC: an issuer that is down at first is asked again after two seconds, not with each token', async () => {
  issuer.instead.set(discoveryPath, down);
  for (let i = 0; i < 20; i++) expect(await outcome(await token())).toBe('issuer_silent');
  expect(issuer.asked).toHaveLength(1);
  issuer.instead.clear();
  wait(2_000);
  expect(await outcome(await token())).toBe('till');
});

const json =
  (body: unknown): Answer =>
  (_, response) =>
    void response.end(JSON.stringify(body));

test.each<[string, () => [string, Answer], RegExp]>([
  ['names another issuer', () => [discoveryPath, json({ issuer: 'https://example.org' })], /names another issuer/],
  ['has no key set', () => [discoveryPath, json({ issuer: issuer.url })], /no jwks_uri with https/],
  [
    'has a key set without TLS',
    () => [discoveryPath, json({ issuer: issuer.url, jwks_uri: 'http://192.0.2.1/keys' })],
    /no jwks_uri with https/,
  ],
  ['has no keys in it', () => [keysPath, json({})], /no keys/],
  ['is no object', () => [keysPath, json(7)], /no object/],
  ['is too long', () => [keysPath, json({ keys: ['x'.repeat(300_000)] })], /more than 262144 bytes/],
  ['is an error', () => [keysPath, (_, response) => void response.writeHead(500).end()], /answered 500/],
  [
    'leads elsewhere',
    () => [keysPath, (_, response) => void response.writeHead(302, { location: `${issuer.url}/elsewhere` }).end()],
    /fetch failed/,
  ],
])('OIDC: an answer of the issuer that %s is not gone by, and logged', async (_, make, message) => {
  issuer.instead.set(...make());
  expect(await outcome(await token())).toBe('issuer_silent');
  expect(warned).toEqual([expect.stringMatching(message)]);
  expect(issuer.asked).not.toContain('/elsewhere');
});

async function until(isSo: () => boolean): Promise<void> {
  for (const deadline = Date.now() + 20_000; !isSo();) {
    if (Date.now() > deadline) throw new Error('it did not come to that within 20 s');
    await new Promise(setImmediate);
  }
  await new Promise((resolve) => setTimeout(resolve, 0));
}
