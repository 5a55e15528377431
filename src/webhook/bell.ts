/** A wait that can be cut short. A ring before the wait is not lost: the next wait ends at once. */
export class Bell {
  private rung = false;
  private end: (() => void) | null = null;

  ring(): void {
    this.rung = true;
    this.end?.();
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
