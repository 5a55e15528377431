import { facetColumns } from '../../search/search-text.sql.js';
import { customerCriteria, type Criterion } from './customer-criteria.js';
import type { Operator } from './filter-inputs.js';

/** Which index finds the customers for whom a criterion holds; or why there is none. */
export type Served = { index: string } | { reason: string };

export type CriterionName = keyof typeof customerCriteria;

/**
 * Every criterion with what serves it; a criterion without operators under ''. Each index is written with each customer, so
 * there is none where a page is full at once without it, for the criterion holds for many, nor where nobody looks for a
 * few: then all customers of the owner are read in the order of the list until the page is full.
 */
export function servedCriteria(): { field: CriterionName; operator: Operator | ''; served: Served }[] {
  return (Object.entries(customerCriteria) as [CriterionName, Criterion<never>][]).flatMap(([field, { operators }]) => {
    const asked = (operators ? Object.keys(operators) : ['']) as (Operator | '')[];
    return asked.map((operator) => ({
      field,
      operator,
      served: operator === '' ? whole[field]! : servedBy(field, operator),
    }));
  });
}

function servedBy(field: CriterionName, operator: Operator): Served {
  if (operator === 'ne') return { reason: 'it holds for nearly all' };
  if (operator === 'isNull') return { reason: 'both, with and without a value, are common' };
  if (unindexed[field]) return { reason: unindexed[field] };
  const keyed = ordered[field];
  if (keyed && keyed.operators.includes(operator)) return { index: keyed.index };
  if (operator === 'eq' || operator === 'in' || operator === 'contains' || operator === 'startsWith')
    return field in facetColumns && fewTexts.includes(field) && operator !== 'eq' && operator !== 'in'
      ? { reason: 'a piece of a word out of few holds for many' }
      : { index: 'customer_search_idx' };
  return { reason: 'no list is read in the order of this field' };
}

const equality = ['eq', 'in'] as const;
const order = [...equality, 'gt', 'gte', 'lt', 'lte'] as const;
const beginnings = [...order, 'startsWith'] as const;

/** Fields with an index in their order, (owner, value, id). */
const ordered: { [F in CriterionName]?: { index: string; operators: readonly Operator[] } } = {
  id: { index: 'customer_pkey', operators: equality },
  code: { index: 'customer_code_key', operators: order },
  name: { index: 'customer_name_idx', operators: beginnings },
  lastName: { index: 'customer_last_name_idx', operators: beginnings },
  email: { index: 'customer_email_idx', operators: beginnings },
  createdAt: { index: 'customer_created_idx', operators: order },
  ordersTotalCount: { index: 'customer_snapshot_total_count_idx', operators: order },
  ordersTotalValue: { index: 'customer_snapshot_total_value_idx', operators: order },
  ordersLastDate: { index: 'customer_snapshot_last_date_idx', operators: order },
  lastBooking: { index: 'customer_snapshot_last_booking_idx', operators: order },
  nextBooking: { index: 'customer_snapshot_next_booking_idx', operators: order },
};

const unindexed: { [F in CriterionName]?: string } = {
  type: 'there are two, and both are common',
  version: 'nobody looks for a version; what has changed since one is told by customerEvents',
  updatedAt:
    'it changes with each write, and all indexes of a customer would be written with its own; what has changed since is told by customerEvents',
};

const fewTexts: readonly CriterionName[] = ['country', 'language', 'currency', 'customerHomepage', 'paymentDate'];

/** Criteria that are one condition. */
const whole: { [F in CriterionName]?: Served } = {
  externalReference: { index: 'external_reference_pair_key' },
  externalSystem: { reason: 'many are linked to each system; each of these is known by its key' },
  tag: { index: 'customer_tag_tag_idx' },
  acceptsMarketingEmail: { index: 'customer_snapshot_email_consent_idx' },
  acceptsMarketingSms: { index: 'customer_snapshot_sms_consent_idx' },
  contactInfo: { index: 'customer_search_idx' },
};
