import { checkExternalReferences } from '../bulk/row-lists.js';
import { checkCustomerFields, type CustomerFields, type ExternalReferenceFields } from '../bulk/rules.js';
import { recordConsents } from '../consent/consents.js';
import { selectList } from '../database/select-list.js';
import { snake } from '../database/snake-case.js';
import { Rejected, problem, type Problem } from '../errors.js';
import { EventReason } from '../event-reason.js';
import { caselessKey } from '../format/caseless.js';
import { linkExternalSystem, unlinkEverySystem } from '../external-system/link-external-system.js';
import type { Write } from '../write.js';
import { changesOf, vatChangeProblem, versionProblem } from './customer-changes.js';
import type { Written } from './change-customer.js';
import { Customer } from './customer.entity.js';
import type { UpdateCustomerInput } from './customer.input.js';
import { rederiveContactInfos } from './rederive-contact-infos.js';

export interface UpdateOptions {
  expectedVersion: number | null;
  consentSource: string;
  showExcluded: boolean;
}

/**
 * Changes the fields that were given (T8, T12) of a locked customer. What was given and is the same already is no change, and a write
 * without a change raises no version and is no event. All problems are told at once.
 * @throws Rejected VERSION_CONFLICT, TAKEN, and all that the STANDARD rules refuse
 */
export async function updateCustomer(
  tx: Write,
  customer: Customer,
  input: UpdateCustomerInput,
  options: UpdateOptions,
): Promise<Written> {
  const { id } = customer;
  demandVersion(customer, options.expectedVersion);
  const { fields, problems } = checkCustomerFields({ ...input }, { partial: true, country: customer.country });
  const references = checkExternalReferences(input.externalReferences);
  problems.push(...references.problems, ...(await judgeCode(tx, customer, fields.code, options.showExcluded)));
  problems.push(...(await judgeVatStatus(tx, customer, fields)));
  if (problems.length > 0) throw new Rejected(problems);
  const changes = changesOf(customer, fields);
  const stored = storeFields(tx, id, changes);
  if (changes.country !== undefined) await rederiveContactInfos(tx, new Map([[id, changes.country]]));
  if (input.externalReferences === null) await unlinkEverySystem(tx, id);
  await storeReferences(tx, id, references.references, options.showExcluded);
  await storeConsents(tx, id, input, options.consentSource);
  return { stored };
}

/**
 * Stores changed fields of one locked customer and raises its version in the same statement. Gives the row as it is then and
 * stays in this write; null: nothing changed.
 */
function storeFields(tx: Write, id: string, changes: Partial<CustomerFields>): Promise<Customer[]> | null {
  const entries = Object.entries({
    ...changes,
    ...(changes.code !== undefined && { codeKey: caselessKey(changes.code) }),
  });
  if (entries.length === 0) return null;
  const assignments = entries.map(([field], i) => `${snake(field)} = $${i + 4}`).join(', ');
  const stored = tx.send<Customer>(
    `/* storeFields */ UPDATE customer AS c SET ${assignments}, version = version + 1,
       updated_at = coalesce($3::timestamptz, statement_timestamp()) WHERE owner_id = $1 AND id = $2 RETURNING ${columns}`,
    [tx.ownerId, id, tx.at, ...entries.map(([, value]) => value)],
  );
  tx.touchRaised([id], EventReason.UPDATED);
  return stored;
}

const columns = selectList(Customer, 'c');

function demandVersion(customer: Customer, expected: number | null): void {
  const conflict = versionProblem(customer.version, expected);
  if (conflict) throw new Rejected([conflict]);
}

async function judgeCode(
  tx: Write,
  customer: Customer,
  code: string | undefined,
  showExcluded: boolean,
): Promise<Problem[]> {
  if (code === undefined || code === customer.code) return [];
  const [taken] = await tx.rows<{ id: string | null }>(
    `/* codeTaken */ SELECT CASE WHEN NOT excluded OR $3 THEN id END AS id FROM customer
     WHERE owner_id = $1 AND code_key = $2 AND id <> $4`,
    [tx.ownerId, caselessKey(code), showExcluded, customer.id],
  );
  return taken ? [{ ...problem('TAKEN', 'code', 'invalid code (already exists)'), existingId: taken.id }] : [];
}

async function judgeVatStatus(tx: Write, customer: Customer, fields: Partial<CustomerFields>): Promise<Problem[]> {
  const enabled = fields.vatStatus === undefined ? new Set<string>() : await enabledVatStatuses(tx);
  const wrong = vatChangeProblem(customer, fields, enabled);
  return wrong ? [wrong] : [];
}

async function enabledVatStatuses(tx: Write): Promise<Set<string>> {
  const [owner] = await tx.rows<{ enabled: string[] }>(
    '/* enabledVatStatuses */ SELECT enabled_vat_statuses AS enabled FROM owner WHERE id = $1',
    [tx.ownerId],
  );
  return new Set(owner!.enabled);
}

async function storeReferences(
  tx: Write,
  id: string,
  references: ExternalReferenceFields[],
  showExcluded: boolean,
): Promise<void> {
  const systems = new Set<string>();
  for (const [i, reference] of references.entries())
    systems.add(await linkExternalSystem(tx, id, reference, { field: `externalReferences.${i}`, showExcluded }));
  if (systems.size === references.length) return;
  const message = 'invalid externalReferences (one identifier for each system)';
  throw new Rejected([problem('DUPLICATE_IN_INPUT', 'externalReferences', message)]);
}

async function storeConsents(tx: Write, customerId: string, input: UpdateCustomerInput, source: string): Promise<void> {
  const given = [
    ['EMAIL', input.acceptsMarketingEmail],
    ['SMS', input.acceptsMarketingSms],
  ] as const;
  await recordConsents(
    tx,
    given.flatMap(([channel, accepted]) =>
      accepted == null ? [] : [{ customerId, channel, accepted, source, evidence: null, occurredAt: null }],
    ),
  );
}
