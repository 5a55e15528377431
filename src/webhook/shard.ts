import type { FeedEvent } from '../feed/feed-event.js';
import type { Breaker } from './breaker.js';
import { judge } from './delivery-rules.js';
import type { DeliveryState } from './delivery-state.js';
import { noSuccess } from './disable-endpoint.js';
import { EventWindow } from './event-window.js';
import type { JudgedCustomer } from './judged-customers.js';
import { Lanes } from './lanes.js';
import type { Parked, ParkedCustomers } from './parked.js';
import { foldable, newestOf } from './parked-events.js';
import { eventsOf, markOf, restBehindState, withoutState, type Replayed } from './replay/replayed.js';
import { ShardReplay } from './replay/shard-replay.js';
import { isState } from './replay/state-event.js';
import { retryDelayMs } from './retry.js';
import type { SendResult } from './send.js';
import type { ServedEndpoint } from './served-endpoint.js';
import { handledTo, isHandled, type ShardSlice } from './shard-slice.js';

/** One request to make: the next of a lane, of a parked customer, or of a replay. */
export type Job = { customerId: string; attempt: number; replay?: Replayed } & (
  { parked: null; event: FeedEvent; count: number } | { parked: Parked }
);

type ParkedHow = Omit<Parked, 'customerId' | 'firstPos' | 'lastPos'>;

const disableAfterMs = 120 * 60 * 60 * 1_000;
const disableAfterFails = 20;

/**
 * The state of one shard in the memory of the worker that leased it: what to send next, and what an outcome changes
 * (delivery-design B.6, B.7). Does no input or output; `shard-run.ts` reads and writes.
 */
export class Shard {
  readonly window: EventWindow;
  readonly lanes = new Lanes();
  readonly replay: ShardReplay;
  /** Set once the endpoint must get nothing more until a person enables it again. */
  disabledReason: string | null = null;

  constructor(
    ackedPos: bigint,
    public endpoint: ServedEndpoint,
    readonly parked: ParkedCustomers,
    readonly breaker: Breaker,
    private readonly schedule: readonly number[],
    private readonly random: () => number,
    private readonly slice: ShardSlice,
  ) {
    this.window = new EventWindow(ackedPos);
    this.replay = new ShardReplay(this.lanes, parked);
  }

  /**
   * Takes an event from the feed: into its customer's lane, behind a parked customer, or nowhere. `customer`: as it is now,
   * where the endpoint has conditions. What does not meet them now never will: a later change is an event of its own.
   */
  take(event: FeedEvent, customer: JudgedCustomer | undefined): void {
    this.window.add(event.pos);
    const parked = this.parked.get(event.customerId);
    if (isHandled(this.slice, event) || judge(this.endpoint, event, customer) === 'PASS')
      return this.window.finish(event.pos);
    if (parked && (parked.state === 'RETRY' || this.blocksDead || event.pos <= parked.lastPos)) {
      if (event.pos > parked.lastPos) this.parked.set({ ...parked, lastPos: event.pos });
      return this.window.finish(event.pos);
    }
    // A change of a dead customer makes it alive again (B.7, skip).
    if (parked) this.parked.remove(event.customerId);
    this.lanes.push(event);
  }

  /**
   * Up to `slots` requests that may start now, their customers held. `mayStart` is asked before each. Retries get at most
   * half of the slots while lanes wait, so that failing customers do not delay the others (D6).
   */
  nextJobs(now: Date, slots: number, options: { retries: boolean; mayStart: () => boolean }): Job[] {
    if (this.breaker.open) return this.probe(now, slots, options.mayStart);
    const jobs: Job[] = [];
    const share = this.lanes.isEmpty ? slots : Math.ceil(slots / 2);
    const due = options.retries ? this.parked.due(now) : [];
    for (const parked of due
      .filter((customer) => !this.lanes.isHeld(customer.customerId))
      .slice(0, Math.max(0, share))) {
      if (!options.mayStart()) return jobs;
      jobs.push(this.retryOf(parked));
    }
    while (jobs.length < slots) {
      const customerId = this.lanes.nextCustomer();
      if (customerId === null || !options.mayStart()) break;
      jobs.push(this.deliveryOf(customerId));
    }
    if (options.retries) jobs.push(...this.replay.nextJobs(now, slots - jobs.length, this.endpoint, options.mayStart));
    return jobs;
  }

