import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createAddressRule } from '../../src/webhook/address-rule.js';
import {
  allowedIPv4,
  allowedIPv6,
  ipv4Text,
  ipv6Text,
  isAllowedIPv6,
  isIn,
  nat64,
  refusedIPv4,
} from '../webhook/address-ranges.js';

const numRuns = process.env.STAMDATA_FAULT_SECONDS === undefined ? 5_000 : 100_000;
const rule = createAddressRule([]);

const lastIPv4 = 2n ** 32n - 1n;
const lastIPv6 = 2n ** 128n - 1n;

/** Anywhere, or within a few addresses of where something begins or ends. */
const near = (edges: readonly bigint[], last: bigint): fc.Arbitrary<bigint> =>
  fc.oneof(
    fc.bigInt({ min: 0n, max: last }),
    fc
      .tuple(fc.constantFrom(...edges), fc.bigInt({ min: -2n, max: 2n }))
      .map(([edge, by]) => edge + by)
      .filter((address) => address >= 0n && address <= last),
  );

test('D 17: random IPv4 addresses: the rule agrees with a list of ranges', { timeout: 120_000 }, () => {
  const edges = [...refusedIPv4, ...allowedIPv4].flat();
  fc.assert(
    fc.property(near(edges, lastIPv4), (address) => {
      const text = ipv4Text(address);
      expect(rule(text), text).toBe(!isIn(refusedIPv4, address));
    }),
    { numRuns },
  );
});

test('D 17: random IPv6 addresses: the rule agrees with a list of ranges', { timeout: 120_000 }, () => {
  const edges = [...allowedIPv6, nat64].flat();
  const carrying = fc
    .tuple(fc.constantFrom(nat64[0], 0xffffn << 32n, 0n, 0xffffn << 48n), near(refusedIPv4.flat(), lastIPv4))
    .map(([prefix, address]) => prefix | address);
  fc.assert(
    fc.property(fc.oneof(near(edges, lastIPv6), carrying), (address) => {
      const text = ipv6Text(address);
      expect(rule(text), text).toBe(isAllowedIPv6(address));
    }),
    { numRuns },
  );
});
