import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestHub, type TestHub, type TestOwner } from '../hub.js';

let hub: TestHub;
let owner: TestOwner;
let reader: string;
beforeAll(async () => {
  hub = await startTestHub();
  owner = await hub.owner();
  reader = await owner.newKey(['customers:read']);
});
afterAll(() => hub.stop());

const good = JSON.stringify({ query: '{ viewer { name } }' });
const post = (body: NonNullable<RequestInit['body']>, headers: Record<string, string> = {}, key = reader) =>
  fetch(`${hub.url}/graphql`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
    body,
  });
const errorOf = async (response: Response) => {
  const { errors } = (await response.json()) as { errors: { message: string; extensions: { code: string } }[] };
  expect(errors).toHaveLength(1);
  return { status: response.status, code: errors[0]!.extensions.code, message: errors[0]!.message };
};

test.each([
  ['{"query": "{ viewer { name } }", "variables": {"password": hunter2}}', /it breaks at character 59$/],
  ['{"query": "{ viewer', /it ends too early/],
  ['', /it ends too early/],
  ["{'query': 'hunter2'}", /it breaks at character 1$/],
  ['hunter2', /it breaks at character 0$/],
  ['{"a": 1}}', /it breaks at character 8$/],
])('design C: %s is 400 with the place, and nothing of its text comes back', async (body, place) => {
  const { status, code, message } = await errorOf(await post(body));
  expect([status, code]).toEqual([400, 'BAD_USER_INPUT']);
  expect(message).toMatch(place);
  expect(message).not.toMatch(/hunter2|viewer|query/);
});

test('design C: what is not UTF-8 is refused, a byte order mark is not minded', async () => {
  const latin1 = Buffer.from('{"query": "{ viewer { name } } # caf\xe9"}', 'latin1');
  expect(await errorOf(await post(latin1))).toMatchObject({ status: 400, message: 'the body is not UTF-8' });
  expect((await post(`\uFEFF${good}`)).status).toBe(200);
});

test.each([
  [{ 'content-type': 'text/plain' }],
  [{ 'content-type': 'application/x-www-form-urlencoded' }],
  [{ 'content-type': 'multipart/form-data; boundary=x' }],
  [{ 'content-type': 'application/graphql' }],
  [{ 'content-type': '' }],
  [{ 'content-type': 'application/json; charset=utf-16' }],
  [{ 'content-type': 'application/json;charset=ISO-8859-1' }],
  [{ 'content-encoding': 'gzip' }],
  [{ 'content-encoding': 'br' }],
])('design C: %j is 415', async (headers) => {
  expect(await errorOf(await post(good, headers as Record<string, string>))).toMatchObject({
    status: 415,
    code: 'BAD_USER_INPUT',
  });
});

test.each([
  'application/json',
  'Application/JSON; charset=UTF-8',
  'application/json;charset="utf-8"',
  'application/json; charset=utf8; v=1',
])('design C: content-type %s is taken', async (type) => {
  expect((await post(good, { 'content-type': type })).status).toBe(200);
});

test('design C: 256 KiB for most keys, 32 MiB for those that may send bulk', async () => {
  const sized = (bytes: number) => good.padEnd(bytes, ' ');
  expect((await post(sized(256 * 1024))).status).toBe(200);
  expect(await errorOf(await post(sized(256 * 1024 + 1)))).toMatchObject({ status: 413, code: 'BAD_USER_INPUT' });
  for (const scope of ['customers:bulk', 'orders:write', 'bookings:write'] as const)
    expect((await post(sized(256 * 1024 + 1), {}, await owner.newKey([scope]))).status, scope).toBe(200);
  expect((await post(sized(32 * 1024 * 1024 + 1), {}, owner.key)).status).toBe(413);
});

test('design C: a body that grows without a length is cut off at the limit', async () => {
  const sent = await new Promise<{ status: number; bytes: number }>((resolve) => {
    let bytes = 0;
    let status = 0;
    const request = httpRequest(`${hub.url}/graphql`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${reader}`,
        'content-type': 'application/json',
        'transfer-encoding': 'chunked',
      },
    });
    const done = () => resolve({ status, bytes });
    request.on('response', (response) => {
      status = response.statusCode ?? 0;
      response.resume();
      response.once('close', done);
    });
    request.on('error', done); // cut off while it was still writing
    const chunk = Buffer.alloc(64 * 1024, 32);
    const write = () => {
      if (status > 0 || request.destroyed || bytes > 100 * 1024 * 1024) return void request.end();
      bytes += chunk.length;
      request.write(chunk, () => setImmediate(write));
    };
    write();
  });
  expect([0, 413]).toContain(sent.status);
  expect(sent.bytes).toBeLessThan(8 * 1024 * 1024);
});

test('design C: who has no key is told so before the body is read', async () => {
  const response = await fetch(`${hub.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'text/plain' },
    body: 'x'.repeat(300_000),
  });
  expect(response.status).toBe(401);
});

test('design C: a header block over 16 KiB is refused', async () => {
  const response = await post(good, { 'x-long': 'x'.repeat(17 * 1024) });
  expect(response.status).toBe(431);
});

test('design C: a client that goes away in the middle of its body is no fault of the hub', async () => {
  const before = hub.logged.length;
  await new Promise<void>((resolve) => {
    const request = httpRequest(`${hub.url}/graphql`, {
      method: 'POST',
      headers: { authorization: `Bearer ${reader}`, 'content-type': 'application/json', 'content-length': '1000' },
    });
    request.on('error', () => resolve());
    request.write('{"query": ', () => setTimeout(() => request.destroy(), 50));
    request.on('close', () => resolve());
  });
  expect((await post(good)).status).toBe(200);
  const errors = hub.logged.slice(before).filter(({ level }) => level === 'error');
  expect(errors).toEqual([]);
});