  /** True while nothing can be started before time passes or the feed grows. */
  isIdle(now: Date): boolean {
    const nothing = this.lanes.isEmpty && this.parked.oldest() === null && this.replay.isIdle;
    if (this.breaker.open) return !this.isProbeDue(now) || nothing;
    return this.window.isEmpty && this.parked.due(now).length === 0 && this.replay.isIdle;
  }

  /** Records what became of a request for `event`; gives the state for the log of attempts. */
  settle(job: Job, event: FeedEvent, result: SendResult, now: Date): DeliveryState {
    this.lanes.release(job.customerId);
    const probing = this.breaker.open;
    const { crowded } = this.parked;
    this.breaker.note({ ok: result.ok, endpointClass: result.endpointClass, customerId: job.customerId, crowded, now });
    if (result.ok) {
      this.succeed(job, event, now);
      return 'SUCCEEDED';
    }
    this.disabledReason ??= this.reasonToDisable(result, now);
    if (result.status === 410) return 'FAILED';
    if (probing && (result.endpointClass || crowded)) {
      job.replay?.window.putBack(job.replay.items);
      return 'RETRYING'; // it stays where it is: a cursor that lags
    }
    return this.park(job, event, result, now);
  }

  /** Records that an event is finished without a request: the customer as it is now is not to be sent. */
  passOver(job: Job, event: FeedEvent, now: Date): void {
    this.lanes.release(job.customerId);
    job.replay?.window.finish(job.replay.items, 'skipped');
    if (!job.replay || job.parked) this.advance(job, event, now);
  }

  /** A parked customer none of whose events is left in the feed, or wanted. */
  settleEmpty(customerId: string, parked: Parked): void {
    this.lanes.release(customerId);
    const current = this.parked.get(customerId);
    if (current && current.lastPos === parked.lastPos) this.parked.remove(customerId);
  }

  /**
   * Before the shard is given back: events that were not sent, but stand before one that was, become parked customers that
   * are due at once. So the position can be acknowledged, and nothing that was sent is sent again. What only waited
   * further on is left to the next reader: it costs no rows.
   */
  closeGaps(now: Date): void {
    const newest = this.window.newestUnacknowledged();
    for (const customerId of newest === null ? [] : this.lanes.customers()) {
      const count = this.lanes.waiting(customerId).filter((event) => event.pos < newest!).length;
      const events = this.lanes.remove(customerId, count);
      if (events.length === 0) continue;
      this.parkEvents(customerId, events, {
        attempt: 0,
        nextAt: now,
        state: 'RETRY',
        lastStatus: null,
        lastError: null,
        replay: null,
        triedPos: null,
      });
    }
    const { ackedPos } = this.window;
    const keptTo = (customerId: string): bigint => {
      const handled = handledTo(this.slice, customerId); // these are not put behind their customer a second time
      return handled > ackedPos ? handled : ackedPos;
    };
    this.parked.forgetAfter(keptTo, { dead: this.blocksDead });
  }

  private probe(now: Date, slots: number, mayStart: () => boolean): Job[] {
    if (slots < 1 || !this.isProbeDue(now)) return [];
    const customerId = this.parked.crowded ? null : this.lanes.nextCustomer();
    const parked = this.parked.oldest();
    if (customerId === null && parked === null) return this.replay.nextJobs(now, 1, this.endpoint, mayStart);
    if (!mayStart()) return [];
    return [customerId === null ? this.retryOf(parked!) : this.deliveryOf(customerId)];
  }

  private isProbeDue(now: Date): boolean {
    return this.breaker.probeAt === null || this.breaker.probeAt <= now;
  }

