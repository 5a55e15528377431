import type { Sql } from '../database/database.js';
import type { FeedEvent } from '../feed/feed-event.js';
import type { Subject } from '../snapshot/subjects-shown.js';
import { judge, type Judgement } from './delivery-rules.js';
import { judgedCustomers } from './judged-customers.js';
import { retriedEvents } from './replay/retried-events.js';
import type { ServedEndpoint } from './served-endpoint.js';
import type { Job } from './shard.js';
import { markTold, type Leavers } from './told-customers.js';

/** A job with what it needs beyond what the worker has in memory. */
export type PreparedJob =
  | { job: Job; event: FeedEvent; subject: Subject | null; judgement: Judgement }
  /** Of a customer that is tried again: none of its events is left. */
  | { job: Job; event: null };

/**
 * Reads what the jobs need as it is now: a receiver gets the newest snapshot, whichever event is told (D4), and by that
 * snapshot it is judged whether it is sent at all. Who is about to be told of is noted before anything is sent.
 */
export async function prepareJobs(
  sql: Sql,
  place: { ownerId: string; endpoint: ServedEndpoint; leavers: Leavers },
  jobs: readonly Job[],
  at: Date,
): Promise<PreparedJob[]> {
  const { ownerId, endpoint, leavers } = place;
  const parked = jobs.flatMap((job) => job.parked ?? []);
  const customerIds = jobs.map((job) => job.customerId);
  const retried = await retriedEvents(sql, ownerId, parked, endpoint);
  const customers = await judgedCustomers(sql, place, customerIds, at);
  const news: string[] = [];
  const prepared = jobs.map((job): PreparedJob => {
    const event = job.parked ? retried.get(job.customerId) : job.event;
    if (!event) return { job, event: null };
    const customer = customers.get(job.customerId)!;
    const judgement = judge(endpoint, event, customer);
    if (endpoint.conditions && judgement === 'SEND' && !customer.told) news.push(job.customerId);
    return { job, event, subject: customer.subject, judgement };
  });
  if (news.length > 0) await markTold(sql, { ownerId, endpointId: endpoint.id }, news);
  leavers.comeBack(news);
  return prepared;
}
