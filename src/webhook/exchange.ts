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
    const { origin, pathname, search } = new URL(url);
    const reader = new AnswerReader(resolve, deadlineMs, signal);
    // Undici's own timeouts are idle timers: a receiver that drips a byte at a time outlives them.
    const timeouts = { headersTimeout: 0, bodyTimeout: 0 };
    agent.dispatch({ origin, path: pathname + search, method, headers, body, ...timeouts }, reader);
  });
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
    private readonly signal: AbortSignal | undefined,
  ) {
    this.timer = setTimeout(() => this.timeOut(), deadlineMs);
    signal?.addEventListener('abort', this.callOff);
    if (signal?.aborted) this.callOff();
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

  private timeOut(): void {
    const reason = new DOMException('the deadline is over', 'TimeoutError');
    this.cut(reason, reason, true);
  }

  private readonly callOff = (): void => {
    const reason = this.signal!.reason as Error;
    this.cut(reason, reason);
  };

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
    this.signal?.removeEventListener('abort', this.callOff);
    const { status, retryAfter, chunks } = this;
    const body = chunks.length === 0 ? nothing : Buffer.concat(chunks);
    this.resolve({ status, retryAfter, body, error, timedOut });
  }
}
