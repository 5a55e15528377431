import type { Claim } from './claim.js';

export interface Outcome {
  ok: boolean;
  endpointClass: boolean;
  customerId: string;
  /** More customers are parked than an endpoint may have. */
  crowded: boolean;
  now: Date;
}

const ratioWindowMs = 60_000;
const maxRecent = 1_000;
const successesToClose = 3;
/** In a row: of one customer, and of two or more. */
const failuresOfOne = 10;
const failuresOfSeveral = 5;

/**
 * Whether an endpoint is worth trying (delivery-design B.7). Closed: everything is sent. Open: nothing is read, one probe
 * at a time; the backlog is the cursor's lag. After closing, requests in flight ramp up 1, 2, 4 … so that a receiver that
 * has just come back is not buried. What is stored with the cursor survives the process; the counts that open it do not,
 * which costs at most ten requests.
 */
export class Breaker {
  open = false;
  /** The first failure after the last success, and how many there were since. */
  failSince: Date | null = null;
  fails = 0;
  probeAt: Date | null = null;
  private streak = 0;
  private readonly streakCustomers = new Set<string>();
  private recent: { at: number; failed: boolean }[] = [];
  private successes = 0;
  private ramp = Infinity;

  constructor(
    private readonly random: () => number,
    private readonly probeMs: readonly [number, number],
  ) {}

  /** Takes over what the cursor's row says: another worker may have served the endpoint meanwhile. */
  restore(stored: Pick<Claim, 'breaker' | 'failSince' | 'fails' | 'probeAt'>): void {
    const wasOpen = this.open;
    this.open = stored.breaker === 'OPEN';
    if (this.open && !wasOpen) this.successes = 0;
    if (!this.open && wasOpen) this.forget();
    this.failSince = stored.failSince;
    this.fails = stored.fails;
    this.probeAt = stored.probeAt;
  }

  /** What the cursor's row is to say. */
  get stored(): Pick<Claim, 'breaker' | 'failSince' | 'fails' | 'probeAt'> {
    return {
      breaker: this.open ? 'OPEN' : 'CLOSED',
      failSince: this.failSince,
      fails: this.fails,
      probeAt: this.probeAt,
    };
  }

  /** How many requests may be in flight: while failures follow one another, no more than may yet open it (D 9). */
  get concurrency(): number {
    if (this.open) return 1;
    return this.streak === 0 ? this.ramp : Math.min(this.ramp, failuresOfOne - this.streak);
  }

  /** True when nothing is kept here that the cursor's row does not say. */
  get isCalm(): boolean {
    return !this.open && this.streak === 0 && this.ramp === Infinity && !this.recent.some((entry) => entry.failed);
  }

  note(outcome: Outcome): void {
    this.countRecent(outcome);
    if (outcome.ok) {
      this.failSince = null;
      this.fails = 0;
    } else {
      this.failSince ??= outcome.now;
      this.fails += 1;
    }
    if (this.open) this.noteProbe(outcome);
    else this.noteDelivery(outcome);
  }

  private countRecent({ now, ok, endpointClass }: Outcome): void {
    const at = now.getTime();
    this.recent.push({ at, failed: !ok && endpointClass });
    // Not at each: at thousands a second copying the newest would take longer than all else that is counted.
    if (this.recent.length > 2 * maxRecent || this.recent[0]!.at < at - ratioWindowMs)
      this.recent = this.recent.slice(-maxRecent).filter((entry) => entry.at >= at - ratioWindowMs);
  }

  /** A refusal of this customer's data shows that the endpoint is alive, unless it refuses everybody's. */
  private noteProbe(outcome: Outcome): void {
    if (!outcome.ok && (outcome.endpointClass || outcome.crowded)) {
      this.successes = 0;
      this.probeAt = this.nextProbe(outcome.now);
    } else if (++this.successes >= successesToClose) {
      this.open = false;
      this.probeAt = null;
      this.forget();
      this.ramp = 1;
    }
  }

  private noteDelivery(outcome: Outcome): void {
    if (outcome.ok || !outcome.endpointClass) {
      this.streak = 0;
      this.streakCustomers.clear();
      if (outcome.ok && this.ramp !== Infinity && ++this.successes >= this.ramp) this.rampUp();
    } else {
      this.streak += 1;
      if (this.streakCustomers.size < 2) this.streakCustomers.add(outcome.customerId);
    }
    if (this.mustOpen(outcome)) {
      this.open = true;
      this.successes = 0;
      this.probeAt = this.nextProbe(outcome.now);
    }
  }

  private rampUp(): void {
    this.successes = 0;
    this.ramp = this.ramp >= 64 ? Infinity : this.ramp * 2;
  }

  private mustOpen(outcome: Outcome): boolean {
    if (outcome.ok) return false;
    if (outcome.crowded) return true;
    if (this.streak >= failuresOfOne || (this.streak >= failuresOfSeveral && this.streakCustomers.size >= 2))
      return true;
    const recent = this.recent.slice(-maxRecent);
    const failed = recent.filter((entry) => entry.failed).length;
    return recent.length >= 20 && failed * 2 >= recent.length;
  }

  /** The wait equals the time that the failing has lasted, within its limits: so it doubles from probe to probe. */
  private nextProbe(now: Date): Date {
    const [shortest, longest] = this.probeMs;
    const lasted = this.failSince ? now.getTime() - this.failSince.getTime() : 0;
    const wait = Math.min(Math.max(lasted, shortest), longest);
    return new Date(now.getTime() + Math.round(wait * (0.8 + 0.4 * this.random())));
  }

  private forget(): void {
    this.streak = 0;
    this.streakCustomers.clear();
    this.recent = [];
    this.successes = 0;
    this.ramp = Infinity;
  }
}
