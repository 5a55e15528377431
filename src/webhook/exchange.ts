import type { Dispatcher } from 'undici';
import type { Outgoing } from './outgoing.js';

/** What a receiver answered, as far as it was read. */
export interface Answer {
  /** Null: no answer came. */
  status: number | null;
  /** The beginning of the answer's body. */
  body: Buffer;
  /** The header `Retry-After`. */
  retryAfter: string | null;
  /** Why it did not come to its end; null: it did, or as much of it as is read. */
  error: Error | null;
  timedOut: boolean;
}

const maxReadBytes = 16 * 1024;

/**
 * Sends one request and reads its answer, at most 16 KiB of it; a redirect is an answer. Never rejects. `deadlineMs` counts
 * everything, waiting for a connection included; `signal` ends it early. On undici's innermost interface, since its
 * `request` makes a stream, several promises and two abort signals of each: twice the work of the exchange itself.
 */
export function exchange(
  agent: Dispatcher,
  { url, method, headers, body }: Outgoing,
  { deadlineMs, signal }: { deadlineMs: number; signal: AbortSignal | undefined },
): Promise<Answer> {
  return new Promise((resolve) => {
    if (url !== target.url) target = targetOf(url);
    const { origin, path } = target;
    const reader = new AnswerReader(resolve, deadlineMs, signal && underWay(signal));
    if (signal?.aborted) reader.callOff(signal.reason as Error);
    // Undici's own timeouts are idle timers: a receiver that drips a byte at a time outlives them.
    agent.dispatch({ origin, path, method, headers, body, headersTimeout: 0, bodyTimeout: 0 }, reader);
  });
}

function targetOf(url: string): { url: string; origin: string; path: string } {
  const { origin, pathname, search } = new URL(url);
  return { url, origin, path: pathname + search };
}

/** Where the last request went: most go where the one before went. */
let target: ReturnType<typeof targetOf> = { url: '', origin: '', path: '' };

const readersOf = new WeakMap<AbortSignal, Set<AnswerReader>>();

/** What a signal ends. It is listened to once, not by each of thousands of requests a second. */
function underWay(signal: AbortSignal): Set<AnswerReader> {
  const known = readersOf.get(signal);
  if (known) return known;
  const readers = new Set<AnswerReader>();
  signal.addEventListener('abort', () => readers.forEach((reader) => reader.callOff(signal.reason as Error)));
  readersOf.set(signal, readers);
  return readers;
}

const nothing = Buffer.alloc(0);

class AnswerReader implements Dispatcher.DispatchHandler {
  private status: number | null = null;
  private retryAfter: string | null = null;
  private readonly chunks: Buffer[] = [];
  private length = 0;
  private controller: Dispatcher.DispatchController | null = null;
  private hasEnded = false;
  private cutOff: Error | null = null;
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly resolve: (answer: Answer) => void,
    deadlineMs: number,
    private readonly others: Set<AnswerReader> | undefined,
  ) {
    this.timer = setTimeout(timeOut, deadlineMs, this);
    others?.add(this);
  }

  /** Ends the exchange early. */
  callOff(reason: Error): void {
    this.cut(reason, reason);
  }

  timeOut(): void {
    const reason = new DOMException('the deadline is over', 'TimeoutError');
    this.cut(reason, reason, true);
  }

  /** Called when a connection is there: it may have ended before. */
  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    if (this.cutOff) controller.abort(this.cutOff);
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: Record<string, unknown>): void {
    if (status < 200) return; // more is to come
    this.status = status;
    const [retryAfter] = [headers['retry-after']].flat();
    this.retryAfter = typeof retryAfter === 'string' ? retryAfter : null;
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    this.chunks.push(chunk);
    this.length += chunk.length;
    if (this.length >= maxReadBytes) this.cut(new Error('enough of the answer was read'), null);
  }

  onResponseEnd(): void {
    this.end(null);
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.end(error);
  }

  /** Ends the exchange from here, and its connection with it. */
  private cut(reason: Error, error: Error | null, timedOut = false): void {
    this.cutOff = reason;
    this.end(error, timedOut);
    this.controller?.abort(reason);
  }

  private end(error: Error | null, timedOut = false): void {
    if (this.hasEnded) return;
    this.hasEnded = true;
    clearTimeout(this.timer);
    this.others?.delete(this);
    const { status, retryAfter, chunks } = this;
    const body = chunks.length === 0 ? nothing : Buffer.concat(chunks);
    this.resolve({ status, retryAfter, body, error, timedOut });
  }
}

const timeOut = (reader: AnswerReader): void => reader.timeOut();
