/** What a run does beside its sending, so that requests need not wait for statements: of each kind one at a time. */
export class SideWork<Kind extends string> {
  private readonly going = new Map<Kind, Promise<void>>();

  /** `ended` is called after each, with what it threw or null. */
  constructor(private readonly ended: (error: Error | null) => void) {}

  /** Begins work of a kind, unless some of it is going on. Resolves when that has ended, however it did. */
  begin(kind: Kind, work: () => Promise<void>): Promise<void> {
    const going = this.going.get(kind);
    if (going) return going;
    const end = (error: Error | null) => {
      this.going.delete(kind);
      this.ended(error);
    };
    const begun = work().then(() => end(null), end);
    this.going.set(kind, begun);
    return begun;
  }

  isGoing(kind: Kind): boolean {
    return this.going.has(kind);
  }

  /** Resolves when nothing is going on any more, however it ended. */
  async settled(): Promise<void> {
    while (this.going.size > 0) await Promise.all(this.going.values());
  }
}
