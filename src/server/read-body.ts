import type { IncomingMessage } from 'node:http';

/** A body that is not taken: the HTTP status and a line that says why. */
export class BodyRefused extends Error {
  constructor(
    readonly status: 400 | 413 | 415,
    message: string,
  ) {
    super(message);
  }
}

/**
 * Reads a JSON body in UTF-8 of up to `limit` bytes. @throws BodyRefused 413 beyond the limit, 415 for another
 * content type, charset or encoding, 400 for what is no JSON (with the place where it breaks)
 */
export async function readJson(request: IncomingMessage, limit: number): Promise<unknown> {
  demandPlainJson(request);
  const bytes = await readBytes(request, limit);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new BodyRefused(400, 'the body is not UTF-8');
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new BodyRefused(400, `the body is not JSON: ${placeOf((error as Error).message)}`);
  }
}

function demandPlainJson(request: IncomingMessage): void {
  const [type, ...parameters] = (request.headers['content-type'] ?? '').toLowerCase().split(';');
  if (type?.trim() !== 'application/json') throw new BodyRefused(415, 'send content-type: application/json');
  const charset = parameters.map((p) => p.trim()).find((p) => p.startsWith('charset='));
  if (charset && !/^charset="?utf-?8"?$/.test(charset)) throw new BodyRefused(415, 'send the body in UTF-8');
  if (!['identity', undefined].includes(request.headers['content-encoding']))
    throw new BodyRefused(415, 'send the body without content-encoding');
}

async function readBytes(request: IncomingMessage, limit: number): Promise<Buffer> {
  const tooLarge = () => new BodyRefused(413, `the body is larger than ${limit} bytes`);
  if (Number(request.headers['content-length'] ?? 0) > limit) throw tooLarge();
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** V8 quotes the text around the fault, which may be personal data: only the place is told. */
function placeOf(message: string): string {
  const position = /position (\d+)/.exec(message)?.[1];
  if (position) return `it breaks at character ${position}`;
  return /end of JSON|Unterminated/.test(message) ? 'it ends too early' : 'it is malformed';
}
