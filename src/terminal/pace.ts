/** How far a long piece of work has got. */
export interface Standing {
  done: number;
  /** What is counted, in the plural: `rows`. */
  unit: string;
  /** 0 to 1; null: nobody knows how much there is. */
  share: number | null;
  /** Whatever else is to be told; empty: nothing. */
  note: string;
}

const windowMs = 10_000;
const shortestMs = 1_000;

/** Tells from the standings of the last ten seconds how fast it goes, and how long it will take. */
export class Pace {
  private seen: { atMs: number; done: number; share: number | null }[] = [];

  /** @param atMs by a clock that never goes back */
  add({ done, share }: Standing, atMs: number): void {
    this.seen.push({ atMs, done, share });
    while (this.seen.length > 2 && this.seen[1]!.atMs <= atMs - windowMs) this.seen.shift();
  }

  /** How many in a second; null: too early to say. */
  perSecond(): number | null {
    const { seconds, first, last } = this.span();
    return seconds === null ? null : Math.max(0, (last!.done - first!.done) / seconds);
  }

  /** Seconds that the rest will take; null: cannot be said. */
  secondsLeft(): number | null {
    const { seconds, first, last } = this.span();
    if (seconds === null || last!.share === null || first!.share === null) return null;
    const sharePerSecond = (last!.share - first!.share) / seconds;
    return sharePerSecond > 0 ? (1 - last!.share) / sharePerSecond : null;
  }

  private span() {
    const [first, last] = [this.seen[0], this.seen.at(-1)];
    const ms = first && last ? last.atMs - first.atMs : 0;
    return { first, last, seconds: ms < shortestMs ? null : ms / 1_000 };
  }
}
