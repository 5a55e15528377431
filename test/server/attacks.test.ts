import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { attackByHttp, attackBySocket, type Attacked } from '../../bench/attack.js';
import { attacks } from '../../bench/attacks.js';
import { startTestHub, testSecret, type TestHub } from '../hub.js';

let hub: TestHub;
let attacked: Attacked;
beforeAll(async () => {
  hub = await startTestHub({ env: { NODE_ENV: 'production', STAMDATA_SECRET: testSecret } });
  const owner = await hub.owner();
  attacked = {
    url: `${hub.url}/graphql`,
    key: await owner.newKey(['customers:read', 'customers:write', 'changes:read']),
  };
});
afterAll(() => hub.stop());

describe('D18: what is refused over HTTP', () => {
  test.each(attacks.filter(({ http }) => http))('$name', async (attack) => {
    const { refused, status, text } = await attackByHttp(attacked, attack);
    expect(refused, `${status} ${text.slice(0, 300)}`).toBe(true);
  });
});

describe('D18: what is refused over a WebSocket', () => {
  test.each(attacks.filter(({ socket }) => socket !== undefined))('$name', async (attack) => {
    const { refused, status, text } = await attackBySocket(attacked, attack);
    expect(refused, `${status} ${text.slice(0, 300)}`).toBe(true);
  });
});

test('D18: the hub is healthy after all of them', async () => {
  expect((await fetch(`${hub.url}/readyz`)).status).toBe(200);
  const { data } = await hub.request('{ viewer { name } }', {}, { key: attacked.key });
  expect(data).toMatchObject({ viewer: {} });
  expect(hub.logged.filter(({ level }) => level === 'error')).toEqual([]);
});
