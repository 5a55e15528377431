import { afterAll, beforeAll, expect, test } from 'vitest';
import { Authenticator } from '../../src/access/authenticate.js';
import { newKeyText } from '../../src/access/key-text.js';
import { Database } from '../../src/database/database.js';
import { startTestHub, type TestHub, type TestOwner } from '../hub.js';

let hub: TestHub;
let owner: TestOwner;
let keys: Record<'unknown' | 'wrong_secret' | 'revoked' | 'expired', string>;
beforeAll(async () => {
  hub = await startTestHub();
  owner = await hub.owner();
  const [revoked, expired, guessed] = await Promise.all([1, 2, 3].map(() => owner.newKey(['customers:read'])));
  await setKey(revoked!, 'revoked_at = now()');
  await setKey(expired!, 'expires_at = now()');
  await setKey(guessed!, `public_id = 'guessedGUE'`);
  const stranger = newKeyText().text;
  keys = { unknown: newKeyText().text, wrong_secret: stranger, revoked: revoked!, expired: expired! };
  await setKey(guessed!, `public_id = '${stranger.split('_')[2]}'`, 'guessedGUE');
});
afterAll(() => hub.stop());

test('design C: a key that is unknown, wrong, revoked or expired costs the same statements, so time tells them apart for nobody', async () => {
  const asked = new Map<string, string[]>();
  for (const [reason, key] of Object.entries(keys)) {
    const { authenticator, statements } = watched();
    await expect(authenticator.identify(key, undefined)).rejects.toThrow('this key is unknown, revoked or expired');
    expect(authenticator.refused).toMatchObject({ [reason]: 1 });
    asked.set(reason, statements);
  }
  expect(new Set([...asked.values()].map(String)).size).toBe(1);
  expect([...asked.values()][0]).toHaveLength(1);
});

test('design C: a guess at a key in use costs what one at any other does, and takes nothing from who uses it', async () => {
  const { authenticator, statements } = watched();
  const key = await owner.newKey(['customers:read']);
  await authenticator.identify(key, undefined);
  const [, , publicId] = key.split('_');
  const other = newKeyText();
  await setKey(key, `public_id = '${other.publicId}'`); // so that a well-formed guess at it can be made
  await authenticator.identify(other.text, undefined).catch(() => undefined);
  expect(authenticator.refused.wrong_secret).toBe(1);
  const guessed = statements.length;
  await setKey(other.text, `public_id = '${publicId}'`);
  await authenticator.identify(key, undefined);
  expect(statements.length, 'the key is still trusted: nothing was asked').toBe(guessed);
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
  const other = newKeyText();
  const used = async () =>
    (await hub.clone.sql('SELECT last_used_at AS at FROM api_key WHERE public_id = $1', [other.publicId]))[0];
  await setKey(key, `public_id = '${other.publicId}'`);
  expect((await hub.request('{ viewer { name } }', {}, { key: other.text })).status).toBe(401);
  expect(await used()).toEqual({ at: null });
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

test('issue 8: of a thousand guesses at a key none succeeds, and each is counted', async () => {
  const { authenticator } = watched();
  const [, , publicId] = owner.key.split('_');
  const guesses = Array.from({ length: 1_000 }, () =>
    newKeyText().text.replace(/^(stam_live_)\w{10}/, `$1${publicId}`),
  );
  for (const guess of guesses)
    await expect(authenticator.identify(guess, undefined)).rejects.toThrow('this key is unknown, revoked or expired');
  const { malformed, wrong_secret, unknown } = authenticator.refused;
  expect(malformed + wrong_secret + unknown).toBe(1_000);
});

/** An authenticator of its own, and the names of the statements that it has sent. */
function watched(): { authenticator: Authenticator; statements: string[] } {
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
  return { authenticator: new Authenticator(db, null), statements };
}

/** Behind the hub's back, of the key with this text. */
async function setKey(key: string, change: string, publicId = key.split('_')[2]): Promise<void> {
  const changed = await hub.clone.sql(`UPDATE api_key SET ${change} WHERE public_id = $1 RETURNING id`, [publicId]);
  expect(changed).toHaveLength(1);
}

const metrics = async (): Promise<string> => (await fetch(`${hub.url}/metrics`)).text();

async function counted(): Promise<Record<string, number>> {
  const lines = (await metrics()).matchAll(/^stamdata_refused_callers_total\{reason="(\w+)"\} (\d+)$/gm);
  return Object.fromEntries([...lines].map(([, reason, count]): [string, number] => [reason!, Number(count)]));
}
