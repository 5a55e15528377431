import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { request } from 'undici';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createAddressGuard, type AddressGuard } from '../../src/webhook/address-guard.js';
import { resolveBy } from '../../src/webhook/resolve-name.js';
import { send } from '../../src/webhook/send.js';
import { startNameServer, type Records } from './name-server.js';

/** Names and what a real name server says of them; a list is told one after the other, and its last one for good. */
const zone = new Map<string, Records | Records[]>();
const publicIPv4 = '93.184.216.34';
const publicIPv6 = '2606:4700:0:0:0:0:0:1111';

let reached = 0;
const canary = createServer((_req, res) => res.end('you should not see this')).on('connection', () => (reached += 1));
let port: number;
let names: Awaited<ReturnType<typeof startNameServer>>;
const guards: AddressGuard[] = [];
beforeAll(async () => {
  await new Promise<void>((resolve) => canary.listen(0, '127.0.0.1', resolve));
  ({ port } = canary.address() as AddressInfo);
  names = await startNameServer((name) => {
    const records = zone.get(name) ?? {};
    if (!Array.isArray(records)) return records;
    return records.length > 1 ? records.shift()! : records[0]!;
  });
});
afterAll(async () => {
  await Promise.all(guards.map((guard) => guard.agent.destroy()));
  await names.stop();
  canary.closeAllConnections();
  await new Promise((resolve) => canary.close(resolve));
});

function guardOf(allowCidrs: string[] = []): AddressGuard {
  const guard = createAddressGuard({
    ...{ allowCidrs, allowHttp: true },
    resolve: (name) => resolveBy([names.address], name),
  });
  guards.push(guard);
  return guard;
}

const hook = (name: string) => ({ url: `http://${name}:${port}/`, method: 'POST', headers: {}, body: '{}' }) as const;
const full = (mapped: string) => `0:0:0:0:0:ffff:${mapped}`;

test.each<[string, Records]>([
  ['a-loopback.example', { a: ['127.0.0.1'] }],
  ['a-this-host.example', { a: ['0.0.0.0'] }],
  ['a-metadata.example', { a: ['169.254.169.254'] }],
  ['a-azure.example', { a: ['168.63.129.16'] }],
  ['a-private.example', { a: ['10.0.0.1'] }],
  ['aaaa-loopback.example', { aaaa: ['0:0:0:0:0:0:0:1'] }],
  ['aaaa-mapped.example', { aaaa: [full('7f00:1')] }],
  ['aaaa-compatible.example', { aaaa: ['0:0:0:0:0:0:7f00:1'] }],
  ['aaaa-siit.example', { aaaa: ['0:0:0:0:ffff:0:7f00:1'] }],
  ['aaaa-nat64.example', { aaaa: ['64:ff9b:0:0:0:0:7f00:1'] }],
  ['aaaa-6to4.example', { aaaa: ['2002:7f00:1:0:0:0:0:0'] }],
  ['aaaa-teredo.example', { aaaa: ['2001:0:0:0:0:0:80ff:fffe'] }],
  ['aaaa-unique-local.example', { aaaa: ['fd00:ec2:0:0:0:0:0:254'] }],
  ['aaaa-link-local.example', { aaaa: ['fe80:0:0:0:0:0:0:1'] }],
  ['mixed-a.example', { a: [publicIPv4, '127.0.0.1'] }],
  ['mixed-a-first.example', { a: ['127.0.0.1', publicIPv4] }],
  ['mixed-families.example', { a: [publicIPv4], aaaa: ['0:0:0:0:0:0:0:1'] }],
  ['mixed-families-other.example', { a: ['127.0.0.1'], aaaa: [publicIPv6] }],
  ['mixed-many.example', { a: [...Array.from({ length: 20 }, (_, i) => `93.184.216.${i}`), '127.0.0.1'] }],
  ['cname.example', { cname: 'a-loopback.example' }],
  ['cname-twice.example', { cname: 'cname.example' }],
  ['cname-private-name.example', { cname: 'localhost' }],
])('D 17: %s is refused, by whatever way it leads inside, and nothing arrives', async (name, records) => {
  zone.set(name, records);
  zone.set('a-loopback.example', { a: ['127.0.0.1'] });
  zone.set('cname.example', { cname: 'a-loopback.example' });
  zone.set('localhost', { a: ['127.0.0.1'], aaaa: ['0:0:0:0:0:0:0:1'] });
  const guard = guardOf();
  const before = reached;
  expect(guard.checkUrl(hook(name).url)).toBeNull(); // only its addresses give it away
  expect(await send(guard, hook(name))).toMatchObject({ ok: false, status: null, error: 'address not allowed' });
  expect(names.asked).toContain(`${name} 1`);
  expect(reached).toBe(before);
});

test('D 17: a name that turns inside between two attempts is asked anew and refused; within one it is asked once', async () => {
  // 127.0.0.2 stands for a public address: nobody listens there, and the operator has opened it.
  const guard = guardOf(['127.0.0.2/32']);
  zone.set('rebinding.example', [{ a: ['127.0.0.2'] }, { a: ['127.0.0.1'] }]);
  const before = reached;
  const asked = () => names.asked.filter((question) => question === 'rebinding.example 1').length;
  expect(await send(guard, hook('rebinding.example'))).toMatchObject({ ok: false, error: 'connection refused' });
  expect(asked()).toBe(1);
  for (const attempt of [2, 3]) {
    expect(await send(guard, hook('rebinding.example'))).toMatchObject({ ok: false, error: 'address not allowed' });
    expect(asked()).toBe(attempt);
  }
  expect(reached).toBe(before);
});

test('D 17: a connection that is kept alive is no way in for a name that has turned', async () => {
  const guard = guardOf(['127.0.0.1/32']);
  zone.set('kept.example', { a: ['127.0.0.1'] });
  const before = reached;
  expect(await send(guard, hook('kept.example'))).toMatchObject({ ok: true });
  zone.set('kept.example', { a: ['10.0.0.1'] });
  // The socket is still that of the address which was checked: it may serve, and no other is dialled.
  await send(guard, hook('kept.example'));
  expect(reached).toBe(before + 1);
});

test('D 17: names with public addresses pass, over each family, also behind other names', async () => {
  const dialled: string[] = [];
  const opened = guardOf(['127.0.0.1/32']);
  zone.set('good.example', { a: ['127.0.0.1'] });
  zone.set('good-behind.example', { cname: 'good.example' });
  zone.set('good-nat64.example', { aaaa: ['64:ff9b:0:0:0:0:5db8:d822'] });
  for (const name of ['good.example', 'good-behind.example']) {
    const answer = await request(hook(name).url, { dispatcher: opened.agent });
    dialled.push(await answer.body.text());
  }
  expect(dialled).toEqual(Array(2).fill('you should not see this'));
  expect(await resolveBy([names.address], 'good-nat64.example')).toEqual(['64:ff9b::5db8:d822']);
});

test('a name without an address, and a name server that says nothing: told within the deadline, as what it is', async () => {
  const guard = guardOf();
  const missing = await send(guard, hook('missing.example'));
  expect(missing).toMatchObject({ ok: false, status: null, endpointClass: true });
  expect(missing.error).not.toBe('address not allowed');
});
