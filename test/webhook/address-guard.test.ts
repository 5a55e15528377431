import fc from 'fast-check';
import { createServer } from 'node:http';
import { BlockList, isIP, type AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { request } from 'undici';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createAddressGuard, type AddressGuard } from '../../src/webhook/address-guard.js';
import { createAddressRule } from '../../src/webhook/address-rule.js';

let arrived = 0;
const canary = createServer((_req, res) => {
  arrived += 1;
  res.end('you should not see this');
});
canary.on('connection', () => (arrived += 1));
let port = 0;
const guards: AddressGuard[] = [];

beforeAll(async () => {
  await new Promise<void>((resolve) => canary.listen(0, '127.0.0.1', resolve));
  port = (canary.address() as AddressInfo).port;
});
afterAll(async () => {
  await Promise.all(guards.map((guard) => guard.agent.destroy()));
  await new Promise((resolve) => canary.close(resolve));
});

function guardOf(options: Partial<Parameters<typeof createAddressGuard>[0]> = {}): AddressGuard {
  const guard = createAddressGuard({ allowCidrs: [], allowHttp: true, ...options });
  guards.push(guard);
  return guard;
}

const refusedHosts = [
  ...['127.0.0.1', '127.1', '0x7f.1', '0x7f000001', '2130706433', '0177.0.0.1', '017700000001', '127.0.0.1.'],
  ...['１２７.0.0.1', '127。0。0。1', '%31%32%37.0.0.1', '0', '0.0.0.0', '10.0.0.1', '100.64.0.1', '169.254.169.254'],
  ...[
    '172.16.0.1',
    '172.31.255.255',
    '192.0.0.8',
    '192.0.2.1',
    '192.88.99.1',
    '192.168.1.1',
    '198.18.0.1',
    '198.51.100.7',
  ],
  ...['203.0.113.9', '224.0.0.1', '240.0.0.1', '255.255.255.255', '168.63.129.16', '100.100.100.200'],
  ...['[::]', '[::1]', '[0:0:0:0:0:0:0:1]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[::127.0.0.1]', '[::7f00:1]'],
  ...[
    '[::a9fe:a9fe]',
    '[::5efe:7f00:1]',
    '[1::1]',
    '[64:ff9b::7f00:1]',
    '[64:ff9b::169.254.169.254]',
    '[64:ff9b:1::1]',
  ],
  ...[
    '[64:ff9b:0:1::1]',
    '[::ffff:0:127.0.0.1]',
    '[100::1]',
    '[2001::1]',
    '[2001:db8::1]',
    '[2002:7f00:1::]',
    '[3fff::1]',
  ],
  ...['[4000::1]', '[5f00::1]', '[8000::1]', '[fc00::1]', '[fd00:ec2::254]', '[fe80::1]', '[fec0::1]', '[ff02::1]'],
  ...[
    'localhost',
    'LOCALHOST',
    'localhost.',
    'a.localhost',
    'printer.local',
    'db.internal',
    'metadata.google.internal',
  ],
  ...['intranet', 'intranet.', 'a..example.com'],
];

test.each(refusedHosts)('%s is refused, in a URL and when connecting', async (host) => {
  const guard = guardOf({ resolve: () => Promise.resolve(['127.0.0.1']) });
  const url = `http://${host}:${port}/`;
  expect(guard.checkUrl(url)).not.toBeNull();
  const before = arrived;
  // Past checkUrl, as if the URL had been stored by somebody else: the connection itself is guarded.
  if (URL.canParse(url)) await expect(request(url, { dispatcher: guard.agent })).rejects.toThrow('address not allowed');
  expect(arrived).toBe(before);
});

test.each([
  'https://example.com/hook?x=1',
  'https://example.com:8443/',
  'https://EXAMPLE.com./',
  'https://xn--bcher-kva.example/',
  'https://93.184.216.34/',
  'https://[2606:4700::1111]/',
  'https://[64:ff9b::5db8:d822]/',
])('%s passes', (url) => {
  expect(guardOf({ allowHttp: false }).checkUrl(url)).toBeNull();
});

