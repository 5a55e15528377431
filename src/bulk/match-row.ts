import type { CustomerIdentifierInput } from '../customer/customer-identifier.input.js';
import { judgeIdentified, namesOf } from '../customer/identify-customers.js';
import { problem, type Problem } from '../errors.js';
import { caselessKey } from '../format/caseless.js';
import type { Batch } from './batch.js';
import type { BatchCustomer } from './batch-customer.js';
import type { CheckedRow } from './customer-fields.js';

export type MatchedBy = 'ID' | 'CODE' | 'EXTERNAL_REFERENCE';

/** Which customer a row is about. `problem`: that cannot be said. Neither: the row makes a new one. */
export interface Match {
  customer: BatchCustomer | null;
  matchedBy: MatchedBy | null;
  problem: Problem | null;
}

/** The customer that a row names beside its fields. Excluded ones are EXCLUDED, as in every other write (A44). */
export function findTarget(by: CustomerIdentifierInput, batch: Batch): Match {
  const { id, code, system, external } = namesOf(by);
  const matchedBy = by.id !== undefined ? 'ID' : by.code !== undefined ? 'CODE' : 'EXTERNAL_REFERENCE';
  const customer =
    (id !== null
      ? batch.withId(id)
      : code !== null
        ? batch.withCode(code)
        : system !== null
          ? batch.withReference(batch.resolve({ system, identifier: external! }))
          : undefined) ?? null;
  const found = customer && { id: customer.id ?? '', excluded: customer.hidden };
  const wrong = judgeIdentified(found, { field: 'by', showExcluded: false }); // hidden: excluded and not shown
  return wrong ? { customer: null, matchedBy: null, problem: wrong } : { customer, matchedBy, problem: null };
}

/**
 * The customer that has a key of the row: its code or one of its links. Hidden ones are not matched; their keys are
 * taken, as they are for an insert (A44). Keys of two customers are AMBIGUOUS_MATCH with both ids.
 */
export function matchKeys({ fields, externalReferences }: CheckedRow, batch: Batch): Match {
  const ofCode = fields.code === undefined ? undefined : batch.withCode(caselessKey(fields.code));
  const found = new Set(
    [ofCode, ...externalReferences.map((reference) => batch.withReference(batch.resolve(reference)))].filter(
      (customer) => customer !== undefined && !customer.hidden,
    ) as BatchCustomer[],
  );
  const [customer = null, ...others] = found;
  if (others.length > 0) return { customer: null, matchedBy: null, problem: ambiguous([...found]) };
  const matchedBy = customer === null ? null : customer === ofCode ? 'CODE' : 'EXTERNAL_REFERENCE';
  return { customer, matchedBy, problem: null };
}

function ambiguous(customers: BatchCustomer[]): Problem {
  const ids = customers.flatMap(({ id }) => (id === null ? [] : [id]));
  const names = customers.map(({ id }) => (id === null ? 'one that an earlier row makes' : `customer ${id}`));
  return {
    ...problem('AMBIGUOUS_MATCH', null, `invalid customer (its keys are of several: ${names.join(', ')})`),
    existingIds: ids,
  };
}
