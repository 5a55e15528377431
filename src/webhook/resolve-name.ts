import { Resolver } from 'node:dns/promises';

/** Every address of a host name. */
export type ResolveName = (name: string) => Promise<string[]>;

const deadlineMs = 3_000;

/**
 * All A and AAAA records by DNS itself, within 3 seconds. Not `getaddrinfo`: that one occupies a thread of Node's small
 * pool for as long as a slow name server likes, so four names of one tenant could hold up every other endpoint.
 * @throws when the name has no address or does not resolve in time.
 */
export const resolveName: ResolveName = (name) => resolveBy(null, name);

/** The same by name servers of one's own (`address:port`); null: by those of this machine. */
export async function resolveBy(servers: readonly string[] | null, name: string): Promise<string[]> {
  const resolver = new Resolver({ timeout: 1_400, tries: 2 });
  if (servers) resolver.setServers(servers);
  const timer = setTimeout(() => resolver.cancel(), deadlineMs);
  try {
    const answers = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)]);
    const addresses = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
    if (addresses.length > 0) return addresses;
    throw Object.assign(new Error(`no address for ${name}`), { code: 'ENOTFOUND' });
  } finally {
    clearTimeout(timer);
  }
}
