import { amount, duration } from './amounts.js';
import { Pace, type Standing } from './pace.js';

/** Where progress is shown: standard error, or what stands in for it. */
export interface Screen {
  isTTY?: boolean;
  /** Characters in a line. */
  columns?: number;
  write: (text: string) => unknown;
}

/** Shows how far a long piece of work has got. Times are milliseconds of a clock that never goes back. */
export interface Progress {
  show: (standing: Standing, atMs: number) => void;
  /** A line that stays. */
  tell: (line: string) => void;
  /** To be called before anything else is written. */
  end: () => void;
}

/** A bar on a terminal, elsewhere a plain line now and then. */
export const progressOn = (screen: Screen): Progress =>
  screen.isTTY ? new ProgressBar(screen) : new ProgressLines(screen);

const barWidth = 24;
const clearLine = '\r\u001b[2K';

/** One line that is drawn over again. */
class ProgressBar implements Progress {
  private readonly pace = new Pace();
  private drawn = false;

  constructor(private readonly screen: Screen) {}

  show(standing: Standing, atMs: number): void {
    this.pace.add(standing, atMs);
    const { share } = standing;
    const bar = share === null ? '' : `[${'='.repeat(Math.floor(share * barWidth)).padEnd(barWidth)}] `;
    // a line that is broken by the terminal's edge could not be drawn over
    this.screen.write(clearLine + (bar + words(standing, this.pace)).slice(0, (this.screen.columns ?? 80) - 1));
    this.drawn = true;
  }

  tell(line: string): void {
    this.end();
    this.screen.write(`${line}\n`);
  }

  end(): void {
    if (this.drawn) this.screen.write(clearLine);
    this.drawn = false;
  }
}

const lineEveryMs = 5_000;

/** For logs and pipes. */
class ProgressLines implements Progress {
  private readonly pace = new Pace();
  private lastMs: number | null = null;

  constructor(private readonly screen: Screen) {}

  show(standing: Standing, atMs: number): void {
    this.pace.add(standing, atMs);
    this.lastMs ??= atMs; // work that is done within seconds leaves no lines
    if (atMs - this.lastMs < lineEveryMs) return;
    this.lastMs = atMs;
    this.screen.write(`${words(standing, this.pace)}\n`);
  }

  tell(line: string): void {
    this.screen.write(`${line}\n`);
  }

  end(): void {
    this.lastMs = null;
  }
}

function words({ done, unit, share, note }: Standing, pace: Pace): string {
  const [rate, left] = [pace.perSecond(), pace.secondsLeft()];
  return [
    ...(share === null ? [] : [`${Math.floor(share * 100)} %`]),
    amount(done, unit),
    ...(rate === null ? [] : [`${Math.round(rate).toLocaleString('en-US')}/s`]),
    ...(left === null || left > 86_400 ? [] : [`${duration(left)} left`]),
    ...(note === '' ? [] : [note]),
  ].join(', ');
}
