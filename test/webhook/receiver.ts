import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as a receiver got it. */
export interface Received {
  method: string;
  url: string;
  headers: IncomingHttpHeaders;
  body: string;
  at: number;
}

/** The data of a default body. */
export interface ReceivedData {
  customerId: string;
  version: number;
  reasons: string[];
  snapshot: { version: number; name: string } | null;
  truncated?: boolean;
}

export type Behaviour = (request: Received, res: ServerResponse, index: number) => void;

export const answering =
  (status: number, body = '', headers: Record<string, string> = {}): Behaviour =>
  (_request, res) =>
    void res.writeHead(status, headers).end(body);

/** A real HTTP server on the loopback that records what it gets and answers as `behave` says. */
export async function startReceiver(behave: Behaviour = answering(204)) {
  const requests: Received[] = [];
  const watchers = new Set<() => void>();
  const receiver = { behave };
  const server = createServer((req, res) => {
    void receive(req).then((request) => {
      requests.push(request);
      receiver.behave(request, res, requests.length - 1);
      for (const watch of watchers) watch();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    requests,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    answer: (next: Behaviour) => void (receiver.behave = next),
    /** Resolves as soon as `wanted` holds for what was received. */
    until: (wanted: (requests: Received[]) => boolean) =>
      new Promise<void>((resolve) => {
        const watch = () => {
          if (!wanted(requests)) return;
          watchers.delete(watch);
          resolve();
        };
        watchers.add(watch);
        watch();
      }),
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export type Receiver = Awaited<ReturnType<typeof startReceiver>>;

export const dataOf = (request: Received): ReceivedData => (JSON.parse(request.body) as { data: ReceivedData }).data;

/** Versions per customer in the order in which they arrived. */
export function versionsByCustomer(requests: readonly Received[]): Map<string, number[]> {
  const versions = new Map<string, number[]>();
  for (const { customerId, version } of requests.map(dataOf))
    versions.set(customerId, [...(versions.get(customerId) ?? []), version]);
  return versions;
}

async function receive(req: IncomingMessage): Promise<Received> {
  const at = performance.now();
  const chunks: Buffer[] = [];
  for await (const chunk of req as AsyncIterable<Buffer>) chunks.push(chunk);
  return { method: req.method!, url: req.url!, headers: req.headers, body: Buffer.concat(chunks).toString(), at };
}