test.each([
  ['http://example.com/', 'https'],
  ['ftp://example.com/', 'https'],
  ['javascript:alert(1)', 'https'],
  ['https://user@example.com/', 'user name'],
  ['https://:secret@example.com/', 'user name'],
  ['https://example.com/#part', 'fragment'],
  ['https://example.com/#', 'fragment'],
  ['https://example.com:22/', 'port'],
  ['https://example.com:80/', 'port'],
  ['https://[fe80::1%25eth0]/', 'not a URL'],
  ['https://example.com:99999/', 'not a URL'],
  ['//example.com/', 'not a URL'],
  ['', 'not a URL'],
  [`https://example.com/${'x'.repeat(2_048)}`, '2048'],
  [`https://${'a'.repeat(63)}.${'a'.repeat(63)}.${'a'.repeat(63)}.${'a'.repeat(63)}.com/`, '253'],
])('%s does not pass', (url, why) => {
  expect(guardOf({ allowHttp: false }).checkUrl(url)).toContain(why);
});

test('with plain http any port is allowed, private addresses still are not', () => {
  const guard = guardOf();
  expect(guard.checkUrl('http://example.com:8123/')).toBeNull();
  expect(guard.checkUrl('http://10.0.0.1:8123/')).toBe('address not allowed');
});

test('one forbidden answer among good ones forbids the name', async () => {
  for (const answers of [
    ['93.184.216.34', '127.0.0.1'],
    ['127.0.0.1', '93.184.216.34'],
    ['2606:4700::1111', '::1'],
  ]) {
    const before = arrived;
    const guard = guardOf({ resolve: () => Promise.resolve(answers) });
    const url = `http://mixed.example:${port}/`;
    expect(guard.checkUrl(url)).toBeNull();
    await expect(request(url, { dispatcher: guard.agent })).rejects.toThrow('address not allowed');
    expect(arrived).toBe(before);
  }
});

test('a name that turns to another address between two attempts is judged anew, and never resolved twice for one', async () => {
  const answers = [['127.0.0.2'], ['127.0.0.1'], ['169.254.169.254']];
  let asked = 0;
  // The first answer is allowed here, as a public one would be in production; then the name rebinds.
  const guard = guardOf({ allowCidrs: ['127.0.0.2/32'], resolve: () => Promise.resolve(answers[asked++]!) });
  const before = arrived;
  const url = `http://rebinding.example:${port}/`;
  await expect(request(url, { dispatcher: guard.agent })).rejects.toThrow('ECONNREFUSED'); // nobody listens at 127.0.0.2
  expect(asked).toBe(1);
  await expect(request(url, { dispatcher: guard.agent })).rejects.toThrow('address not allowed');
  await expect(request(url, { dispatcher: guard.agent })).rejects.toThrow('address not allowed');
  expect(asked).toBe(3);
  expect(arrived).toBe(before);
});

