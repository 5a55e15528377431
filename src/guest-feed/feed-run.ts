import type { Hub } from '../hub.js';
import { send } from '../webhook/send.js';
import { write } from '../write.js';
import { channels } from './channels.js';
import type { GuestFeedChannel } from './channel.js';
import { allHold, judgeStay, whyFeedIsOff } from './criteria.js';
import type { FeedTiming } from './feed-timing.js';
import { fingerprintsOf } from './fingerprint.js';
import { stayByNumber, staysDue, type GuestStay, type StayPosition } from './guest-stay.js';
import { persistently } from './persistently.js';
import type { RunClaim } from './run-claim.js';
import { finishRun, releaseRun } from './run-end.js';
import { RunLease } from './run-lease.js';
import { loadServedFeed, type ServedFeed } from './served-feed.js';
import { beginStay, markFailed, markSent, stopFeed } from './stay-marks.js';

/** What a run needs of the hub. */
export type RunHub = Pick<Hub, 'db' | 'clock' | 'secret' | 'guard' | 'log' | 'wakeRelay'>;

const pageSize = 100;
const requestsAtOnce = 4;
const maxFailuresInARow = 20;

/**
 * One run of a feed (C4, C5): goes through the stays in pages, one request per stay, four at a time. Each is judged
 * again, noted as begun, sent, and its outcome noted. What crashes in between is sent once more by whoever goes on with
 * the run: at least once towards the service in that window, and exactly one success in the hub (A34).
 */
export class FeedRun {
  private readonly lease: RunLease;
  private readonly abort = new AbortController();
  private halted = false;
  private complete = false;
  private skipped = 0;
  private failuresInARow = 0;
  /** Why the run is over before its end. */
  private reason: string | null = null;

  constructor(
    private readonly hub: RunHub,
    private readonly claim: RunClaim,
    private readonly timing: FeedTiming,
    claimedAt: number,
  ) {
    this.lease = new RunLease(hub.db, claim, timing.leaseMs, claimedAt);
  }

  /** Goes to the end, or as far as it may. Never throws: what goes wrong is logged and told in the run. */
  async perform(): Promise<void> {
    const { ownerId, feedId } = this.claim;
    this.lease.start();
    try {
      await this.goThrough().catch((error: unknown) => this.fail(error));
      await this.end();
    } catch (error) {
      // the lease runs out, and somebody goes on
      this.hub.log('error', 'guest-feed.run.left', { part: 'feeds', ownerId, feedId, error });
    } finally {
      this.lease.stop();
    }
  }

  /** Begins no further request; those under way get a while to end. */
  halt(): void {
    if (this.halted) return;
    this.halted = true;
    setTimeout(() => this.abort.abort(), this.timing.drainMs).unref();
  }

  private async goThrough(): Promise<void> {
    for (let after: StayPosition | null = null; !this.isOver;) {
      const stays = await this.nextPage(after);
      const due = stays.filter(({ sendable }) => sendable);
      this.skipped += stays.length - due.length;
      const queue = due.map(({ stay }) => stay.number);
      await Promise.all(Array.from({ length: requestsAtOnce }, () => this.work(queue)));
      if (this.isOver) return;
      if (stays.length < pageSize) return void (this.complete = true);
      after = stays.at(-1)!.stay.position;
    }
  }

  private get isOver(): boolean {
    return this.halted || this.reason !== null || this.lease.isLost;
  }

  private nextPage(after: StayPosition | null): Promise<{ stay: GuestStay; sendable: boolean }[]> {
    return this.asOwner(async (sql) => {
      const feed = await this.feedToServe(sql);
      if (!feed?.since) return [];
      const stays = await staysDue(sql, { ...this.claim, since: feed.since.toISOString() }, { after, size: pageSize });
      return stays.map((stay) => ({ stay, sendable: this.judge(feed, stay).sendable }));
    });
  }

  /** Null, and the run is over, when nothing may be sent any more (C3). */
  private async feedToServe(sql: Parameters<typeof loadServedFeed>[0]): Promise<ServedFeed | null> {
    const feed = await loadServedFeed(sql, this.hub.secret, this.claim);
    this.reason ??= feed ? whyFeedIsOff(feed) : 'this feed was deleted';
    return this.reason === null ? feed : null;
  }

