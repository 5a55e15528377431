import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';

const oneMiB = 1024 ** 2;
const oneGB = 1_000_000_000;
const dripEveryMs = 200;

/** Ways to answer badly (delivery-design D 8), by the path of the receiver. Nothing of what they do is the hub's fault. */
const tricks = {
  '/500': (res) => res.writeHead(500).end(),
  '/hang': () => undefined,
  '/drip': (res) => {
    res.writeHead(200);
    const drip = setInterval(() => res.write('.'), dripEveryMs);
    res.on('close', () => clearInterval(drip));
  },
  '/huge': (res, told) => {
    res.writeHead(200, { 'content-length': oneGB });
    const more = () => {
      while (!res.destroyed && res.write(filler)) told.hugeBytes += filler.length;
    };
    res.on('drain', more);
    more();
  },
  '/bomb': (res) => res.writeHead(200, { 'content-encoding': 'gzip', 'content-length': bomb.length }).end(bomb),
  '/cut': (res) => {
    res.writeHead(200, { 'content-length': 100 });
    res.write('half', () => res.destroy());
  },
  '/redirect': (res) => res.writeHead(301, { location: 'http://169.254.169.254/latest/meta-data/' }).end(),
  '/elsewhere': (res, _told, canary) => res.writeHead(307, { location: canary }).end(),
  '/gone': (res) => res.writeHead(410).end(),
  '/later': (res) => res.writeHead(429, { 'retry-after': '120' }).end(),
  '/never': (res) => res.writeHead(429, { 'retry-after': '99999999' }).end(),
} satisfies Record<string, (res: ServerResponse, told: Told, canary: string) => unknown>;

export type Trick = keyof typeof tricks;
export const trickPaths = Object.keys(tricks) as Trick[];

interface Told {
  /** Requests by path. */
  requests: Map<string, number>;
  /** Of all huge bodies, what the sockets took. */
  hugeBytes: number;
  /** Connections to the place that redirects lead to. */
  canary: number;
}

const filler = Buffer.alloc(64 * 1024, 'x');
/** A tenth of a megabyte that would be a hundred. */
const bomb = gzipSync(Buffer.alloc(100 * oneMiB));

/** Real HTTP servers that misbehave, each at its path, and one that must never be reached. */
export async function startHostile() {
  const told: Told = { requests: new Map(), hugeBytes: 0, canary: 0 };
  const canary = createServer((_req, res) => res.end()).on('connection', () => (told.canary += 1));
  const canaryUrl = `${await listening(canary)}/`;
  const server = createServer((req, res) => {
    req.resume();
    req.on('error', () => undefined);
    res.on('error', () => undefined); // the hub ends most of these itself
    req.on('end', () => {
      const path = req.url as Trick;
      told.requests.set(path, (told.requests.get(path) ?? 0) + 1);
      tricks[path](res, told, canaryUrl);
    });
  });
  const url = await listening(server);
  return { told, url: (path: Trick) => `${url}${path}`, stop: () => Promise.all([server, canary].map(close)) };
}

async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
