import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { Authenticator } from '../../src/access/authenticate.js';
import { IssuerKeys } from '../../src/access/issuer-keys.js';
import { newKeyText } from '../../src/access/key-text.js';
import type { RefusedReason } from '../../src/access/refused-calls.js';
import { TokenJudge } from '../../src/access/token-judge.js';
import { Database } from '../../src/database/database.js';
import { startTestHub, type TestHub, type TestOwner } from '../hub.js';
import { Issuer } from './issuer.js';

let hub: TestHub;
let owner: TestOwner;
let keys: Record<'unknown' | 'wrong_secret' | 'revoked' | 'expired', string>;
beforeAll(async () => {
  hub = await startTestHub();
  owner = await hub.owner();
  const [revoked, expired, guessed] = await Promise.all([1, 2, 3].map(() => owner.newKey(['customers:read'])));
  await setKey(revoked!, 'revoked_at = now()');
  await setKey(expired!, 'expires_at = now()');
  keys = { unknown: newKeyText().text, wrong_secret: guessAt(guessed!), revoked: revoked!, expired: expired! };
});
afterAll(() => hub.stop());

test('design C: a key that is unknown, wrong, revoked or expired costs the same statements and digests, so time tells them apart for nobody', async () => {
  const work = new Map<string, object>();
  for (const [reason, key] of Object.entries(keys)) {
    const { authenticator, statements } = watched();
    const digests = await digestsOf(() =>
      expect(authenticator.identify(key, undefined)).rejects.toThrow('this key is unknown, revoked or expired'),
    );
    expect(authenticator.refused).toMatchObject({ [reason]: 1 });
    work.set(reason, { statements, digests });
  }
  expect(new Set([...work.values()].map((one) => JSON.stringify(one))).size, JSON.stringify([...work])).toBe(1);
  expect(work.get('unknown')).toEqual({
    statements: ['findKey'],
    digests: ['hash', 'timingSafeEqual', 'hash', 'timingSafeEqual'],
  });
});

test('design C: an owner that a key does not cover costs the same, there or not: nothing', async () => {
  const [other, key] = [await hub.owner(), await owner.newKey(['customers:read'])];
  const { authenticator, statements } = watched();
  await authenticator.identify(key, owner.code);
  const trusted = statements.splice(0);
  expect(trusted).toEqual(['findKey', 'markKeyUsed']);
  for (const code of [other.code, 'NOWHERE'])
    expect(
      await digestsOf(() =>
        expect(authenticator.identify(key, code)).rejects.toThrow('this key does not cover an owner'),
      ),
    ).toEqual(['hash', 'timingSafeEqual']);
  expect([statements, authenticator.refused.foreign_owner]).toEqual([[], 2]);
});

test('design C: tokens are refused without a question to the database, but whom they cover: that is one, whoever it is', async () => {
  const issuer = await new Issuer().start();
  await issuer.addKey('one');
  const keySet = new IssuerKeys(issuer.url, () => undefined);
  const { authenticator, statements } = watched(
    (db) => new TokenJudge(db, { issuer: issuer.url, audience: 'stamdata' }, keySet),
  );
  try {
    const mine = { stamdata_owner: owner.code, scope: 'customers:read' };
    const past = Math.floor(Date.now() / 1_000) - 3_600;
    const head = Buffer.from('{"alg":"none","kid":"one"}').toString('base64url');
    const refused: [RefusedReason, string][] = [
      ['token_expired', await issuer.sign({ ...mine, exp: past })],
      ['token_claims', await issuer.sign({ ...mine, aud: 'elsewhere' })],
      ['token_invalid', (await issuer.sign(mine)).replace(/^[^.]+(\..+\.).*$/, `${head}$1`)],
      ['token_invalid', (await issuer.sign(mine)).replace(/.{8}$/, 'AAAAAAAA')],
    ];
    for (const [reason, token] of refused) {
      const before = authenticator.refused[reason];
      await expect(authenticator.identify(token, undefined), reason).rejects.toThrow(/this token/);
      expect(authenticator.refused[reason], reason).toBe(before + 1);
    }
    expect(statements).toEqual([]);
    const stranger = await hub.owner();
    for (const code of [stranger.code, 'NOWHERE'])
      await expect(authenticator.identify(await issuer.sign(mine), code)).rejects.toThrow('does not cover');
    await expect(
      authenticator.identify(await issuer.sign({ ...mine, stamdata_owner: 'NOWHERE' }), undefined),
    ).rejects.toThrow('covers no owner');
    expect([...new Set(statements)], 'asked of whom the token itself names').toEqual(['ownersOfToken']);
    expect(authenticator.refused).toMatchObject({ foreign_owner: 2, token_no_owner: 1 });
  } finally {
    keySet.stop();
    await issuer.stop();
  }
});

test('design C: a guess at a key in use costs what one at any other does, and takes nothing from who uses it', async () => {
  const { authenticator, statements } = watched();
  const key = await owner.newKey(['customers:read']);
  await authenticator.identify(key, undefined);
  statements.splice(0);
  await authenticator.identify(guessAt(key), undefined).catch(() => undefined);
  expect([authenticator.refused.wrong_secret, statements.splice(0)]).toEqual([1, ['findKey']]);
  await authenticator.identify(key, undefined);
  expect(statements, 'the key is still trusted: nothing was asked').toEqual([]);
});

