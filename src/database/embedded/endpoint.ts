import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { superuser } from './create-cluster.js';
import { ownDirectory } from './own-directory.js';
import { password } from './password.js';
import type { Place } from './place.js';

/** Where the server listens. */
export interface Endpoint {
  connection: { host: string; port: number; user: string; password?: string; database: string };
  settings: Record<string, string>;
  /** Removes what was made for this run alone. May be called any number of times. */
  release(): Promise<void>;
}

/** With a socket the port is only part of the file's name: no port of the machine is taken. */
const socketPort = 5432;
/** What fits into the kernel's address structure, its closing zero left out. */
const longestSocketPath = process.platform === 'linux' ? 107 : 103;

/**
 * A Unix socket in a directory that only the server's account (and root) can enter: nothing on the network, no port that
 * could be taken, no password. It is below the place of the database, or in the temporary directory when that path is too
 * long for a socket. On Windows (untested) a free port of the loopback address with a password.
 */
export async function chooseEndpoint(place: Place): Promise<Endpoint> {
  const identity = { user: superuser, database: 'stamdata' };
  if (process.platform === 'win32') {
    const port = await freePort();
    return {
      connection: { host: '127.0.0.1', port, ...identity, password: await password(place.base) },
      settings: { listen_addresses: '127.0.0.1', port: String(port) },
      release: () => Promise.resolve(),
    };
  }

  const near = join(place.base, 's');
  const fits = Buffer.byteLength(join(near, `.s.PGSQL.${socketPort}`)) <= longestSocketPath;
  const host = fits ? near : await mkdtemp(join(tmpdir(), 'stamdata-'));
  await ownDirectory(host, place.user);
  return {
    connection: { host, port: socketPort, ...identity },
    // A list of directories in PostgreSQL's eyes: quoted, a comma in the path is just a comma.
    settings: {
      listen_addresses: '',
      port: String(socketPort),
      unix_socket_directories: `"${host.replaceAll('"', '""')}"`,
    },
    release: () => (fits ? Promise.resolve() : rm(host, { recursive: true, force: true })),
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
