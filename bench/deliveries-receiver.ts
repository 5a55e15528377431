import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { now } from './fan-out-clock.js';

/** What the receiver tells about itself: where it is, how much it has noted, and on request what. */
export type ReceiverTold =
  { url: string } | { noted: number } | { sample: SampleRequest } | { arrivals: [name: string, at: number][] };

/** A request as it came, without what its connection decides. */
export interface SampleRequest {
  headers: Record<string, string>;
  body: string;
}

export type ReceiverOrder = 'sample' | 'record' | 'arrivals';

let sample: SampleRequest | null = null;
/** When which name came first; null while it is not wanted. */
let arrivals: Map<string, number> | null = null;

const tell = (told: ReceiverTold): void => void process.send!(told);

/** A receiver in a process of its own, which answers every request with 200 and an empty body once it has all of it. */
const server = createServer((request, response) => {
  const at = arrivals ? now() : 0;
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => void chunks.push(chunk));
  request.on('end', () => {
    response.writeHead(200, { 'content-length': 0 }).end();
    if (arrivals) note(Buffer.concat(chunks).toString(), at);
    else sample ??= { headers: told(request.headers), body: Buffer.concat(chunks).toString() };
  });
});
server.listen(0, '127.0.0.1', () => tell({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook` }));

function told(headers: IncomingHttpHeaders): Record<string, string> {
  const { host: _, connection: __, 'content-length': ___, ...rest } = headers;
  return rest as Record<string, string>;
}

function note(body: string, at: number): void {
  const name = /"name": ?"([^"]*)"/.exec(body)?.[1] ?? '';
  if (!arrivals!.has(name)) arrivals!.set(name, at);
}

let noted = 0;
setInterval(() => {
  if (arrivals && arrivals.size !== noted) tell({ noted: (noted = arrivals.size) });
}, 20);

process.on('message', (order: ReceiverOrder) => {
  if (order === 'record') arrivals = new Map();
  else if (order === 'sample') tell({ sample: sample! });
  else tell({ arrivals: [...(arrivals ?? [])] });
});
