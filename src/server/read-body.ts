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

function demandPlainJson(request: IncomingMessage): void {
  const [type, ...parameters] = (request.headers['content-type'] ?? '').toLowerCase().split(';');
  if (type?.trim() !== 'application/json') throw new RequestRefused(415, 'send content-type: application/json');
  const charset = parameters.map((p) => p.trim()).find((p) => p.startsWith('charset='));
  if (charset && !/^charset="?utf-?8"?$/.test(charset)) throw new RequestRefused(415, 'send the body in UTF-8');
  if (!['identity', undefined].includes(request.headers['content-encoding']))
    throw new RequestRefused(415, 'send the body without content-encoding');
}

/** By events: an async iterator over the request cost as much as all else that is done with a small body. */
function readBytes(request: IncomingMessage, limit: number, arrived: (bytes: number) => void): Promise<Buffer> {
  const tooLarge = () => new RequestRefused(413, `the body is larger than ${limit} bytes`);
  if (Number(request.headers['content-length'] ?? 0) > limit) return Promise.reject(tooLarge());
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const end = () => request.off('data', take).off('end', done).off('error', broken).off('close', broken);
    const refuse = (error: unknown) => {
      end().pause(); // a request that is given up must not take the socket with it: the answer still has to go out
      reject(error instanceof Error ? error : new Error(String(error)));
    };
    const take = (chunk: Buffer) => {
      size += chunk.length;
      if (size > limit) return refuse(tooLarge());
      chunks.push(chunk);
      try {
        arrived(chunk.length);
      } catch (error) {
        refuse(error);
      }
    };
    const done = () => {
      end();
      resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks));
    };
    const broken = () => {
      end();
      reject(new RequestRefused(400, 'the body ended too early'));
    };
    if (request.destroyed) return broken();
    request.on('data', take).on('end', done).on('error', broken).on('close', broken);
  });
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
