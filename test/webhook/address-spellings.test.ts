import { expect, test } from 'vitest';
import { createAddressRule } from '../../src/webhook/address-rule.js';
import { addressNotAllowed, urlProblem } from '../../src/webhook/url-rule.js';
import { allowedIPv4, allowedIPv6, ipv4Text, ipv6Text, refusedIPv4 } from './address-ranges.js';

const rule = createAddressRule([]);
const problemOf = (host: string) => urlProblem(`https://${host}/`, rule, false);

/** Of each refused network the first and the last address, and one in its middle. */
const refused = refusedIPv4.flatMap(([from, to]) => [...new Set([from, (from + to) / 2n, to])]);

const hex = (value: bigint) => value.toString(16);
const octal = (value: bigint) => `0${value.toString(8)}`;
const bytesOf = (address: bigint) => [24n, 16n, 8n, 0n].map((shift) => (address >> shift) & 0xffn);
const fullWidth = (text: string) =>
  text.replace(/[0-9]/g, (digit) => String.fromCodePoint(0xff10 + Number(digit))).replaceAll('.', '。');
const percent = (text: string) => text.replace(/./g, (char) => `%${char.charCodeAt(0).toString(16)}`);
const groups = (address: bigint) => `${hex(address >> 16n)}:${hex(address & 0xffffn)}`;

/** Ways to write an IPv4 address in a URL, all of which lead to the same place. */
const spellings: Record<string, (address: bigint) => string> = {
  dotted: ipv4Text,
  'one decimal number': String,
  'one hexadecimal number': (address) => `0x${hex(address)}`,
  'one octal number': octal,
  'hexadecimal parts': (address) =>
    bytesOf(address)
      .map((byte) => `0x${hex(byte)}`)
      .join('.'),
  'octal parts': (address) => bytesOf(address).map(octal).join('.'),
  'two parts': (address) => `${address >> 24n}.${address & 0xffffffn}`,
  'three parts': (address) => `${address >> 24n}.${(address >> 16n) & 0xffn}.${address & 0xffffn}`,
  'parts of different kinds': (address) => `0x${hex(address >> 24n)}.${octal(address & 0xffffffn)}`,
  "with the root's dot": (address) => `${ipv4Text(address)}.`,
  'full-width digits': (address) => fullWidth(ipv4Text(address)),
  'percent-encoded': (address) => percent(ipv4Text(address)),
};

/** Ways to carry an IPv4 address in an IPv6 one, by mechanisms that lead, or once led, to it. */
const carriers: Record<string, (address: bigint) => string> = {
  mapped: (address) => `[::ffff:${ipv4Text(address)}]`,
  'mapped, in hexadecimal': (address) => `[::ffff:${groups(address)}]`,
  'mapped, in full': (address) => `[0000:0000:0000:0000:0000:FFFF:${groups(address)}]`,
  compatible: (address) => `[::${groups(address)}]`,
  SIIT: (address) => `[::ffff:0:${groups(address)}]`,
  NAT64: (address) => `[64:ff9b::${groups(address)}]`,
  'NAT64, dotted': (address) => `[64:ff9b::${ipv4Text(address)}]`,
  'local NAT64': (address) => `[64:ff9b:1::${groups(address)}]`,
  '6to4': (address) => `[2002:${groups(address)}::1]`,
  Teredo: (address) => `[2001:0:${groups(address)}::1]`,
  ISATAP: (address) => `[fe80::5efe:${groups(address)}]`,
};

test.each(Object.entries({ ...spellings, ...carriers }))(
  'D 17: no refused IPv4 address passes when it is written so: %s',
  (_name, spell) => {
    for (const address of refused) {
      const host = spell(address);
      if (URL.canParse(`https://${host}/`)) expect(problemOf(host), host).toBe(addressNotAllowed);
      else expect(problemOf(host), host).toBe('this is not a URL');
    }
  },
);

test.each(Object.entries(spellings))(
  'D 17: every allowed IPv4 address passes when it is written so: %s',
  (_name, spell) => {
    for (const [from, to] of allowedIPv4)
      for (const address of [from, (from + to) / 2n, to]) expect(problemOf(spell(address)), spell(address)).toBeNull();
  },
);

test('D 17: a public address passes behind NAT64, and in no other IPv6 form', () => {
  const passing = Object.entries(carriers).filter(([, spell]) => problemOf(spell(0x5db8_d822n)) === null);
  expect(passing.map(([name]) => name)).toEqual(['NAT64', 'NAT64, dotted']);
});

test('D 17: of IPv6 what is public passes, up to the last address of each network', () => {
  for (const [from, to] of allowedIPv6)
    for (const address of [from, (from + to) / 2n, to]) expect(problemOf(`[${ipv6Text(address)}]`)).toBeNull();
});

test.each(['fe80::1%25eth0', 'fe80::1%eth0', '::1%25lo', '2606:4700::1111%251'])(
  'D 17: an address with a zone (%s) is none of a URL, nor of the rule',
  (address) => {
    expect(problemOf(`[${address}]`)).toBe('this is not a URL');
    expect(rule(address.replace('%25', '%'))).toBe(false);
  },
);
