import type { RuleVerdict } from '../graphql/rule-verdict.js';
import type { Delivery } from './delivery.entity.js';
import type { Standing } from './delivery-standing.js';
import { maxAttempts } from './retry.js';
import type { WebhookEndpoint } from './webhook-endpoint.entity.js';

/** Rules about the endpoint: while one does not hold, nothing is sent to it, whatever the events are like. */
export function judgeEndpoint(endpoint: WebhookEndpoint, { breaker, needsResync }: Standing): RuleVerdict[] {
  const { state, disabledReason } = endpoint;
  const { open, failSince, probeAt } = breaker;
  const since = failSince ? `, failing since ${failSince.toISOString()}` : '';
  return [
    {
      rule: 'endpointActive',
      value: disabledReason ? `${state}: ${disabledReason}` : state,
      holds: state === 'ACTIVE',
    },
    {
      rule: 'feedReachesBack',
      value: needsResync
        ? 'changes that were not sent have left the feed: it needs a resync'
        : 'nothing has been missed',
      holds: !needsResync,
    },
    {
      rule: 'breaker',
      value: open ? `open${since}; the next probe ${probeAt?.toISOString() ?? 'at once'}` : `closed${since}`,
      holds: !open,
    },
    {
      rule: 'pace',
      value: `up to ${endpoint.ratePerSecond} requests per second, ${endpoint.maxInFlight} at once`,
      holds: true,
    },
  ];
}

/** The customer's newest event: what the rules of the endpoint's filters are about. */
export function judgeEvent({ event }: Standing): RuleVerdict {
  if (!event) return { rule: 'event', value: 'no change within the last 14 days', holds: false };
  const { version, reasons, occurredAt } = event;
  return {
    rule: 'event',
    value: `version ${version}, ${reasons.join(', ')}, ${occurredAt.toISOString()}`,
    holds: true,
  };
}

/** What has become of the newest event: whether it still waits to be sent, and can be. */
export function judgeProgress(
  endpoint: WebhookEndpoint,
  standing: Standing,
  lastDelivery: Delivery | null,
): RuleVerdict[] {
  const { parked } = standing;
  const dead = isHeldByDead(endpoint, standing);
  return [
    { rule: 'notSentBefore', value: progress(endpoint, standing, lastDelivery), holds: isWaiting(standing) },
    {
      rule: 'notDead',
      value: parked ? attempts(parked, dead) : 'no failed attempt',
      holds: !dead,
    },
  ];
}

/** Whether something of the customer is still to be sent: behind the cursor's position, or parked. */
const isWaiting = ({ ahead, parked }: Standing): boolean => ahead > 0 || parked !== null;

/** A dead customer gets its next change (onDead SKIP), or nothing until a person decides (BLOCK). */
function isHeldByDead({ onDead }: WebhookEndpoint, { parked, event, ahead }: Standing): boolean {
  if (parked?.state !== 'DEAD') return false;
  return onDead === 'BLOCK' || ahead === 0 || !event || event.pos <= parked.lastPos;
}

function progress({ createdAt }: WebhookEndpoint, standing: Standing, lastDelivery: Delivery | null): string {
  const { event, ahead, parked } = standing;
  if (!event) return 'there is nothing to send';
  if (ahead === 1) return 'waits: the next event of the feed to be sent';
  if (ahead > 1) return `waits: ${ahead} events of the feed to go, this one the last`;
  if (parked) return parked.attempt === 0 ? 'waits for its turn' : 'tried, and not accepted';
  if (lastDelivery?.state === 'SUCCEEDED' && (lastDelivery.version ?? 0) >= event.version)
    return `accepted ${lastDelivery.at.toISOString()}`;
  if (lastDelivery && lastDelivery.state !== 'SUCCEEDED') return `passed: ${lastDelivery.error ?? 'not accepted'}`;
  if (event.occurredAt < createdAt) return `older than the endpoint, which is of ${createdAt.toISOString()}`;
  return 'passed over: a rule did not hold when its turn came';
}

function attempts(parked: NonNullable<Standing['parked']>, dead: boolean): string {
  const { attempt, nextAt, lastError, lastStatus } = parked;
  const last = lastError ?? (lastStatus === null ? null : `answered ${lastStatus}`);
  if (attempt === 0) return `no failed attempt; the next ${nextAt.toISOString()}`;
  const failed = `${attempt} of ${maxAttempts} attempts failed${last ? `, the last one: ${last}` : ''}`;
  if (parked.state === 'RETRY') return `${failed}; the next ${nextAt.toISOString()}`;
  return `${failed}; dead since ${nextAt.toISOString()}${dead ? '' : ', revived by the newest change'}`;
}
