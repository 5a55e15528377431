import { applyRows } from '../bulk/apply-rows.js';
import { checkExternalReferences, checkTags } from '../bulk/row-lists.js';
import { checkCustomerFields, type CheckedRow } from '../bulk/rules.js';
import { Rejected } from '../errors.js';
import type { Secret } from '../secret.js';
import type { Write } from '../write.js';
import type { CreateCustomerInput } from './customer.input.js';

/**
 * Creates one customer, by the same way as a bulk insert of one row (T1, T6). Not an upsert: a code or pair that exists
 * is TAKEN with the id of its customer (A42), without it when that one is excluded (A44).
 * @throws Rejected
 */
export async function createCustomer(
  tx: Write,
  input: CreateCustomerInput,
  options: { secret: Secret; consentSource: string; showExcluded: boolean },
): Promise<string> {
  const [outcome] = await applyRows(tx, [checkedInput(input)], {
    ...options,
    names: 'graphql',
    profile: 'STANDARD',
    onExisting: 'reject',
    allOrNothing: true,
    detail: false,
  });
  if (!outcome?.customerId) throw new Rejected(outcome?.problems ?? []);
  return outcome.customerId;
}

function checkedInput(input: CreateCustomerInput): CheckedRow {
  const { fields, problems } = checkCustomerFields({ ...input }, { partial: false });
  const references = checkExternalReferences(input.externalReferences);
  const tags = checkTags(input.tags);
  return {
    fields,
    adminUser: null,
    externalReferences: references.references,
    tags: tags.tags,
    ...(input.acceptsMarketingEmail != null ? { acceptsMarketingEmail: input.acceptsMarketingEmail } : {}),
    ...(input.acceptsMarketingSms != null ? { acceptsMarketingSms: input.acceptsMarketingSms } : {}),
    problems: [...problems, ...references.problems, ...tags.problems],
    code: input.code ?? '',
  };
}
