import { problem, type Problem } from '../errors.js';

/** Statuses that a person can have; the others are for companies (A45). */
const forPersons = new Set(['DOMESTIC', 'OUTSIDE_EU']);

/** What speaks against a VAT status for a customer of a type, with the statuses its owner has enabled; null: nothing. */
export function vatStatusProblem(status: string, type: string, enabled: ReadonlySet<string>): Problem | null {
  if (!enabled.has(status))
    return problem(
      'INVALID',
      'vatStatus',
      `invalid vatStatus (not enabled for this owner; enabled: ${[...enabled].join(', ') || 'none'})`,
    );
  if (type !== 'COMPANY' && !forPersons.has(status))
    return problem('INVALID', 'vatStatus', `invalid vatStatus (${status} is for customers of type COMPANY)`);
  return null;
}
