import { serverAudits } from 'graphql-http';
import { afterAll, beforeAll, expect, test, vi, type MockInstance } from 'vitest';
import { KnownAnswers } from '../../src/server/known-answers.js';
import { startTestHub, type TestHub } from '../hub.js';

let hub: TestHub;
let key: string;
let answer: MockInstance<KnownAnswers['answer']>;
beforeAll(async () => {
  hub = await startTestHub({ env: { STAMDATA_ROLES: 'api', NODE_ENV: 'production' } });
  key = await (await hub.owner()).newKey(['schema:read']); // the suite asks for __type
  answer = vi.spyOn(KnownAnswers.prototype, 'answer');
});
afterAll(async () => {
  answer.mockRestore();
  await hub.stop();
});

/** What the suite has to say about a hub, but for "ok": nothing. */
async function complaints(headers: Record<string, string> = {}): Promise<string[]> {
  const audits = serverAudits({
    url: `${hub.url}/graphql`,
    fetchFn: (url: string, init: RequestInit = {}) =>
      fetch(url, { ...init, headers: { ...headers, ...init.headers, authorization: `Bearer ${key}` } }),
  });
  expect(audits).toHaveLength(61);
  const results = await Promise.all(audits.map(({ fn }) => fn()));
  return results.flatMap((one) => (one.status === 'ok' ? [] : [`${one.id} ${one.name}: ${one.status}, ${one.reason}`]));
}

/** How many of the last answers went past Apollo. */
async function knownOnes(): Promise<number> {
  const answers = await Promise.all(answer.mock.results.map((result) => result.value as Promise<string | null>));
  answer.mockClear();
  return answers.filter((one) => one !== null).length;
}

test('issue 8.4: GraphQL over HTTP, all 61 audits without an error, a warning or a notice', async () => {
  expect(await complaints()).toEqual([]);
});

test('issue 8.4: and again when its queries were answered before, past Apollo', async () => {
  await complaints();
  await knownOnes();
  expect(await complaints()).toEqual([]);
  expect(await knownOnes()).toBeGreaterThan(15);
});
