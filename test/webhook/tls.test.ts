import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createAddressGuard } from '../../src/webhook/address-guard.js';
import { send } from '../../src/webhook/send.js';

// Made for this test, for hooks.example.com; good until 2126, for nothing else.
const key = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgrNfFJvUTMOcQUTPO
nKEHadcVIC3g01XdpEBHYzctyrShRANCAARFngJTqZJ2jsahJ/L3g5Rp2ODhm9Df
pAAhNt+J69cO17BUmyRan6J2wPr4ZpvmdbtjBlNkmsKt6dMQnSRJl9sh
-----END PRIVATE KEY-----`;
const cert = `-----BEGIN CERTIFICATE-----
MIIBrjCCAVOgAwIBAgIUXPXXjwPReO5zRT28UaBbmXyyfogwCgYIKoZIzj0EAwIw
HDEaMBgGA1UEAwwRaG9va3MuZXhhbXBsZS5jb20wIBcNMjYxMTIyMDkyNzQxWhgP
MjEyNjEwMjkwOTI3NDFaMBwxGjAYBgNVBAMMEWhvb2tzLmV4YW1wbGUuY29tMFkw
EwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAERZ4CU6mSdo7GoSfy94OUadjg4ZvQ36QA
ITbfievXDtewVJskWp+idsD6+Gab5nW7YwZTZJrCrenTEJ0kSZfbIaNxMG8wHQYD
VR0OBBYEFF5MJ04rsH2FUio/ZNjDa2GCoiemMB8GA1UdIwQYMBaAFF5MJ04rsH2F
Uio/ZNjDa2GCoiemMA8GA1UdEwEB/wQFMAMBAf8wHAYDVR0RBBUwE4IRaG9va3Mu
ZXhhbXBsZS5jb20wCgYIKoZIzj0EAwIDSQAwRgIhAKSXQizeHdZjuWuMwR8Veb/3
GtqnbMR6LpIk0PgB3/sjAiEA/tli6J0JBCdRTB3LXFoBf9GqNq1BmbdWX/DH7FAz
C+M=
-----END CERTIFICATE-----`;

const names: (string | null)[] = [];
const server = createServer(
  { key, cert, SNICallback: (name, done) => done(null, void names.push(name)) },
  (_req, res) => res.end('reached'),
);
const guard = createAddressGuard({
  allowCidrs: ['127.0.0.0/8'],
  allowHttp: true, // any port
  resolve: () => Promise.resolve(['127.0.0.1']),
});
beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
afterAll(async () => {
  await guard.agent.destroy();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

test('TLS asks for the name, not for the pinned address, and an unknown authority gets no request', async () => {
  let requests = 0;
  server.on('request', () => (requests += 1));
  const url = `https://hooks.example.com:${(server.address() as AddressInfo).port}/`;
  const result = await send(guard, { url, method: 'POST', headers: {}, body: '{}' });
  expect(result).toMatchObject({ ok: false, status: null, endpointClass: true });
  expect(result.error).toBe('TLS failed: DEPTH_ZERO_SELF_SIGNED_CERT');
  expect(names).toEqual(['hooks.example.com']);
  expect(requests).toBe(0);
});
