import { expect, test } from 'vitest';
import { sources } from './sources.js';

/** What a person runs in a terminal: it talks to the hub that this person names. */
const clients = ['ask-hub.ts', 'demo/demo-client.ts'];
/**
 * The operator's own issuer of tokens: an address of the configuration, as the database's is, which may well be private. No
 * tenant chooses any part of it.
 */
const issuer = 'access/issuer-documents.ts';
/** What clients do, for a file that is too long for `fetch`, which gives up on an answer after five minutes. */
const fileSender = 'import-command/send-file.ts';

const using = (pattern: RegExp): string[] => sources.filter(({ text }) => pattern.test(text)).map(({ path }) => path);

test("B.9.7: every request of the hub leaves by send.ts, and so by the guard's own connections", () => {
  expect(using(/import (?!type\b)[^;]*from 'undici'/)).toEqual(['webhook/address-guard.ts']);
  expect(using(/\.dispatch\(/)).toEqual(['webhook/exchange.ts']);
  expect(using(/\bexchange\(/)).toEqual(['webhook/exchange.ts', 'webhook/send.ts']);
  const { text } = sources.find(({ path }) => path === 'webhook/send.ts')!;
  expect(text).toMatch(/guard\.checkUrl\([^]*exchange\(guard\.agent, /);
  expect(using(/\bnew (Agent|Pool|ProxyAgent|EnvHttpProxyAgent)\b/)).toEqual(['webhook/address-guard.ts']);
});

test('B.9.7: nothing of the hub knows another way out', () => {
  expect(using(/= (await )?fetch\(|return fetch\(|\(fetch\(|globalThis\.fetch|new EventSource\b/)).toEqual([
    issuer,
    ...clients,
  ]);
  expect(using(/\bimport (?!type\b)[^;]*\b(request|get|Agent)\b[^;]*from 'node:https?'/)).toEqual([fileSender]);
  expect(using(/\bimport (?!type\b)[^;]*from 'node:(https|http2|tls|dgram)'/)).toEqual([fileSender]);
  expect(using(/\bimport (?!type\b)[^;]*\b(connect|createConnection|Socket)\b[^;]*from 'node:net'/)).toEqual([
    'database/embedded/previous-server.ts', // asks PostgreSQL's own socket whether somebody is there
  ]);
  expect(using(/from 'node:dns/)).toEqual(['webhook/resolve-name.ts']);
  expect(using(/\bimport WebSocket from 'ws'/)).toEqual(['demo/demo-client.ts', 'listen.ts']);
});

test('B.9.7: whoever sends for a tenant is given the guard that the composition root made', () => {
  expect(using(/\bcreateAddressGuard\(/)).toEqual(['outward.ts', 'webhook/address-guard.ts']);
  expect(using(/\bsend\(\s*(this\.)?(hub\.)?guard\b/).length).toBeGreaterThanOrEqual(4);
});
