import { checkExternalReferences } from '../bulk/row-lists.js';
import { missing } from '../bulk/messages.js';
import { Rejected } from '../errors.js';
import type { ExternalReferenceInput } from './customer-identifier.input.js';

/** A single pair by the rules of a row (T4). @throws Rejected with the field `reference.system` or `reference.identifier` */
export function checkReference(reference: ExternalReferenceInput): ExternalReferenceInput {
  const { references, problems } = checkExternalReferences([{ ...reference }]);
  const named = (text: string) => text.replaceAll('externalReferences.0', 'reference');
  if (problems.length > 0)
    throw new Rejected(problems.map((p) => ({ ...p, field: p.field && named(p.field), message: named(p.message) })));
  const [checked] = references;
  if (!checked) throw new Rejected([missing('reference.system'), missing('reference.identifier')]);
  return checked;
}
