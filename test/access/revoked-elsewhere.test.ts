import { createClient } from 'graphql-ws';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import WebSocket from 'ws';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startTestHub, testSecret, type TestHub } from '../hub.js';
import { cli, command, endStarted } from '../process/command.js';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 }); // two processes of the hub, on a machine that may be busy

/** What is promised: a request that begins this long after the revocation is refused by every process. */
const promisedMs = 5_000;

let hub: TestHub;
let home: string;
let env: Record<string, string>;
let urls: string[];
beforeAll(async () => {
  hub = await startTestHub();
  home = mkdtempSync(join(tmpdir(), 'stamdata-revoked-'));
  env = { DATABASE_URL: hub.clone.url, STAMDATA_DATA_DIR: home, STAMDATA_SECRET: testSecret };
  const processes = [1, 2].map(() =>
    command('dist/src/main.js', [], { ...env, PORT: '0', STAMDATA_ROLES: 'api', LOG_LEVEL: 'error' }),
  );
  const ready = await Promise.all(processes.map((one) => one.line(/^stamdata is ready at /)));
  urls = ready.map((line) => /http:\S+/.exec(line)![0]);
});
afterAll(async () => {
  await endStarted();
  await hub.stop();
  rmSync(home, { recursive: true, force: true });
});

test('design C: a key that is revoked by another process is refused by every one within 5 s, and its sockets are closed with 4403', async () => {
  const owner = await hub.owner();
  const key = await owner.newKey(['customers:read', 'changes:read']);
  const closed = Promise.all(urls.map((url) => closeOf(url, key)));
  const trusting = urls.map((url) => askUntilRefused(url, key));
  await Promise.all(trusting.map(({ begun }) => begun));
  const [{ id } = { id: '' }] = await hub.clone.sql<{ id: string }>('SELECT id FROM api_key WHERE public_id = $1', [
    key.split('_')[2],
  ]);
  expect(await cli(['key', 'revoke', id], env)).toMatchObject({ code: 0, stderr: '' });
  const revokedAt = performance.now();
  const lastTaken = await Promise.all(trusting.map(({ lastTakenAt }) => lastTakenAt));
  for (const at of lastTaken) expect(at - revokedAt).toBeLessThan(promisedMs);
  expect(await closed).toEqual([4403, 4403]);
});

/** Asks again and again; `lastTakenAt`: when the last request began that was answered. */
function askUntilRefused(url: string, key: string): { begun: Promise<void>; lastTakenAt: Promise<number> } {
  let began: () => void;
  const begun = new Promise<void>((resolve) => (began = resolve));
  const ask = async () => {
    let last = 0;
    for (;;) {
      const at = performance.now();
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
        body: JSON.stringify({ query: '{ viewer { name } }' }),
      });
      await response.text();
      if (response.status === 401) return last;
      expect(response.status).toBe(200);
      began();
      last = at;
    }
  };
  return { begun, lastTakenAt: ask() };
}

/** The code with which a subscriber's socket is closed. */
function closeOf(url: string, key: string): Promise<number> {
  return new Promise((resolve) => {
    const client = createClient({
      url: `${url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { authorization: `Bearer ${key}` },
      retryAttempts: 0,
      on: { closed: (event) => resolve((event as { code: number }).code) },
    });
    client.subscribe(
      { query: 'subscription { customerSnapshots { cursor } }' },
      { next: () => undefined, error: () => undefined, complete: () => undefined },
    );
  });
}
