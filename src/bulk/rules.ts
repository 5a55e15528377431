import { type Problem, problem } from '../errors.js';
import { storableEcho } from '../format/text.js';
import type { AdminUserFields, CheckedRow, CustomerFields, ImportProfile, NameStyle } from './customer-fields.js';
import { deriveFields } from './derived-fields.js';
import { type FieldRule, fieldRules } from './field-rules.js';
import { customerFieldsOf, judge, loginOf, type Login, type Reading, type Values } from './row-checks.js';
import { checkExternalReferences, checkTags } from './row-lists.js';
import { isObject } from '../format/json-object.js';

export type * from './customer-fields.js';
export { fieldNames, nameOf } from './field-names.js';

/**
 * Judges one row of a bulk insert: N2–N38 in the PARTNER profile, the contract's own rules in STANDARD. Never throws,
 * whatever the row is, and repeats no value in a message (A28).
 *
 * @param row an object with GraphQL's names or the door's, as `names` says; keys it does not know are ignored.
 */
export function checkCustomerRow(row: unknown, profile: ImportProfile, names: NameStyle): CheckedRow {
  return checkRow(row, { profile, names, partial: false });
}

/** Judges the `fields` of one row of a bulk update: as STANDARD, but what is not given is left as it is. */
export function checkCustomerUpdateRow(row: unknown): CheckedRow {
  return checkRow(row, { profile: 'STANDARD', names: 'graphql', partial: true });
}

/**
 * Judges the customer's own fields of a strict input by the same rules (STANDARD). Only what is given is judged; null
 * clears an optional field and is `missing <field>` for code and name. With `partial: false` those two must be there.
 *
 * @param options.country the stored country of a customer that is updated, for what derives from it (A19, A24).
 */
export function checkCustomerFields(
  input: Record<string, unknown>,
  options: { partial: boolean; country?: string | null },
): { fields: Partial<CustomerFields>; problems: Problem[] } {
  const reading: Reading = { profile: 'STANDARD', names: 'graphql', partial: options.partial };
  const values: Values = { customer: {}, adminUser: {}, consent: {} };
  const problems: Problem[] = [];
  for (const rule of fieldRules) {
    if (rule.part === 'customer') judge(rule, input[rule.key], reading, values, problems);
  }
  const fields = customerFieldsOf(values);
  if (problems.length === 0)
    deriveFields(fields, fields.country === undefined ? (options.country ?? null) : fields.country);
  return { fields, problems };
}

function checkRow(row: unknown, reading: Reading): CheckedRow {
  if (!isObject(row)) {
    const problems = [problem('INVALID', null, 'invalid customer')];
    return { fields: {}, adminUser: null, externalReferences: [], tags: [], problems, code: '' };
  }
  const values: Values = { customer: {}, adminUser: {}, consent: {} };
  const problems: Problem[] = [];
  const onlyForNew: Problem[] = [];
  const judgeOne = (rule: FieldRule, given: unknown, leftOut: boolean) => {
    const before = problems.length;
    judge(rule, given, reading, values, problems);
    if (leftOut) onlyForNew.push(...problems.slice(before));
  };
  let login: Login | undefined;
  for (const rule of fieldRules) {
    if (rule.part === 'adminUser') {
      login ??= loginOf(row, reading, problems);
      if (login.given) judgeOne(rule, login.partFor(rule), login.absent);
      continue;
    }
    const name = rule[reading.names];
    if (name !== null) judgeOne(rule, row[name], row[name] === undefined);
  }
  const hub = reading.names === 'graphql' ? row : {}; // the door has neither references nor tags
  const { references, problems: ofReferences } = checkExternalReferences(hub.externalReferences);
  const { tags, problems: ofTags } = checkTags(hub.tags);
  problems.push(...ofReferences, ...ofTags);
  const fields = customerFieldsOf(values);
  if (problems.length === 0) deriveFields(fields, fields.country ?? null);
  const sound = problems.length === onlyForNew.length;
  const adminUser = login?.given && !login.absent && sound ? adminUserOf(values) : null;
  return {
    fields,
    adminUser,
    login: values.adminUser.login as string | undefined,
    externalReferences: references,
    ...(hub.externalReferences === null ? { unlinks: true } : {}),
    tags,
    ...values.consent,
    problems,
    ...(onlyForNew.length > 0 ? { onlyForNew } : {}),
    code: echoOf(row.code),
  };
}

/** The values of a login that was judged good: every compulsory part is there. */
function adminUserOf(values: Values): AdminUserFields {
  return { foreignCode: null, ...(values.adminUser as Omit<AdminUserFields, 'foreignCode'>) };
}

/** The code for the answer (A18): a number or boolean as its text, anything that has no text as "". */
function echoOf(code: unknown): string {
  if (typeof code === 'string') return storableEcho(code);
  return typeof code === 'number' || typeof code === 'boolean' || typeof code === 'bigint' ? String(code) : '';
}
