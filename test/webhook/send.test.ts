import { afterAll, afterEach, expect, test } from 'vitest';
import { createAddressGuard } from '../../src/webhook/address-guard.js';
import { bodyOf, eventType } from '../../src/webhook/message.js';
import { send } from '../../src/webhook/send.js';
import { EventReason } from '../../src/event-reason.js';
import { answering, startReceiver, type Behaviour, type Receiver } from './receiver.js';

const guard = createAddressGuard({ allowCidrs: ['127.0.0.0/8'], allowHttp: true });
const receivers: Receiver[] = [];
afterEach(() => Promise.all(receivers.splice(0).map((receiver) => receiver.close())));
afterAll(() => guard.agent.destroy());

async function sendTo(behave: Behaviour, deadlineMs = 400) {
  const receiver = await startReceiver(behave);
  receivers.push(receiver);
  const started = performance.now();
  const outgoing = {
    url: receiver.url,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  } as const;
  const result = await send(guard, outgoing, { deadlineMs });
  return { result, tookMs: performance.now() - started, receiver };
}

test('2xx is success; the beginning of the answer is kept without what is personal', async () => {
  const answer = 'ok ada@example.com +45 12 34 56 78 \u0000 whsec_c2VjcmV0';
  const { result } = await sendTo(answering(201, answer));
  expect(result).toMatchObject({ ok: true, status: 201, error: null, endpointClass: false });
  expect(result.responseHead).toBe('ok [redacted] [redacted] \uFFFD [redacted]');
});

test.each([
  [400, false],
  [404, false],
  [409, false],
  [422, false],
  [301, true],
  [401, true],
  [403, true],
  [408, true],
  [429, true],
  [500, true],
  [503, true],
])('%i is a failure; the endpoint is to blame: %s', async (status, endpointClass) => {
  const { result } = await sendTo(answering(status));
  expect(result).toMatchObject({ ok: false, status, endpointClass, error: `answered ${status}`, timedOut: false });
});

test('a redirect is not followed', async () => {
  const target = await startReceiver();
  receivers.push(target);
  const { result } = await sendTo(answering(302, '', { location: target.url }));
  expect(result).toMatchObject({ ok: false, status: 302, endpointClass: true });
  expect(target.requests).toHaveLength(0);
});

test('a receiver that hangs before its answer is cut off at the deadline', async () => {
  const { result, tookMs } = await sendTo(() => undefined);
  expect(result).toMatchObject({
    ok: false,
    status: null,
    error: 'timed out after 0.4 s',
    timedOut: true,
    endpointClass: true,
  });
  expect(tookMs).toBeLessThan(900);
});

test('a receiver that drips its answer is cut off at the deadline', async () => {
  const { result, tookMs } = await sendTo((_request, res) => {
    res.writeHead(200);
    const drip = setInterval(() => res.write('.'), 20);
    res.on('close', () => clearInterval(drip));
  });
  expect(result).toMatchObject({ ok: false, timedOut: true, endpointClass: true });
  expect(tookMs).toBeLessThan(900);
});

test('of an endless answer only the beginning is read', async () => {
  let sent = 0;
  let closed!: Promise<void>;
  const { result } = await sendTo((_request, res) => {
    closed = new Promise((resolve) => res.on('close', resolve));
    res.writeHead(200);
    const chunk = Buffer.alloc(64 * 1024, 'x');
    const more = () => {
      while (!res.destroyed && res.write(chunk)) sent += chunk.length;
    };
    res.on('drain', more);
    more();
  }, 5_000);
  expect(result).toMatchObject({ ok: true, status: 200 });
  expect(Buffer.byteLength(result.responseHead!)).toBeLessThanOrEqual(4_096);
  await closed;
  // What fits into the sockets' buffers, far from endless.
  expect(sent).toBeLessThan(32 * 1024 * 1024);
});

test('a compressed answer is not unpacked', async () => {
  const { result } = await sendTo(answering(200, 'not really gzip', { 'content-encoding': 'gzip' }));
  expect(result).toMatchObject({ ok: true, responseHead: 'not really gzip' });
});

