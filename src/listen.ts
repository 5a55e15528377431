import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { askHub, type Asking } from './ask-hub.js';
import { StartupError } from './errors.js';

export interface ListenOptions extends Asking {
  /** Where to begin; the file's cursor wins. Null: now. */
  after: string | null;
  /** Keeps the cursor of the last event that was printed, and is begun from the next time. */
  cursorFile: string | null;
  format: 'json' | 'line';
  print: (line: string) => void;
  /** Ends it. */
  signal: AbortSignal;
}

interface Event {
  cursor: string;
  customerId: string;
  version: number;
  reasons: string[];
  occurredAt: string;
  origin: string | null;
  snapshot: { code: string; name: string } | null;
}

const operation = `subscription ($after: String) { customerSnapshots(after: $after) {
  cursor customerId version reasons occurredAt origin
  snapshot {
    code name email mobile ordersTotalCount ordersTotalValue currency ordersLastDate
    lastBooking { date service } nextBooking { date startsAt service }
    acceptsMarketingEmail acceptsMarketingSms tags { id name value }
  } } }`;
const shortestPauseMs = 250;
const longestPauseMs = 10_000;
/** Codes with which the hub closes for good: what was sent is wrong, and would be again. */
const final = new Set([4400, 4401, 4403, 4406]);

/**
 * Prints every event of the feed as it happens, until the signal. Connects again when the connection breaks and goes on
 * behind the last event, so nothing is left out. @throws StartupError when the hub refuses (key, cursor)
 */
export async function listen(options: ListenOptions): Promise<void> {
  const { cursorFile, signal } = options;
  let after = (cursorFile && readCursor(cursorFile)) || options.after || (await cursorOfNow(options));
  for (let pauseMs = shortestPauseMs; !signal.aborted; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    await follow(options, after, (event) => {
      options.print(options.format === 'json' ? JSON.stringify(event) : readable(event));
      after = event.cursor;
      if (cursorFile) writeCursor(cursorFile, after);
      pauseMs = shortestPauseMs;
    });
    await delay(pauseMs, undefined, { signal }).catch(() => undefined);
  }
}

/** One connection: resolves when it broke or the signal was given. */
async function follow(options: ListenOptions, after: string, take: (event: Event) => void): Promise<void> {
  const { url, key, owner, signal } = options;
  const client = createClient({
    url: `${url.replace(/^http/, 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${key}`, ...(owner === undefined ? {} : { owner }) },
    retryAttempts: 0,
    keepAlive: 15_000, // a connection that died without a word is found by its missing pongs
  });
  const stop = () => void client.dispose();
  signal.addEventListener('abort', stop, { once: true });
  try {
    for await (const { data, errors } of client.iterate<{ customerSnapshots: Event }>({
      query: operation,
      variables: { after },
    })) {
      if (errors) throw new StartupError(errors.map((error) => error.message).join('; '));
      if (data) take(data.customerSnapshots);
    }
  } catch (error) {
    if (error instanceof StartupError) throw error;
    const refusal = refusalOf(error);
    if (refusal !== null && !signal.aborted) throw new StartupError(refusal);
  } finally {
    signal.removeEventListener('abort', stop);
    await client.dispose();
  }
}

/** Why the hub will not serve this at all; null where the connection merely broke. */
function refusalOf(error: unknown): string | null {
  if (Array.isArray(error)) return (error as { message: string }[]).map(({ message }) => message).join('; ');
  const { code, reason } = error as { code?: number; reason?: string };
  if (code === undefined || !final.has(code)) return null;
  return code === 4403 ? 'the hub refused the key' : `the hub closed the connection: ${code} ${reason ?? ''}`;
}

const cursorOfNow = async (asking: Asking): Promise<string> =>
  (await askHub<{ feedCursor: string }>(asking, '{ feedCursor }')).feedCursor;

function readable({ customerId, version, reasons, occurredAt, origin, snapshot }: Event): string {
  const who = snapshot ? `${snapshot.code} ${snapshot.name}` : '(no snapshot)';
  return `${occurredAt}  customer ${customerId} v${version}  ${reasons.join('+')}  ${who}${origin === null ? '' : `  by ${origin}`}`;
}

function readCursor(file: string): string | null {
  try {
    return readFileSync(file, 'utf8').trim() || null;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new StartupError(`${file}: ${(error as Error).message}`, 2);
  }
}

/** Whole or not at all: a kill in the middle must not leave half a cursor. */
function writeCursor(file: string, cursor: string): void {
  writeFileSync(`${file}.new`, `${cursor}\n`);
  renameSync(`${file}.new`, file);
}
