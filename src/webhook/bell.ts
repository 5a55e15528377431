/**
 * A wait that can be cut short. A ring before the wait is not lost: the next wait ends at once. Rings of one turn of the
 * event loop are one: of 64 requests under way several end in the same turn, and what follows is done for all of them.
 */
export class Bell {
  private rung = false;
  private end: (() => void) | null = null;

  ring(): void {
    if (!this.rung && this.end) setImmediate(this.end);
    this.rung = true;
  }

  /** Ends after `ms` milliseconds or with the next ring; true when it rang. */
  async wait(ms: number): Promise<boolean> {
    if (!this.rung) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        this.end = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      this.end = null;
    }
    const { rung } = this;
    this.rung = false;
    return rung;
  }
}
