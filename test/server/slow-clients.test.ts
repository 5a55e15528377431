import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestHub, type TestHub } from '../hub.js';

let hub: TestHub;
beforeAll(async () => {
  hub = await startTestHub({ env: { STAMDATA_ROLES: 'api' } });
});
afterAll(() => hub.stop());

/** Sends a beginning and nothing more; gives what came back when the hub has closed, and after how many seconds. */
function whatComes(beginning: string): Promise<{ answer: string; seconds: number }> {
  const since = performance.now();
  const { hostname, port } = new URL(hub.url);
  const socket = connect(Number(port), hostname);
  let answer = '';
  socket.setEncoding('utf8');
  socket.on('data', (text) => (answer += text.toString()));
  socket.on('error', () => undefined);
  socket.write(beginning);
  return new Promise((resolve) =>
    socket.once('close', () => resolve({ answer, seconds: (performance.now() - since) / 1_000 })),
  );
}

const head = 'GET /healthz HTTP/1.1\r\nhost: hub\r\n';

test('design C: who takes longer than 10 seconds for the head of a request is closed soon after', async () => {
  const slow = await Promise.all(Array.from({ length: 20 }, () => whatComes(head)));
  for (const { answer, seconds } of slow) {
    expect(answer).toContain('408 Request Timeout');
    expect(seconds).toBeGreaterThan(9);
    expect(seconds).toBeLessThan(28); // Node by itself looks once in 30 s
  }
}, 60_000);

test('design C: a head of more than 16 KiB is refused with 431', async () => {
  const { answer } = await whatComes(`${head}x: ${'y'.repeat(20_000)}\r\n\r\n`);
  expect(answer).toContain('431 Request Header Fields Too Large');
});