  private retryOf(parked: Parked): Job {
    this.lanes.hold(parked.customerId);
    return { customerId: parked.customerId, attempt: parked.attempt + 1, parked };
  }

  private deliveryOf(customerId: string): Job {
    this.lanes.hold(customerId);
    const waiting = this.lanes.waiting(customerId);
    const count = this.endpoint.mode === 'LATEST' ? waiting.length : foldable(waiting);
    return { customerId, attempt: 1, parked: null, event: newestOf(waiting.slice(0, count)), count };
  }

  /** Whether the events of a dead customer wait for a person (B.7, block). */
  private get blocksDead(): boolean {
    return this.endpoint.onDead === 'BLOCK';
  }

  private succeed(job: Job, event: FeedEvent, now: Date): void {
    job.replay?.window.finish(job.replay.items, 'sent');
    if (job.replay && !job.parked) return;
    this.window.attempted(event.pos);
    this.advance(job, event, now);
  }

  /** The customer is done with an event: on to what waits behind it. */
  private advance(job: Job, event: FeedEvent, now: Date): void {
    if (!job.parked) return this.lanes.remove(job.customerId, job.count).forEach(({ pos }) => this.window.finish(pos));
    const parked = this.parked.get(job.customerId) ?? job.parked;
    const firstPos = isState(event) ? restBehindState(parked, job.parked) : event.pos + 1n;
    if (firstPos > parked.lastPos) this.parked.remove(job.customerId);
    else this.parked.set({ ...parked, firstPos, ...alive(now), replay: withoutState(parked.replay) });
  }

  private reasonToDisable(result: SendResult, now: Date): string | null {
    if (result.status === 410) return 'the endpoint answered 410 Gone';
    const { failSince, fails } = this.breaker;
    const longDead = failSince !== null && now.getTime() - failSince.getTime() >= disableAfterMs;
    return longDead && fails >= disableAfterFails ? noSuccess : null;
  }

  private park(job: Job, event: FeedEvent, result: SendResult, now: Date): DeliveryState {
    if (!job.replay) this.window.attempted(event.pos);
    job.replay?.window.finish(job.replay.items, 'failed');
    const delayMs = retryDelayMs(job.attempt, result, this.random, this.schedule);
    const state = delayMs === null ? 'DEAD' : 'RETRY';
    const nextAt = new Date(now.getTime() + (delayMs ?? 0));
    const last = { lastStatus: result.status, lastError: result.error, triedPos: event.pos };
    const how = { attempt: job.attempt, nextAt, state, ...last } as const;
    // Where it begins stays, since LATEST tells the reasons of all that waits; it may have grown at its end meanwhile.
    if (job.parked) this.parked.set({ ...(this.parked.get(job.customerId) ?? job.parked), ...how });
    else if (job.replay) this.parkReplayed(job.customerId, job.replay, { ...how, replay: markOf(job.replay) });
    else this.parkEvents(job.customerId, this.lanes.remove(job.customerId, Infinity), { ...how, replay: null });
    return delayMs === null ? 'DEAD' : 'RETRYING';
  }

  /** Behind a state nothing may wait yet: then it begins after all that was read, and takes in what comes. */
  private parkReplayed(customerId: string, replay: Replayed, how: ParkedHow): void {
    const events = [...eventsOf(replay), ...this.lanes.remove(customerId, Infinity)];
    if (events.length > 0) return this.parkEvents(customerId, events, how);
    const { readPos } = this.window;
    this.parked.set({ customerId, firstPos: readPos + 1n, lastPos: readPos, ...how });
  }

  private parkEvents(customerId: string, events: FeedEvent[], how: ParkedHow): void {
    this.parked.set({ customerId, firstPos: events[0]!.pos, lastPos: events.at(-1)!.pos, ...how });
    for (const event of events) this.window.finish(event.pos);
  }
}

/** With all attempts still to come. */
const alive = (now: Date) => ({ attempt: 0, nextAt: now, triedPos: null });
