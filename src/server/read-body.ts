import type { IncomingMessage } from 'node:http';

/** A request that is not taken: the HTTP status and a line that says why. */
export class RequestRefused extends Error {
  constructor(
    readonly status: 400 | 405 | 406 | 413 | 415 | 503,
    message: string,
  ) {
    super(message);
  }
}

/**
 * Reads a JSON body in UTF-8 of up to `limit` bytes. @throws RequestRefused 413 beyond the limit, 415 for another
 * content type, charset or encoding, 400 for what is no JSON (with the place where it breaks)
 *
 * @param arrived told the bytes of each piece as it arrives; what it throws ends the reading.
 */
export async function readJson(
  request: IncomingMessage,
  limit: number,
  arrived: (bytes: number) => void = () => undefined,
): Promise<unknown> {
  demandPlainJson(request);
  const bytes = await readBytes(request, limit, arrived);
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    throw new RequestRefused(400, 'the body is not UTF-8');
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new RequestRefused(400, `the body is not JSON: ${faultOf(text, (error as Error).message)}`);
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

const plainJson = 'application/json';

function demandPlainJson(request: IncomingMessage): void {
  if (request.headers['content-type'] === plainJson && request.headers['content-encoding'] === undefined) return;
  const [type, ...parameters] = (request.headers['content-type'] ?? '').toLowerCase().split(';');
  if (type?.trim() !== plainJson) throw new RequestRefused(415, 'send content-type: application/json');
  const charset = parameters.map((p) => p.trim()).find((p) => p.startsWith('charset='));
  if (charset && !/^charset="?utf-?8"?$/.test(charset)) throw new RequestRefused(415, 'send the body in UTF-8');
  if (!['identity', undefined].includes(request.headers['content-encoding']))
    throw new RequestRefused(415, 'send the body without content-encoding');
}

/** By events: an async iterator over the request cost as much as all else that is done with a small body. */
function readBytes(request: IncomingMessage, limit: number, arrived: (bytes: number) => void): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > limit) return Promise.reject(tooLarge(limit));
  return new Promise((resolve, reject) => new Body(request, limit, arrived, resolve, reject).read());
}

const tooLarge = (limit: number) => new RequestRefused(413, `the body is larger than ${limit} bytes`);

class Body {
  private readonly chunks: Buffer[] = [];
  private size = 0;
  private settled = false;

  constructor(
    private readonly request: IncomingMessage,
    private readonly limit: number,
    private readonly arrived: (bytes: number) => void,
    private readonly resolve: (bytes: Buffer) => void,
    private readonly reject: (error: Error) => void,
  ) {}

  read(): void {
    if (this.request.destroyed) return this.broken();
    this.request
      .on('data', (chunk: Buffer) => this.take(chunk))
      .on('end', () => this.done())
      .on('error', () => this.broken())
      .on('close', () => this.broken());
  }

  private take(chunk: Buffer): void {
    if (this.settled) return;
    this.size += chunk.length;
    if (this.size > this.limit) return this.refuse(tooLarge(this.limit));
    this.chunks.push(chunk);
    try {
      this.arrived(chunk.length);
    } catch (error) {
      this.refuse(error instanceof Error ? error : new Error(String(error)));
    }
  }

  private refuse(error: Error): void {
    this.settled = true;
    this.request.pause(); // a request that is given up must not take the socket with it: the answer still has to go out
    this.reject(error);
  }

  private done(): void {
    if (this.settled) return;
    this.settled = true;
    this.resolve(this.chunks.length === 1 ? this.chunks[0]! : Buffer.concat(this.chunks));
  }

  /** Each request closes in the end, one that was read as well. */
  private broken(): void {
    if (this.settled) return;
    this.settled = true;
    this.reject(new RequestRefused(400, 'the body ended too early'));
  }
}

/** V8 quotes the text around the fault, which may be personal data: only the place is told. */
function faultOf(text: string, message: string): string {
  const place = placeOf(message) ?? searchPlace(text);
  if (place === null) return 'it is malformed';
  return place < text.length ? `it breaks at character ${place}` : 'it ends too early';
}

function placeOf(message: string): number | null {
  if (/end of JSON/.test(message)) return Infinity;
  const position = /position (\d+)/.exec(message)?.[1];
  return position === undefined ? null : Number(position);
}

const searchedCharacters = 256 * 1024;

/** An unexpected token comes without its position: it is where the longest beginning ends that is only unfinished. */
function searchPlace(text: string): number | null {
  if (text.length > searchedCharacters) return null; // each step parses anew
  let [sound, broken] = [0, text.length];
  while (broken - sound > 1) {
    const middle = (sound + broken) >> 1;
    if (breaks(text.slice(0, middle))) broken = middle;
    else sound = middle;
  }
  return sound;
}

function breaks(beginning: string): boolean {
  try {
    JSON.parse(beginning);
    return false;
  } catch (error) {
    const place = placeOf((error as Error).message);
    return place === null || place < beginning.length;
  }
}
