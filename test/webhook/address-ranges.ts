/** First and last address. */
export type Range = readonly [from: bigint, to: bigint];

const v4 = (text: string): bigint => text.split('.').reduce((bits, part) => (bits << 8n) | BigInt(part), 0n);

/** What no webhook may reach, written down anew from the registries of special addresses, by first and last address. */
export const refusedIPv4: Range[] = (
  [
    ['0.0.0.0', '0.255.255.255'],
    ['10.0.0.0', '10.255.255.255'],
    ['100.64.0.0', '100.127.255.255'],
    ['127.0.0.0', '127.255.255.255'],
    ['168.63.129.16', '168.63.129.16'],
    ['169.254.0.0', '169.254.255.255'],
    ['172.16.0.0', '172.31.255.255'],
    ['192.0.0.0', '192.0.0.255'],
    ['192.0.2.0', '192.0.2.255'],
    ['192.88.99.0', '192.88.99.255'],
    ['192.168.0.0', '192.168.255.255'],
    ['198.18.0.0', '198.19.255.255'],
    ['198.51.100.0', '198.51.100.255'],
    ['203.0.113.0', '203.0.113.255'],
    ['224.0.0.0', '255.255.255.255'],
  ] as const
).map(([from, to]) => [v4(from), v4(to)]);

/** What lies between them. */
export const allowedIPv4: Range[] = between(refusedIPv4, [0n, 0xffff_ffffn]);

const group = (number: bigint, nth: number): bigint => number << BigInt(112 - 16 * nth);
/** `2001:` to `2001:01ff:`, `2001:db8:`, `2002:` and `3fff:` to `3fff:0fff:`. */
const refusedPublicIPv6: Range[] = [
  [group(0x2001n, 0), group(0x2001n, 0) + group(0x200n, 1) - 1n],
  [group(0x2001n, 0) + group(0xdb8n, 1), group(0x2001n, 0) + group(0xdb9n, 1) - 1n],
  [group(0x2002n, 0), group(0x2003n, 0) - 1n],
  [group(0x3fffn, 0), group(0x3fffn, 0) + group(0x1000n, 1) - 1n],
];

export const allowedIPv6: Range[] = between(refusedPublicIPv6, [group(0x2000n, 0), group(0x4000n, 0) - 1n]);

/** Where the last 32 bits are an IPv4 address, and decide. */
export const nat64: Range = [group(0x64n, 0) + group(0xff9bn, 1), group(0x64n, 0) + group(0xff9bn, 1) + 0xffff_ffffn];

export const isIn = (ranges: readonly Range[], address: bigint): boolean =>
  ranges.some(([from, to]) => from <= address && address <= to);

/** The verdict of the rule by ranges alone. */
export const isAllowedIPv6 = (address: bigint): boolean =>
  isIn([nat64], address) ? isIn(allowedIPv4, address & 0xffff_ffffn) : isIn(allowedIPv6, address);

export const ipv4Text = (address: bigint): string =>
  [24n, 16n, 8n, 0n].map((shift) => (address >> shift) & 0xffn).join('.');

/** In full. */
export const ipv6Text = (address: bigint): string =>
  Array.from({ length: 8 }, (_, nth) => ((address >> BigInt(112 - 16 * nth)) & 0xffffn).toString(16)).join(':');

function between(ranges: readonly Range[], [first, last]: Range): Range[] {
  const starts = [first, ...ranges.map(([, to]) => to + 1n)];
  const ends = [...ranges.map(([from]) => from - 1n), last];
  return starts.map((from, i) => [from, ends[i]!] as const).filter(([from, to]) => from <= to);
}
