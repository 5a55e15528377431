import { isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import { Agent, buildConnector, type Dispatcher } from 'undici';
import { createAddressRule, type AddressRule } from './address-rule.js';
import { resolveName, type ResolveName } from './resolve-name.js';
import { addressNotAllowed, bareHost, urlProblem } from './url-rule.js';

/** The one way out of the hub for requests whose target a tenant chose. */
export interface AddressGuard {
  /** What is wrong with a URL in words, or null. For saving, and again before each request. */
  checkUrl(url: string): string | null;
  /** Connects only to addresses that the rule allows; whoever made the guard closes it. */
  agent: Dispatcher;
}

/**
 * A guard against requests into private networks (delivery-design B.9). `allowCidrs`: private networks that may be
 * reached; `allowHttp`: plain http and any port too. `resolve` stands in for DNS in tests.
 */
export function createAddressGuard(options: {
  allowCidrs: readonly string[];
  allowHttp: boolean;
  resolve?: ResolveName;
}): AddressGuard {
  const rule = createAddressRule(options.allowCidrs);
  return {
    checkUrl: remembered((url) => urlProblem(url, rule, options.allowHttp)),
    // No limit of sockets per origin: it would let one tenant's hanging receiver hold up another tenant's endpoint at
    // the same host. What bounds them is the endpoint's own limit of requests in flight.
    agent: new Agent({
      connect: guardedConnect(rule, options.resolve ?? resolveName),
      pipelining: 1,
      keepAliveTimeout: 4_000,
      keepAliveMaxTimeout: 10_000,
      maxHeaderSize: 16 * 1024,
    }),
  };
}

const rememberedForMs = 1_000;

/** The same URL is checked before each of its requests, thousands of times a second: a verdict holds for a second. */
function remembered(check: (url: string) => string | null): (url: string) => string | null {
  const verdicts = new Map<string, string | null>();
  let since = performance.now();
  return (url) => {
    const now = performance.now();
    if (now - since >= rememberedForMs) {
      verdicts.clear();
      since = now;
    }
    const known = verdicts.get(url);
    if (known !== undefined) return known;
    const verdict = check(url);
    verdicts.set(url, verdict);
    return verdict;
  };
}

/** Where the address of a target is refused. */
export class AddressNotAllowed extends Error {
  readonly code = 'ADDRESS_NOT_ALLOWED';
  constructor() {
    super(addressNotAllowed);
  }
}

/**
 * A `lookup` hook alone would be no guard: it is never called for IP literals. So the connection itself is guarded:
 * every answer must be allowed, the socket gets exactly the checked addresses, and its peer is compared again.
 */
function guardedConnect(rule: AddressRule, resolve: ResolveName): buildConnector.connector {
  return (options, callback) => {
    const host = bareHost(options.hostname);
    checkedAddresses(host, rule, resolve).then(
      (addresses) => {
        const connect = buildConnector({
          timeout: options.protocol === 'https:' ? 8_000 : 3_000, // connect 3 s, and TLS 5 s
          maxCachedSessions: 0,
          lookup: pinnedLookup(addresses),
        });
        const servername = isIP(host) ? options.servername : host;
        connect({ ...options, hostname: host, ...(servername ? { servername } : {}) }, (...result) => {
          const socket = result[1];
          if (!socket || isOneOf(socket.remoteAddress, addresses)) return callback(...result);
          socket.destroy();
          callback(new AddressNotAllowed(), null);
        });
      },
      (error: Error) => callback(error, null),
    );
  };
}

async function checkedAddresses(host: string, rule: AddressRule, resolve: ResolveName): Promise<string[]> {
  const addresses = isIP(host) ? [host] : await resolve(host);
  if (!addresses.every(rule)) throw new AddressNotAllowed();
  return addresses;
}

/** Node tries the addresses one after the other (RFC 8305), all of them checked; none is resolved again. */
function pinnedLookup(addresses: string[]): LookupFunction {
  const answers = addresses.map((address) => ({ address, family: isIP(address) }));
  return (_host, options, callback) => {
    if (options.all) callback(null, answers);
    else callback(null, answers[0]!.address, answers[0]!.family);
  };
}

function isOneOf(remote: string | undefined, addresses: string[]): boolean {
  if (!remote || !ipaddr.isValid(remote)) return false;
  const peer = ipaddr.parse(remote).toNormalizedString();
  return addresses.some((address) => ipaddr.parse(address).toNormalizedString() === peer);
}