test('an allowed name reaches the pinned address, under its own name', async () => {
  const hosts: (string | undefined)[] = [];
  const server = createServer((req, res) => res.end(void hosts.push(req.headers.host)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const open = (server.address() as AddressInfo).port;
  const guard = guardOf({ allowCidrs: ['127.0.0.0/8'], resolve: () => Promise.resolve(['127.0.0.1']) });
  const answer = await request(`http://hooks.example.com:${open}/`, { dispatcher: guard.agent });
  await answer.body.dump();
  expect(hosts).toEqual([`hooks.example.com:${open}`]);
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

test('what the operator allows is allowed, but for metadata services and the addresses of this machine', () => {
  const rule = createAddressRule(['0.0.0.0/0', '::/0']);
  for (const address of ['10.1.2.3', '127.0.0.1', '192.168.0.1', '::1', 'fd12::1']) expect(rule(address)).toBe(true);
  const never = ['169.254.169.254', 'fd00:ec2::254', '168.63.129.16', '100.100.100.200'];
  const spelledOtherwise = ['::ffff:169.254.169.254', '64:ff9b::a9fe:a9fe', '::169.254.169.254', 'fe80::1%eth0'];
  const own = Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .filter((address) => !address.internal);
  for (const address of [...never, ...spelledOtherwise, ...own.map((address) => address.address)])
    expect(rule(address), address).toBe(false);
});

test('an allowed network opens only itself', () => {
  const rule = createAddressRule(['10.8.0.0/16', 'fd12:3456::/32']);
  expect(['10.8.1.1', 'fd12:3456::1', '64:ff9b::a08:101'].map(rule)).toEqual([true, true, true]);
  expect(['10.9.1.1', '127.0.0.1', 'fd12:3457::1', '::ffff:10.8.1.1', '64:ff9b::a09:101'].map(rule)).toEqual(
    Array(5).fill(false),
  );
});

test('random addresses: the rule agrees with a second implementation', () => {
  const rule = createAddressRule([]);
  const refused = secondImplementation();
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6(), interestingIPv6), (address) => {
      expect(rule(address), address).toBe(refused(address));
    }),
    { numRuns: 20_000 },
  );
});

const hextet = fc.integer({ min: 0, max: 0xffff }).map((n) => n.toString(16));
const interestingIPv6 = fc
  .tuple(
    fc.constantFrom('2001', '2002', '2001:db8', '3fff', '64:ff9b:0:0:0:0', '0:0:0:0:0:ffff', '2600'),
    fc.array(hextet, { minLength: 8, maxLength: 8 }),
  )
  .map(([prefix, rest]) => {
    const groups = prefix.split(':');
    return [...groups, ...rest.slice(0, 8 - groups.length)].join(':');
  });

/** The same rule by Node's own BlockList and bit arithmetic on the expanded address. */
function secondImplementation(): (address: string) => boolean {
  const v4 = new BlockList();
  for (const [net, bits] of [
    ['0.0.0.0', 8],
    ['10.0.0.0', 8],
    ['100.64.0.0', 10],
    ['127.0.0.0', 8],
    ['169.254.0.0', 16],
    ['172.16.0.0', 12],
    ['192.0.0.0', 24],
    ['192.0.2.0', 24],
    ['192.88.99.0', 24],
    ['192.168.0.0', 16],
    ['198.18.0.0', 15],
    ['198.51.100.0', 24],
    ['203.0.113.0', 24],
    ['224.0.0.0', 4],
    ['240.0.0.0', 4],
  ] as const)
    v4.addSubnet(net, bits);
  v4.addAddress('168.63.129.16');
  return (address) => {
    if (isIP(address) === 4) return !v4.check(address);
    const bits = expand(address);
    if (bits >> 32n === 0x64_ff9bn << 64n) {
      const low = bits & 0xffff_ffffn;
      return !v4.check([24n, 16n, 8n, 0n].map((shift) => (low >> shift) & 0xffn).join('.'));
    }
    if (bits >> 125n !== 1n) return false;
    const top = (count: bigint) => bits >> (128n - count);
    return !(top(23n) === 0x2001n << 7n || top(32n) === 0x2001_0db8n || top(16n) === 0x2002n || top(20n) === 0x3fff0n);
  };
}

function expand(address: string): bigint {
  const dotted = /(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(address);
  const plain = dotted
    ? address.replace(
        dotted[0],
        [0, 2].map((i) => (Number(dotted[i + 1]) * 256 + Number(dotted[i + 2])).toString(16)).join(':'),
      )
    : address;
  const [head = '', tail] = plain.split('::');
  const groups = (text: string) => (text === '' ? [] : text.split(':'));
  const left = groups(head);
  const right = groups(tail ?? '');
  const middle = tail === undefined ? [] : Array<string>(8 - left.length - right.length).fill('0');
  return [...left, ...middle, ...right].reduce((bits, group) => (bits << 16n) | BigInt(`0x${group}`), 0n);
}
