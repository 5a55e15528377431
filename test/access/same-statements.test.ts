import { afterAll, beforeAll, expect, test } from 'vitest';
import { cloneDatabase, type Clone } from '../database-clone.js';
import { startTestHub, type TestHub } from '../hub.js';
import { attemptsOn, type Attempt } from './attempts.js';
import { lettersWith, type Letter } from './deeds.js';
import { furnishedOwner, type FurnishedOwner } from './furnished-owner.js';
import { unknown, type Names } from './names.js';
import { watchStatements } from './sent-statements.js';

let clone: Clone;
let hub: TestHub;
let sent: ReturnType<typeof watchStatements>;
let victim: FurnishedOwner;
let me: FurnishedOwner;
beforeAll(async () => {
  clone = await cloneDatabase();
  const whole = await startTestHub({ clone });
  [victim, me] = [await furnishedOwner(whole, 'alpha'), await furnishedOwner(whole, 'beta')];
  await whole.stop();
  sent = watchStatements();
  hub = await startTestHub({ clone, env: { STAMDATA_ROLES: 'api' } }); // without machines that send by themselves
});
afterAll(async () => {
  sent.stop();
  await hub.stop();
  await clone.drop();
});

test('issue 8.2: a foreign name and one that there never was send the same statements, so time cannot tell them apart', async () => {
  const all = (names: Names) => [...attemptsOn(me, names), ...lettersWith('delta', me.key, names)];
  const never = all(unknown);
  let statements = 0;
  for (const [i, foreign] of all(victim).entries()) {
    for (const deed of [foreign, never[i]!]) await statementsOf(deed); // so that both come again, which the hub knows
    const [found, missed] = [await statementsOf(foreign), await statementsOf(never[i]!)];
    expect(found, JSON.stringify(foreign)).toEqual(missed);
    statements += found.length;
  }
  expect(statements, 'transactions were seen').toBeGreaterThan(100);
});

test('issue 8.2: what is its own sends other ones, so the test above can fail', async () => {
  const [own, never] = [attemptsOn(me, me), attemptsOn(me, unknown)];
  const reads = own.flatMap((attempt, i) => (/^(customer|updateCustomer)$/.test(attempt.field) ? [i] : []));
  let different = 0;
  for (const i of reads) if (String(await statementsOf(own[i]!)) !== String(await statementsOf(never[i]!))) different++;
  expect(different).toBeGreaterThan(0);
});

/** The transactions of a deed, but for the look-up of its key: a process trusts one for two seconds. */
async function statementsOf(deed: Attempt | Letter): Promise<string[]> {
  sent.taken();
  if ('query' in deed) await hub.request(deed.query, deed.variables, { key: me.key });
  else
    await fetch(`${hub.url}${deed.path}`, {
      method: deed.body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${me.key}`, ...(deed.type ? { 'content-type': deed.type } : {}) },
      ...(deed.body === undefined ? {} : { body: deed.body }),
    }).then((response) => response.text());
  return sent.taken().filter((transaction) => !transaction.includes('findKey'));
}
