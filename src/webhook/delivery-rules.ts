import type { FeedEvent } from '../feed/feed-event.js';
import type { RuleVerdict } from '../graphql/rule-verdict.js';
import { judgeConditions, meetsAll, type Conditions } from './conditions.js';
import type { JudgedCustomer } from './judged-customers.js';
import { isState } from './replay/state-event.js';

/** Of an endpoint, what decides which events it is sent. Null: everything passes. */
export interface DeliveryFilter {
  reasons: readonly string[] | null;
  /** Origins whose events are not sent: the receiver's own writes, for one. */
  exceptOrigins: readonly string[] | null;
  conditions: Conditions | null;
}

/**
 * What becomes of an event: `SEND`; `SEND_LEFT`, once more, as the customer does not meet the conditions any more but the
 * receiver was told of it before; `PASS`, it is finished without a request.
 */
export type Judgement = 'SEND' | 'SEND_LEFT' | 'PASS';

type JudgedEvent = Pick<FeedEvent, 'reasons' | 'origin' | 'delivery'>;

/**
 * Whether an event is sent to an endpoint: the one place that knows (B.6, "filtered out"). `customer`: as it is now, on the
 * state that the body would carry; undefined for an endpoint without conditions, which needs to know nothing of it.
 *
 * Leaving goes before `reasons`: a receiver that was told "accepts marketing" must learn of the withdrawal, whatever
 * changed with it. It does not go before `exceptOrigins`: who made the change itself knows. A state that is replayed has
 * neither reason nor origin: for it the conditions alone decide. What a batch tells as a whole (SUMMARY) is not sent one by
 * one, but for leaving.
 */
export function judge(given: DeliveryFilter, event: JudgedEvent, customer: JudgedCustomer | undefined): Judgement {
  const filter = isState(event) ? { ...given, reasons: null, exceptOrigins: null } : given;
  if (!passesEvents(filter, event)) return 'PASS';
  if (filter.conditions && !isMet(filter.conditions, customer)) return customer?.told ? 'SEND_LEFT' : 'PASS';
  return rules.reasons.holds(filter, event) && rules.batch.holds(filter, event) ? 'SEND' : 'PASS';
}

/**
 * What the event alone decides. With conditions any reason may be the one with which a customer leaves: then it takes the
 * customer to judge the reasons.
 */
export const passesEvents = (filter: DeliveryFilter, event: JudgedEvent): boolean =>
  rules.exceptOrigins.holds(filter, event) &&
  (filter.conditions !== null || (rules.reasons.holds(filter, event) && rules.batch.holds(filter, event)));

/** The same as SQL over `feed`; the parameters come from `eventParameters`. */
export const passingEvents = (reasons: `$${number}`, origins: `$${number}`, leavers: `$${number}`): string =>
  `(${reasons}::text[] IS NULL OR reasons && ${reasons}) AND (${origins}::text[] IS NULL OR origin IS NULL OR origin <> ALL (${origins}))
    AND (${leavers}::boolean OR delivery IS DISTINCT FROM 'SUMMARY')`;

export const eventParameters = ({ reasons, exceptOrigins, conditions }: DeliveryFilter): unknown[] => [
  conditions ? null : reasons,
  exceptOrigins,
  conditions !== null,
];

/**
 * What `judge` says in words, rule by rule, as it stands now. An endpoint is sent the event when `judge` says so: a customer that
 * does not meet the conditions is sent once more where the rule `toldBefore` holds.
 */
export function explainRules(
  filter: DeliveryFilter,
  event: JudgedEvent,
  customer: JudgedCustomer | undefined,
): RuleVerdict[] {
  const verdicts = Object.entries(rules)
    .filter(([rule]) => rule !== 'batch' || event.delivery === 'SUMMARY')
    .map(([rule, { value, holds }]) => ({ rule, value: value(filter, event), holds: holds(filter, event) }));
  const { conditions } = filter;
  if (!conditions) return verdicts;
  if (customer?.subject)
    verdicts.push(...judgeConditions(conditions, { snapshot: customer.subject.snapshot, systems: customer.systems }));
  else verdicts.push({ rule: 'conditions', value: 'the customer is excluded, erased or unknown', holds: false });
  if (isMet(conditions, customer)) return verdicts;
  const told = customer?.told ?? false;
  const value = told
    ? 'the receiver was told of the customer before: it is told once that the customer has left'
    : 'the receiver was never told of the customer';
  return [...verdicts, { rule: 'toldBefore', value, holds: told }];
}

interface EventRule {
  value: (filter: DeliveryFilter, event: JudgedEvent) => string;
  holds: (filter: DeliveryFilter, event: JudgedEvent) => boolean;
}

const rules: Record<'exceptOrigins' | 'reasons' | 'batch', EventRule> = {
  exceptOrigins: {
    value: ({ exceptOrigins }, { origin }) =>
      `written by ${origin ?? 'the hub itself'}; left out: ${exceptOrigins?.join(', ') ?? 'nobody'}`,
    holds: ({ exceptOrigins }, { origin }) => origin === null || !exceptOrigins?.includes(origin),
  },
  reasons: {
    value: ({ reasons: wanted }, { reasons }) => `${reasons.join(', ')}; wanted: ${wanted?.join(', ') ?? 'all'}`,
    holds: ({ reasons: wanted }, { reasons }) =>
      wanted === null || reasons.length === 0 || reasons.some((reason) => wanted.includes(reason)),
  },
  batch: {
    value: () => 'written by a batch that is told as a whole (delivery: SUMMARY)',
    holds: (_, { delivery }) => delivery !== 'SUMMARY',
  },
};

const isMet = (conditions: Conditions, customer: JudgedCustomer | undefined): boolean =>
  !!customer?.subject && meetsAll(conditions, { snapshot: customer.subject.snapshot, systems: customer.systems });
