import { getIntrospectionQuery } from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestHub, type TestHub, type TestOwner } from '../hub.js';
import { bombs, sound } from './bombs.js';
import { overHttp, overWebSocket, type Ask } from './transports.js';

let hub: TestHub;
let owner: TestOwner;
const asks: Record<string, Ask> = {};
beforeAll(async () => {
  hub = await startTestHub({ env: { STAMDATA_ROLES: 'api' } });
  owner = await hub.owner();
  asks.HTTP = overHttp(hub, owner.key);
  asks.WebSocket = overWebSocket(hub, owner.key);
});
afterAll(() => hub.stop());

test.each(['HTTP', 'WebSocket'])('design C: each bomb is refused with its limit, over %s', async (transport) => {
  for (const { name, query, limit, code = 'GRAPHQL_VALIDATION_FAILED' } of bombs) {
    if (transport === 'WebSocket' && query.length > 60_000) continue; // no frame takes it
    const { errors, status } = await asks[transport]!({ query });
    expect(errors?.[0]?.extensions.code, `${name}: ${JSON.stringify(errors)}`).toBe(code);
    const told = errors![0]!.extensions.limit as { name: string; most: number } | undefined;
    expect(told?.name ?? null, name).toBe(limit);
    if (told) expect(errors![0]!.message, name).toContain(`at most ${told.most.toLocaleString('en')}`);
    if (status !== undefined) expect(status, name).toBe(200); // in plain JSON: see request-status.ts
  }
});

test.each(['HTTP', 'WebSocket'])('design C: what is sound passes, over %s', async (transport) => {
  for (const { name, query } of sound) {
    const { data, errors } = await asks[transport]!({ query });
    expect(errors, name).toBeUndefined();
    expect(data, name).toBeTruthy();
  }
});

test('design C: a document of many tokens is refused at the 1,001st, and one of 1,000 is read', async () => {
  const query = `{ viewer { ${'name '.repeat(60)} } } ${'fragment f on Viewer { name } '.repeat(10)}`;
  const { errors } = await asks.HTTP!({ query });
  expect(errors?.map(({ message }) => message).join()).not.toContain('tokens');
  expect(getIntrospectionQuery().split(/\s+/).length).toBeLessThan(1_000);
});

test('design C: no more than five errors of validation are told', async () => {
  const query = `{ viewer { ${Array.from({ length: 100 }, (_, i) => `unknown${i}`).join(' ')} } }`;
  for (const ask of Object.values(asks)) {
    const { errors } = await ask({ query });
    expect(errors!.length).toBeLessThanOrEqual(6);
    expect(errors!.at(-1)!.message).toContain('Too many validation errors');
  }
});
