const lookEveryMs = 500;

/**
 * Watches subscriptions for clients that do not take what they are sent. An event is handed to the socket, and the next
 * one is asked for when it has left the process; when that does not happen for long, the client has stalled. One timer
 * looks at all of them: one for each message cost a tenth of the fan-out.
 */
export class StallWatch {
  private readonly watched = new Set<Watched>();
  private readonly timer: NodeJS.Timeout;
  private lookedAt = performance.now();

  constructor(private readonly patienceMs: number) {
    this.timer = setInterval(() => this.look(), lookEveryMs);
    this.timer.unref();
  }

  /**
   * @param takenCursor where the client itself wanted to begin
   * @param stalled is called once, with the cursor behind the last event that the client has surely been sent
   */
  watch(takenCursor: string, stalled: (lastCursor: string) => void): Watched {
    const one = new Watched(takenCursor, stalled, () => this.watched.delete(one));
    this.watched.add(one);
    return one;
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private look(): void {
    const now = performance.now();
    const stoodStill = now - this.lookedAt > lookEveryMs * 4; // the process itself: the clients could take nothing
    this.lookedAt = now;
    if (stoodStill) return;
    for (const one of this.watched) one.look(now - this.patienceMs);
  }
}

/** One subscription under watch. */
export class Watched {
  private handedAt = Infinity;
  private handedCursor: string | null = null;

  constructor(
    private takenCursor: string,
    private readonly stalled: (lastCursor: string) => void,
    /** The subscription has ended. */
    readonly end: () => void,
  ) {}

  /** An event was given to the socket. */
  handed(cursor: string): void {
    this.handedAt = performance.now();
    this.handedCursor = cursor;
  }

  /** The socket has taken it and asks for the next one. */
  taken(): void {
    this.handedAt = Infinity;
    if (this.handedCursor !== null) this.takenCursor = this.handedCursor;
  }

  /** An event is on its way to a client that keeps up. */
  sent(cursor: string): void {
    this.takenCursor = cursor;
  }

  look(before: number): void {
    if (this.handedAt > before) return;
    this.end();
    this.stalled(this.takenCursor);
  }
}
