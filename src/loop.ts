/**
 * Work that repeats: at once when woken, else after a pause. One run at a time; a failed run is told and tried again
 * after the pause. Can start, stop, and stop twice.
 */
export class Loop {
  private running: Promise<void> | null = null;
  private stopped = false;
  private woken = false;
  private endPause: (() => void) | null = null;

  constructor(
    private readonly options: {
      pauseMs: number;
      /** Gives true when there is more to do at once. */
      run: () => Promise<boolean>;
      failed: (error: unknown) => void;
    },
  ) {}

  start(): void {
    this.running ??= this.repeat();
  }

  /** A hint that there is work. */
  wake(): void {
    this.woken = true;
    this.endPause?.();
  }

  /** Resolves when the run at hand has ended. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.endPause?.();
    await this.running;
  }

  private async repeat(): Promise<void> {
    while (!this.stopped) {
      this.woken = false;
      const more = await this.options.run().catch((error: unknown) => {
        if (!this.stopped) this.options.failed(error);
        return false;
      });
      if (!more && !this.woken && !this.stopped) await this.pause();
    }
  }

  private pause(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.endPause?.(), this.options.pauseMs);
      this.endPause = () => {
        clearTimeout(timer);
        this.endPause = null;
        resolve();
      };
    });
  }
}