  private judge(feed: ServedFeed, stay: GuestStay) {
    const channel: GuestFeedChannel = channels[feed.kind];
    const outgoing = channel.compose(feed.account, stay);
    const fingerprints = fingerprintsOf(this.hub.secret, outgoing.body);
    const sendable = allHold(judgeStay(stay, feed.since, fingerprints));
    return { channel, outgoing, fingerprint: fingerprints[0]!, sendable };
  }

  private async work(queue: string[]): Promise<void> {
    for (let number = queue.shift(); number !== undefined && !this.isOver; number = queue.shift()) {
      if (!this.lease.isLongEnoughFor(this.timing.deadlineMs)) await this.lease.renew();
      if (!this.isOver) await this.sendStay(number).catch((error: unknown) => this.fail(error));
    }
  }

  private fail(error: unknown): void {
    const { ownerId, feedId } = this.claim;
    this.hub.log('error', 'guest-feed.run.failed', { part: 'feeds', ownerId, feedId, error });
    this.reason ??= 'ended by an error of the hub; its log tells more';
  }

  private async sendStay(number: string): Promise<void> {
    const begun = await this.begin(number);
    if (!begun) return;
    const { feed, bookingId, channel, outgoing } = begun;
    const { deadlineMs } = this.timing;
    const { status, error } = await send(this.hub.guard, outgoing, { deadlineMs, signal: this.abort.signal });
    const verdict = channel.verdictOf(status);
    if (verdict === 'ACCEPTED') return this.sent(feed, bookingId, status);
    if (this.abort.signal.aborted && status === null) return; // not known: whoever goes on sends it again
    const meaning = status === null ? null : channel.meaningOf(status);
    const text = meaning ? `answered ${status}: ${meaning}` : (error ?? `answered ${status}`);
    await this.asOwner((sql) =>
      markFailed(sql, this.claim, bookingId, {
        state: verdict === 'REFUSED' ? 'REFUSED' : 'FAILED',
        status,
        error: text,
      }),
    );
    if (verdict === 'STOP') await this.stop(feed, status, text);
    this.failuresInARow = verdict === 'RETRY' ? this.failuresInARow + 1 : 0;
    if (this.failuresInARow >= maxFailuresInARow)
      this.reason ??= `${maxFailuresInARow} requests in a row failed, the last one: ${text}; the rest waits for the next run`;
  }

  /** The stay as it is at this moment, noted as begun; null: it is not to be sent (any more). */
  private begin(number: string) {
    return this.asOwner(async (sql) => {
      const feed = await this.feedToServe(sql);
      const stay = feed && (await stayByNumber(sql, this.claim, number));
      if (!feed || !stay) return null;
      const { sendable, fingerprint, ...request } = this.judge(feed, stay);
      if (!sendable) this.skipped++;
      const { bookingId } = stay;
      const begun = sendable && (await beginStay(sql, this.claim, { bookingId, fingerprint }, this.hub.clock.at()));
      return begun ? { feed, bookingId, ...request } : null;
    });
  }

  private async sent({ kind, name }: ServedFeed, bookingId: string, status: number | null): Promise<void> {
    this.failuresInARow = 0;
    const stay = { bookingId, status, detail: `guest feed ${name} (${kind})` };
    const options = { ownerId: this.claim.ownerId, origin: null };
    await persistently(() => write(this.hub, options, (tx) => markSent(tx, this.claim, stay)), this.timing.troubleMs);
  }

  private async stop(feed: ServedFeed, status: number | null, text: string): Promise<void> {
    const stopped = await this.asOwner((sql) => stopFeed(sql, this.claim, feed.version, text));
    if (!stopped) return;
    this.reason = `stopped: ${text}`;
    const { ownerId, feedId } = this.claim;
    this.hub.log('warn', 'guest-feed.stopped', {
      part: 'feeds',
      ownerId,
      feedId,
      ...(status === null ? {} : { status }),
    });
  }

  private async end(): Promise<void> {
    const { claim, skipped, reason } = this;
    if (!this.complete && reason === null)
      return this.halted ? this.asOwner((sql) => releaseRun(sql, claim)) : undefined;
    await this.asOwner((sql) => finishRun(sql, claim, { skipped, reason }, this.hub.clock.at()));
  }

  private asOwner<T>(work: Parameters<typeof this.hub.db.asOwner<T>>[1]): Promise<T> {
    return persistently(() => this.hub.db.asOwner(this.claim.ownerId, work), this.timing.troubleMs);
  }
}
