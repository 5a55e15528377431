import { problem, type Problem } from '../errors.js';
import type { Batch, RowReference } from './batch.js';
import type { BatchCustomer } from './batch-customer.js';
import type { CheckedRow, CustomerFields, ImportProfile, NameStyle } from './customer-fields.js';
import { nameOf } from './field-names.js';
import { invalid } from './messages.js';
import type { TakenKeys } from './taken-keys.js';

/** The code of a row is another's: one that is stored, or one that an earlier row makes (A17). `own`: whose row it is. */
export function codeProblems(
  codeKey: string | undefined,
  own: BatchCustomer | null,
  batch: Batch,
  names: NameStyle,
): Problem[] {
  const holder = codeKey === undefined ? undefined : batch.withCode(codeKey);
  return holder && holder !== own ? [taken(holder, 'code', `invalid ${nameOf('code', names)} (already exists)`)] : [];
}

/** The owner's own lists of city codes and notification languages, where it has them (A25, A26): for PARTNER rows. */
export function listProblems(
  { city, language }: Partial<CustomerFields>,
  lists: Pick<TakenKeys, 'knownCities' | 'notifyLanguages'>,
  { profile, names }: { profile: ImportProfile; names: NameStyle },
): Problem[] {
  if (profile !== 'PARTNER') return [];
  const unknown = (list: ReadonlySet<string> | null, value: string | null | undefined) =>
    list !== null && value != null && !list.has(value);
  return [
    ...(unknown(lists.knownCities, city?.toUpperCase()) ? [{ ...invalid(nameOf('city', names)), field: 'city' }] : []),
    ...(unknown(lists.notifyLanguages, language) ? [{ ...invalid(nameOf('language', names)), field: 'language' }] : []),
  ];
}

/** What is wrong with the links of a row, each by itself and all together (T4, A40). `own`: as above. */
export function referenceProblems(references: RowReference[], own: BatchCustomer | null, batch: Batch): Problem[] {
  const problems = references.flatMap((reference, i) => {
    const field = `externalReferences.${i}`;
    if (reference.systemId === undefined)
      return [problem('NOT_FOUND', `${field}.system`, `invalid ${field}.system (unknown system)`)];
    const holder = batch.withReference(reference);
    return holder && holder !== own ? [taken(holder, field, `invalid ${field} (already exists)`)] : [];
  });
  const systems = references.flatMap(({ systemId }) => (systemId === undefined ? [] : [systemId]));
  if (new Set(systems).size < systems.length)
    problems.push(
      problem(
        'DUPLICATE_IN_INPUT',
        'externalReferences',
        'invalid externalReferences (one identifier for each system)',
      ),
    );
  return problems;
}

/** A login that another customer has: told, and only the login is not made (A16). */
export function loginProblems(
  { login }: CheckedRow,
  loginKey: string | undefined,
  own: BatchCustomer | null,
  batch: Batch,
  names: NameStyle,
): Problem[] {
  const holder = login === undefined || loginKey === undefined ? null : batch.withLogin(loginKey);
  if (!holder || (own && (holder.customer === own || (holder.id !== null && holder.id === own.id)))) return [];
  const name = nameOf('adminUser.login', names);
  const code = holder.customer ? 'DUPLICATE_IN_INPUT' : 'TAKEN';
  return [problem(code, 'adminUser.login', `invalid ${name} (already exists)`)];
}

function taken(holder: BatchCustomer, field: string, message: string): Problem {
  if (holder.isNew) return problem('DUPLICATE_IN_INPUT', field, message);
  return { ...problem('TAKEN', field, message), existingId: holder.hidden ? null : holder.id };
}
