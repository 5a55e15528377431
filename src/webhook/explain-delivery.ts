import type { Sql } from '../database/database.js';
import { Rejected, problem } from '../errors.js';
import type { RuleVerdict } from '../graphql/rule-verdict.js';
import type { Secret } from '../secret.js';
import { contentOf } from './content.js';
import { explainRules, judge } from './delivery-rules.js';
import { standingOf, type Standing } from './delivery-standing.js';
import { judgeEndpoint, judgeEvent, judgeProgress } from './delivery-verdicts.js';
import type { DeliveryExplanation } from './explanation.type.js';
import { lastDeliveryOf } from './find-deliveries.js';
import { findEndpoint } from './find-endpoints.js';
import { judgedCustomers, type JudgedCustomer } from './judged-customers.js';
import { eventType } from './message.js';
import { loadServedEndpoint, type ServedEndpoint } from './served-endpoint.js';

/**
 * Why a customer's newest event is, or is not, sent to an endpoint: the rules by which the dispatcher decides, as they
 * stand now. `at`: decides which day it is and what is due; null: now. @throws Rejected NOT_FOUND for either
 */
export async function explainDelivery(
  sql: Sql,
  secret: Secret,
  { ownerId, endpointId, customerId }: { ownerId: string; endpointId: string; customerId: string },
  at: Date | null,
): Promise<DeliveryExplanation> {
  const place = { ownerId, endpointId };
  const settings = await findEndpoint(sql, ownerId, endpointId);
  const served = settings && (await loadServedEndpoint(sql, secret, place));
  if (!served)
    throw new Rejected([problem('NOT_FOUND', 'endpointId', 'invalid endpointId (no such webhook endpoint)')]);
  const standing = await standingOf(sql, place, customerId);
  if (!standing.known)
    throw new Rejected([problem('NOT_FOUND', 'customerId', 'invalid customerId (no such customer)')]);
  const customer = (await judgedCustomers(sql, { ownerId, endpoint: served }, [customerId], at)).get(customerId);
  const lastDelivery = await lastDeliveryOf(sql, ownerId, endpointId, customerId);
  const own = [...judgeEndpoint(settings, standing), judgeEvent(standing)];
  const progress = judgeProgress(settings, standing, lastDelivery);
  const filters = filtersOf(served, standing, customer);
  const content = contentVerdicts(served, standing, customer);
  const decisive = [...own, ...content, ...progress];
  return {
    willSend: filters.passed && allHold(decisive),
    rules: [...own, ...filters.rules, ...content, ...progress],
    nextAttemptAt:
      filters.passed && allHold(decisive.filter(({ rule }) => rule !== 'breaker')) ? dueAt(standing, at) : null,
    lastDelivery,
  };
}

/** The endpoint's filters. Whether the event passes is the judgement's to say: `toldBefore` outweighs conditions. */
function filtersOf(
  endpoint: ServedEndpoint,
  { event }: Standing,
  customer: JudgedCustomer | undefined,
): { passed: boolean; rules: RuleVerdict[] } {
  if (!event) return { passed: false, rules: [] };
  return { passed: judge(endpoint, event, customer) !== 'PASS', rules: explainRules(endpoint, event, customer) };
}

/** What would be sent, by its size: none without an event. */
function contentVerdicts(
  endpoint: ServedEndpoint,
  { event }: Standing,
  customer: JudgedCustomer | undefined,
): RuleVerdict[] {
  if (!event) return [];
  const verdict = (value: string, holds = true) => [{ rule: 'content', value, holds }];
  const subject = customer?.subject ?? null;
  if (!subject) return verdict('a tombstone: the customer is excluded or erased');
  const content = contentOf(endpoint, { ...event, type: eventType(event.reasons), at: event.occurredAt }, subject);
  if ('fault' in content) return verdict(`the template cannot be filled in: ${content.fault}`, false);
  return verdict(
    `${endpoint.template ? 'the template' : 'the default body'}, ${Buffer.byteLength(content.text)} bytes`,
  );
}

/** While the breaker is open nothing comes before its probe; else a retry has its time, and a new event is due at once. */
function dueAt({ breaker, parked }: Standing, at: Date | null): Date {
  const now = at ?? new Date();
  const times = [breaker.open ? breaker.probeAt : null, parked?.state === 'RETRY' ? parked.nextAt : null, now];
  return new Date(Math.max(...times.map((time) => time?.getTime() ?? 0)));
}

const allHold = (verdicts: readonly RuleVerdict[]): boolean => verdicts.every(({ holds }) => holds);
