import { vatStatusProblem } from '../customer/vat-status.js';
import { problem, type Problem } from '../errors.js';
import { caselessKey } from '../format/caseless.js';
import type { Write } from '../write.js';
import type { CheckedRow, CustomerFields, ImportProfile, NameStyle } from './customer-fields.js';
import { nameOf } from './field-names.js';
import { invalid } from './messages.js';
import { referenceKey, takenKeys, type TakenKeys } from './taken-keys.js';

export interface JudgedRow {
  /** Place in the batch, from 0. */
  index: number;
  checked: CheckedRow;
  fields: Partial<CustomerFields>;
  /** The code as it is compared; undefined where the row has none that could be. */
  codeKey: string | undefined;
  references: { systemId: string; identifier: string }[];
  problems: Problem[];
  /** Whether the customer is to be inserted, and whether its login is (A16). */
  accepted: boolean;
  userAccepted: boolean;
}

/**
 * Judges rows against the database and against each other, in their order: the first one wins a code, a reference or a
 * login (A17), and a row that is rejected occupies none of them. All problems of a row are told together (N41).
 */
export async function judgeRows(
  tx: Write,
  rows: CheckedRow[],
  options: { names: NameStyle; showExcluded: boolean; profile: ImportProfile },
): Promise<JudgedRow[]> {
  const taken = await takenKeys(tx, rows, options.showExcluded);
  const used = { codes: new Set<string>(), references: new Set<string>(), logins: new Set<string>() };
  return rows.map((checked, index) => {
    const fields = withType(checked.fields, options.profile);
    const codeKey = fields.code === undefined ? undefined : caselessKey(fields.code);
    const { references, problems: ofReferences } = judgeReferences(checked, taken, used.references);
    const problems = [
      ...judgeCode(codeKey, taken, used.codes, options.names),
      ...checked.problems,
      ...(options.profile === 'PARTNER' ? judgeLists(fields, taken, options.names) : []),
      ...judgeVatStatus(fields, taken.enabledVatStatuses),
      ...ofReferences,
    ];
    const accepted = problems.length === 0;
    const loginKey = checked.login === undefined ? undefined : caselessKey(checked.login);
    const loginTaken = loginKey !== undefined && (taken.logins.has(loginKey) || used.logins.has(loginKey));
    if (loginTaken) {
      const name = nameOf('adminUser.login', options.names);
      problems.push(
        problem(
          taken.logins.has(loginKey) ? 'TAKEN' : 'DUPLICATE_IN_INPUT',
          'adminUser.login',
          `invalid ${name} (already exists)`,
        ),
      );
    }
    const userAccepted = accepted && checked.adminUser !== null && !loginTaken;
    if (accepted) {
      if (codeKey) used.codes.add(codeKey);
      for (const reference of references) used.references.add(referenceKey(reference));
      if (userAccepted) used.logins.add(loginKey!);
    }
    return { index, checked, fields, codeKey, references, problems, accepted, userAccepted };
  });
}

function withType(fields: Partial<CustomerFields>, profile: ImportProfile): Partial<CustomerFields> {
  const company = profile === 'PARTNER' || fields.corporateName;
  return { ...fields, type: fields.type ?? (company ? 'COMPANY' : 'PERSON') };
}

function judgeCode(codeKey: string | undefined, taken: TakenKeys, used: Set<string>, names: NameStyle): Problem[] {
  if (codeKey === undefined) return [];
  const message = `invalid ${nameOf('code', names)} (already exists)`;
  if (taken.codes.has(codeKey))
    return [{ ...problem('TAKEN', 'code', message), existingId: taken.codes.get(codeKey)! }];
  return used.has(codeKey) ? [problem('DUPLICATE_IN_INPUT', 'code', message)] : [];
}

/** The owner's own lists of city codes and notification languages, where it has them (A25, A26). */
function judgeLists({ city, language }: Partial<CustomerFields>, taken: TakenKeys, names: NameStyle): Problem[] {
  const unknown = (list: ReadonlySet<string> | null, value: string | null | undefined) =>
    list !== null && value != null && !list.has(value);
  return [
    ...(unknown(taken.knownCities, city?.toUpperCase()) ? [{ ...invalid(nameOf('city', names)), field: 'city' }] : []),
    ...(unknown(taken.notifyLanguages, language) ? [{ ...invalid(nameOf('language', names)), field: 'language' }] : []),
  ];
}

function judgeVatStatus(fields: Partial<CustomerFields>, enabled: ReadonlySet<string>): Problem[] {
  const wrong = fields.vatStatus ? vatStatusProblem(fields.vatStatus, fields.type!, enabled) : null;
  return wrong ? [wrong] : [];
}

function judgeReferences(checked: CheckedRow, taken: TakenKeys, used: Set<string>) {
  const problems: Problem[] = [];
  const references = checked.externalReferences.flatMap(({ system, identifier }, i) => {
    const field = `externalReferences.${i}`;
    const systemId = taken.systems.get(system.toUpperCase());
    if (!systemId) {
      problems.push(problem('NOT_FOUND', `${field}.system`, `invalid ${field}.system (unknown system)`));
      return [];
    }
    const key = referenceKey({ systemId, identifier });
    const message = `invalid ${field} (already exists)`;
    if (taken.references.has(key))
      problems.push({ ...problem('TAKEN', field, message), existingId: taken.references.get(key)! });
    else if (used.has(key)) problems.push(problem('DUPLICATE_IN_INPUT', field, message));
    return [{ systemId, identifier }];
  });
  if (new Set(references.map((reference) => reference.systemId)).size < references.length)
    problems.push(
      problem(
        'DUPLICATE_IN_INPUT',
        'externalReferences',
        'invalid externalReferences (one identifier for each system)',
      ),
    );
  return { references, problems };
}
