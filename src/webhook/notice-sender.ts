import type { Clock } from '../clock.js';
import type { Database } from '../database/database.js';
import { Loop } from '../loop.js';
import type { Dispatch } from './dispatch.js';
import { failingEndpoints, judgeHealth, patienceMs } from './endpoint-health.js';
import { logTold } from './health-watch.js';
import { claimNotices, settleNotice, type ClaimedNotice } from './claim-notices.js';
import { compose } from './outgoing.js';
import { retryDelayMs } from './retry.js';
import { send } from './send.js';
import { loadServedEndpoint } from './served-endpoint.js';
import { tellSummaries } from './tell-summaries.js';

const batch = 20;
const keptDays = 14;

/**
 * Sends what `tellEndpoints` has left to the endpoints that ask for operational events, and to all the summaries of batches
 * that are told as a whole: signed and logged as a delivery, at
 * least once, in order for each endpoint told of, tried again by the schedule of deliveries (delivery-design B.7). Any
 * number of processes may run one. Finds out, too, which failing endpoints have recovered.
 */
export class NoticeSender {
  private readonly abort = new AbortController();
  private readonly loop: Loop;

  constructor(
    private readonly hub: Dispatch,
    private readonly clock: Clock,
  ) {
    this.loop = new Loop({
      pauseMs: hub.timing.noticeMs,
      run: () => this.run(),
      failed: (error) => hub.log('error', 'webhook.notice.failed', { part: 'webhooks', error }),
    });
  }

  start(): void {
    this.loop.start();
  }

  /** Ends requests under way after a while; their notices are sent again. */
  async stop(): Promise<void> {
    const timer = setTimeout(() => this.abort.abort(), this.hub.timing.drainMs);
    await this.loop.stop();
    clearTimeout(timer);
  }

  /** True when there may be more to send at once. */
  private async run(): Promise<boolean> {
    const { db, timing } = this.hub;
    const more = await db.asSystem(tellSummaries);
    for (const place of await db.asSystem(failingEndpoints))
      logTold(
        this.hub.log,
        await db.asSystem((sql) => judgeHealth(sql, place, this.hub.time.now(), patienceMs(timing.probeMs))),
      );
    const claimed = await db.asSystem((sql) =>
      claimNotices(sql, { limit: batch, leaseMs: timing.leaseMs, at: this.clock.at() }),
    );
    await Promise.all(claimed.map((notice) => this.tell(notice)));
    return more || claimed.length === batch;
  }

  private async tell(notice: ClaimedNotice): Promise<void> {
    const { db, secret, guard, version, timing, random } = this.hub;
    const { signal } = this.abort;
    const endpoint = await db.asSystem((sql) => loadServedEndpoint(sql, secret, notice));
    if (!endpoint) return; // deleted meanwhile, and its notices with it
    const webhookId = `ntc_${notice.id}`;
    const at = this.hub.time.now();
    const text = endpoint.method === 'GET' ? queryOf(notice.body) : notice.body;
    const content = { text, contentType: 'application/json', filled: false };
    const outgoing = compose(endpoint, { webhookId, type: notice.type, content, at }, version);
    const result = await send(guard, outgoing, { deadlineMs: timing.deadlineMs, signal });
    if (signal.aborted && !result.ok) return; // the hub's own doing: another process sends it when the lease is over
    const delayMs = result.ok ? null : retryDelayMs(notice.attempt, result, random, timing.retryScheduleMs);
    const state = result.ok ? 'SUCCEEDED' : delayMs === null ? 'DEAD' : 'RETRYING';
    const nextAt = delayMs === null ? null : new Date(this.hub.time.now().getTime() + delayMs);
    await db.asSystem((sql) => settleNotice(sql, notice, { at, webhookId, state, result, nextAt }));
    const { ownerId, endpointId } = notice;
    if (state === 'DEAD') this.hub.log('error', 'webhook.notice.dead', { ownerId, endpointId, code: notice.type });
  }
}

/** The plain values of a message as a query: GET has no body. */
function queryOf(body: string): string {
  const { type, data } = JSON.parse(body) as { type: string; data: Record<string, unknown> & { counts?: object } };
  const plain = Object.entries({ ...data, ...data.counts }).flatMap(([name, value]) =>
    typeof value === 'string' || typeof value === 'number' ? [[name, String(value)] as [string, string]] : [],
  );
  return new URLSearchParams([['type', type], ...plain]).toString();
}

/** Deletes notices that could not be sent for 14 days, because nobody switched their endpoint on. */
export async function pruneNotices(db: Database, at: Date | null): Promise<void> {
  await db.asSystem((sql) =>
    sql.rows(
      `/* pruneNotices */ DELETE FROM webhook_notice
       WHERE created_at < coalesce($1::timestamptz, clock_timestamp()) - $2 * interval '1 day'`,
      [at, keptDays],
    ),
  );
}
