import { deriveFields } from '../bulk/derived-fields.js';
import type { CustomerFields } from '../bulk/customer-fields.js';
import { problem, type Problem } from '../errors.js';
import { customerColumns, type CustomerField } from './customer-columns.js';
import { vatStatusProblem } from './vat-status.js';

/** The stored fields of a customer, by which what is given is judged. */
export type StoredFields = Record<CustomerField, unknown> & Pick<CustomerFields, 'country' | 'vatStatus' | 'type'>;

/**
 * What of the given fields is another value than the stored one, with what follows from it: in another country the
 * stored numbers are read anew (A19, A24). What is given and the same already is no change (T8).
 */
export function changesOf(stored: StoredFields, given: Partial<CustomerFields>): Partial<CustomerFields> {
  const fields = { ...given };
  if (fields.country !== undefined && fields.country !== stored.country) rederive(stored, fields);
  return Object.fromEntries(
    (Object.keys(customerColumns) as CustomerField[])
      .filter((field) => fields[field] !== undefined && fields[field] !== stored[field])
      .map((field) => [field, fields[field]]),
  );
}

/** A changed type must suit the status that stays, and the other way round (A45). `enabled`: the owner's statuses. */
export function vatChangeProblem(
  stored: StoredFields,
  given: Partial<CustomerFields>,
  enabled: ReadonlySet<string>,
): Problem | null {
  const { vatStatus = stored.vatStatus, type = stored.type } = given;
  if (vatStatus === stored.vatStatus && type === stored.type) return null;
  // one that it has already is not taken away, whatever the owner enables now
  return vatStatusProblem(vatStatus, type, vatStatus === stored.vatStatus ? new Set([vatStatus]) : enabled);
}

/** VERSION_CONFLICT with the current version, unless that is the one that the caller saw; null: the caller does not mind. */
export function versionProblem(current: number, expected: number | null): Problem | null {
  if (expected === null || expected === current) return null;
  return problem(
    'VERSION_CONFLICT',
    'expectedVersion',
    `invalid expectedVersion (expected ${expected}, the current version is ${current})`,
  );
}

function rederive(stored: StoredFields, fields: Partial<CustomerFields>): void {
  for (const field of ['telephone', 'fax', 'mobile', 'vatNumber', 'taxCode'] as const)
    if (fields[field] === undefined) Object.assign(fields, { [field]: stored[field] });
  deriveFields(fields, fields.country ?? null);
}