test('design C: what is no key at all is refused without a question to the database', async () => {
  const { authenticator, statements } = watched();
  const { text } = newKeyText();
  for (const given of ['nonsense', `${text}x`, text.slice(0, -1), 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.'])
    await expect(authenticator.identify(given, undefined)).rejects.toThrow('this key is unknown');
  expect([statements, authenticator.refused.malformed]).toEqual([[], 4]);
});

test('design C: only who shows the secret marks a key as used', async () => {
  const key = await owner.newKey(['customers:read']);
  expect((await hub.request('{ viewer { name } }', {}, { key: guessAt(key) })).status).toBe(401);
  const used = await hub.clone.sql('SELECT last_used_at AS at FROM api_key WHERE public_id = $1', [key.split('_')[2]]);
  expect(used).toEqual([{ at: null }]);
});

test('issue 8.1: every refused caller is counted by its reason at /metrics, and no key, name or owner stands there', async () => {
  const before = await counted();
  for (const key of Object.values(keys)) await hub.request('{ viewer { name } }', {}, { key });
  await hub.request('{ viewer { name } }', {}, { key: null });
  await hub.request('{ viewer { name } }', {}, { key: 'nonsense' });
  await hub.request('{ viewer { name } }', {}, { key: owner.key, owner: 'ELSEWHERE' });
  await hub.request('{ viewer { name } }', {}, { key: owner.key });
  const after = await counted();
  const grown = Object.fromEntries(
    Object.entries(after).flatMap(([reason, count]) =>
      count > before[reason]! ? [[reason, count - before[reason]!]] : [],
    ),
  );
  expect(grown).toEqual({
    ...{ unknown: 1, wrong_secret: 1, revoked: 1, expired: 1 },
    ...{ missing: 1, malformed: 1, foreign_owner: 1 },
  });
  expect(await metrics()).not.toMatch(new RegExp(`ELSEWHERE|${owner.code}|stam_live`));
});

test('issue 8: of a thousand well-formed guesses at a key in use none succeeds, each is counted and costs the same; its user goes on', async () => {
  const { authenticator, statements } = watched();
  for (let i = 0; i < 1_000; i++)
    await expect(authenticator.identify(guessAt(owner.key), undefined)).rejects.toThrow('this key is unknown');
  expect(authenticator.refused.wrong_secret).toBe(1_000);
  expect([statements.length, new Set(statements)]).toEqual([1_000, new Set(['findKey'])]);
  expect((await authenticator.identify(owner.key, undefined)).picked?.code).toBe(owner.code);
});

/** What a thief sends who knows the part of a key that is shown: well-formed, with a secret of chance. */
const guessAt = (key: string): string => newKeyText(key.split('_')[2]).text;

/** The functions of node:crypto that the work calls, in order. */
async function digestsOf(work: () => Promise<unknown>): Promise<string[]> {
  const called: string[] = [];
  const spies = (['hash', 'timingSafeEqual'] as const).map((name) => {
    const original = crypto[name] as (...given: unknown[]) => unknown;
    return vi.spyOn(crypto, name).mockImplementation(((...given: unknown[]) => {
      called.push(name);
      return original(...given);
    }) as never);
  });
  syncBuiltinESMExports(); // what was imported by name follows
  try {
    await work();
    return called;
  } finally {
    for (const spy of spies) spy.mockRestore();
    syncBuiltinESMExports();
  }
}

/** An authenticator of its own, and the names of the statements that it has sent. */
function watched(tokens: (db: Database) => TokenJudge | null = () => null): {
  authenticator: Authenticator;
  statements: string[];
} {
  const statements: string[] = [];
  class Watched extends Database {
    override asSystem<T>(work: Parameters<Database['asSystem']>[0]): Promise<T> {
      return super.asSystem((sql) =>
        work({
          manager: sql.manager,
          rows: (text, parameters) => {
            statements.push(/\/\* (\w+) \*\//.exec(text)![1]!);
            return sql.rows(text, parameters);
          },
        }),
      ) as Promise<T>;
    }
  }
  const db = new Watched(hub.database.db.dataSource);
  return { authenticator: new Authenticator(db, null, tokens(db)), statements };
}

/** Behind the hub's back, of the key with this text. */
async function setKey(key: string, change: string): Promise<void> {
  const changed = await hub.clone.sql(`UPDATE api_key SET ${change} WHERE public_id = $1 RETURNING id`, [
    key.split('_')[2],
  ]);
  expect(changed).toHaveLength(1);
}

const metrics = async (): Promise<string> => (await fetch(`${hub.url}/metrics`)).text();

async function counted(): Promise<Record<string, number>> {
  const lines = (await metrics()).matchAll(/^stamdata_refused_callers_total\{reason="(\w+)"\} (\d+)$/gm);
  return Object.fromEntries([...lines].map(([, reason, count]): [string, number] => [reason!, Number(count)]));
}