test('an answer that breaks off is a failure of the endpoint', async () => {
  const { result } = await sendTo((_request, res) => {
    res.writeHead(200, { 'content-length': '100' });
    res.write('half', () => res.destroy());
  });
  expect(result).toMatchObject({ ok: false, endpointClass: true, timedOut: false });
});

test('headers beyond 16 KiB are refused', async () => {
  const { result } = await sendTo((_request, res) => {
    res.socket!.end(`HTTP/1.1 200 OK\r\nx-long: ${'x'.repeat(40_000)}\r\ncontent-length: 0\r\n\r\n`);
  });
  expect(result).toMatchObject({ ok: false, endpointClass: true });
});

test('nobody listens', async () => {
  const receiver = await startReceiver();
  await receiver.close();
  const result = await send(guard, { url: receiver.url, method: 'POST', headers: {}, body: '{}' });
  expect(result).toMatchObject({ ok: false, status: null, error: 'connection refused', endpointClass: true });
});

test('an address that is refused tells no more than that, and nothing arrives', async () => {
  const receiver = await startReceiver();
  receivers.push(receiver);
  const closed = createAddressGuard({ allowCidrs: [], allowHttp: true });
  const result = await send(closed, { url: receiver.url, method: 'POST', headers: {}, body: '{}' });
  expect(result).toMatchObject({ ok: false, status: null, error: 'address not allowed', endpointClass: true });
  expect(receiver.requests).toHaveLength(0);
  await closed.agent.destroy();
});

test('a signal ends a request at once', async () => {
  const receiver = await startReceiver(() => undefined);
  receivers.push(receiver);
  const abort = new AbortController();
  const sending = send(guard, { url: receiver.url, method: 'POST', headers: {}, body: '{}' }, { signal: abort.signal });
  await receiver.until((requests) => requests.length === 1);
  abort.abort();
  expect(await sending).toMatchObject({ ok: false, timedOut: false });
});

test('Retry-After is read, as seconds and as a date', async () => {
  const seconds = await sendTo(answering(429, '', { 'retry-after': '120' }));
  expect(seconds.result.retryAfterSeconds).toBe(120);
  const date = await sendTo(answering(503, '', { 'retry-after': new Date(Date.now() + 90_000).toUTCString() }));
  expect(date.result.retryAfterSeconds).toBeGreaterThan(85);
  expect(date.result.retryAfterSeconds).toBeLessThanOrEqual(91);
});

test('the type of an event follows its reasons', () => {
  const { CREATED, UPDATED, TAG, CLOCK, EXCLUDED, INCLUDED, ERASED, MERGED } = EventReason;
  expect(eventType([CREATED])).toBe('customer.created');
  expect(eventType([TAG, CREATED])).toBe('customer.created');
  expect(eventType([CREATED, EXCLUDED])).toBe('customer.excluded');
  expect(eventType([INCLUDED])).toBe('customer.included');
  expect(eventType([UPDATED, ERASED])).toBe('customer.erased');
  expect(eventType([MERGED, UPDATED])).toBe('customer.merged');
  expect(eventType([CLOCK])).toBe('customer.clock');
  expect(eventType([CLOCK, TAG])).toBe('customer.updated');
});

test('a body above 256 KiB goes without its snapshot and says so', () => {
  const base = { type: 'customer.updated', at: new Date(0), customerId: '1', version: 2, reasons: [EventReason.TAG] };
  const snapshot = (name: string) => JSON.stringify({ name });
  expect(JSON.parse(bodyOf(base, snapshot('x')))).toEqual({
    type: 'customer.updated',
    timestamp: '1970-01-01T00:00:00.000Z',
    data: { customerId: '1', version: 2, reasons: ['TAG'], snapshot: { name: 'x' } },
  });
  const thin = bodyOf(base, snapshot('x'.repeat(256 * 1024)));
  expect((JSON.parse(thin) as { data: object }).data).toEqual({
    ...{ customerId: '1', version: 2, reasons: ['TAG'] },
    ...{ snapshot: null, truncated: true },
  });
});
