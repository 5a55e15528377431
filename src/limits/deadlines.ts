import type { Context } from '../context.js';
import { Refusal } from '../errors.js';

const lookEveryMs = 250;

/**
 * Gives up queries that take too long: what they read is cancelled, and they are answered with DEADLINE_EXCEEDED. One timer
 * looks at all of them. Subscriptions last, and mutations are done or not done: neither has a deadline here.
 */
export class Deadlines {
  /** By when they began, the oldest first. */
  private readonly watched = new Map<Context, number>();
  private readonly timer: NodeJS.Timeout;

  constructor(private readonly withinMs: number) {
    this.timer = setInterval(() => this.look(performance.now() - withinMs), Math.min(lookEveryMs, withinMs));
    this.timer.unref();
  }

  watch(ctx: Context): void {
    this.watched.set(ctx, performance.now());
  }

  /** It was answered. */
  done(ctx: Context): void {
    this.watched.delete(ctx);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private look(before: number): void {
    for (const [ctx, since] of this.watched) {
      if (since > before) return;
      this.watched.delete(ctx);
      ctx.abort(deadlineExceeded(this.withinMs));
    }
  }
}

export const deadlineExceeded = (withinMs: number): Refusal =>
  new Refusal('DEADLINE_EXCEEDED', `the query took longer than ${withinMs / 1_000} s and was given up: ask for less`);

/** Nobody reads it. */
export const clientGone = (): Refusal => new Refusal('DEADLINE_EXCEEDED', 'the client has gone');
