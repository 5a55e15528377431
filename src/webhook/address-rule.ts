import { networkInterfaces } from 'node:os';
import ipaddr from 'ipaddr.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;
type Network = [Address, number];

/**
 * Whether an outbound request may go to an IP address, as the operator's networks (`WEBHOOK_ALLOW_CIDRS`) widen it.
 * Takes the textual address as the resolver or the socket gives it; everything that cannot be parsed is refused.
 */
export type AddressRule = (address: string) => boolean;

/**
 * The rule of delivery-design B.9 (3, 4, 6): IPv4 by a list of what is refused, IPv6 by what is allowed, since new kinds
 * of IPv6 address must be refused until they are known. Metadata services and this machine's own network addresses stay
 * refused whatever the operator allows; its loopback is reachable only when the operator names it.
 */
export function createAddressRule(allowCidrs: readonly string[]): AddressRule {
  const opened = networks(allowCidrs);
  return (text) => {
    const address = parse(text);
    if (!address) return false;
    const carried = address instanceof ipaddr.IPv6 ? carriedIPv4(address) : null;
    if (isNeverAllowed(address) || (carried && isNeverAllowed(carried))) return false;
    return verdict(carried && within(address, nat64) ? carried : address, opened);
  };
}

const networks = (cidrs: readonly string[]): Network[] => cidrs.map((cidr) => ipaddr.parseCIDR(cidr));

/** Zone ids name an interface of this machine, so they are never somebody else's address. */
function parse(text: string): Address | null {
  if (text.includes('%') || !ipaddr.isValid(text)) return null;
  return ipaddr.IPv4.isIPv4(text) && !ipaddr.IPv4.isValidFourPartDecimal(text) ? null : ipaddr.parse(text);
}

const nat64 = networks(['64:ff9b::/96']);
const mapped = networks(['::ffff:0:0/96', '::/96', '::ffff:0:0:0/96']); // mapped, compatible, SIIT

/** The IPv4 address in the last 32 bits, for the IPv6 forms that are another spelling of one. */
function carriedIPv4(address: ipaddr.IPv6): ipaddr.IPv4 | null {
  if (!within(address, nat64) && !within(address, mapped)) return null;
  return new ipaddr.IPv4(address.toByteArray().slice(12));
}

const never = networks(['169.254.0.0/16', 'fd00:ec2::254/128', '168.63.129.16/32', '100.100.100.200/32']);

function isNeverAllowed(address: Address): boolean {
  return within(address, never) || ownAddresses().has(address.toNormalizedString());
}

const ownForMs = 1_000;
let own: { addresses: Set<string>; readAt: number } | null = null;

/** Read anew every second: an interface may come up while the hub runs. (Each time took an eighth of all sending.) */
function ownAddresses(): Set<string> {
  const now = performance.now();
  if (own && now - own.readAt < ownForMs) return own.addresses;
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  const outer = all.filter(({ internal }) => !internal);
  const addresses = outer.map(({ address }) => ipaddr.parse(address.split('%')[0]!).toNormalizedString());
  own = { addresses: new Set(addresses), readAt: now };
  return own.addresses;
}

const refusedIPv4 = networks([
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24'],
  ...['192.0.2.0/24', '192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24'],
  ...['224.0.0.0/4', '240.0.0.0/4', '168.63.129.16/32'],
]);
const publicIPv6 = networks(['2000::/3']);
const refusedIPv6 = networks(['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20']);

function verdict(address: Address, opened: Network[]): boolean {
  if (within(address, opened)) return true;
  if (address instanceof ipaddr.IPv4) return !within(address, refusedIPv4);
  return within(address, publicIPv6) && !within(address, refusedIPv6);
}

function within(address: Address, list: Network[]): boolean {
  return list.some(([network, bits]) => network.kind() === address.kind() && address.match(network, bits));
}
