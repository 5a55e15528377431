import { isIP } from 'node:net';
import type { AddressRule } from './address-rule.js';

/**
 * What is wrong with a webhook's URL, in words, or null (delivery-design B.9.1). WHATWG parsing first turns every
 * spelling of an IPv4 address (octal, hex, one number, full-width digits) into the one that the address rule judges.
 */
export function urlProblem(text: string, rule: AddressRule, allowHttp: boolean): string | null {
  if (text.length > 2048) return 'the URL has more than 2048 characters';
  if (!URL.canParse(text)) return 'this is not a URL';
  const url = new URL(text);
  if (url.protocol !== 'https:' && !(allowHttp && url.protocol === 'http:'))
    return allowHttp ? 'the URL must begin with https:// or http://' : 'the URL must begin with https://';
  if (url.username || url.password) return 'the URL must not carry a user name or password';
  if (text.includes('#')) return 'the URL must not have a fragment';
  if (!allowHttp && !['', '443', '8443'].includes(url.port)) return 'the port must be 443 or 8443';
  return hostProblem(url.hostname, rule);
}

function hostProblem(hostname: string, rule: AddressRule): string | null {
  const host = bareHost(hostname);
  if (isIP(host)) return rule(host) ? null : addressNotAllowed;
  if (host.length > 253) return 'the host name has more than 253 characters';
  const labels = host.toLowerCase().split('.');
  const top = labels.at(-1)!;
  if (labels.length < 2 || labels.includes('') || privateTops.has(top)) return addressNotAllowed;
  return null;
}

/** A URL's host without the brackets of IPv6 and without the root's dot. */
export function bareHost(hostname: string): string {
  return hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '');
}

/** The only thing a tenant is told about a refused address, whatever lies behind it (B.9.5). */
export const addressNotAllowed = 'address not allowed';

const privateTops = new Set(['localhost', 'local', 'internal']);
