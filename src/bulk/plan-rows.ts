import { changesOf, type StoredFields, vatChangeProblem, versionProblem } from '../customer/customer-changes.js';
import { newCustomer } from '../customer/customer-columns.js';
import { vatStatusProblem } from '../customer/vat-status.js';
import type { Problem } from '../errors.js';
import { caselessKey } from '../format/caseless.js';
import type { ApplyRows, FieldChange, RowOutcome } from './apply-rows.js';
import type { Batch } from './batch.js';
import { BatchCustomer } from './batch-customer.js';
import type { CheckedRow, CustomerFields, ImportProfile } from './customer-fields.js';
import { changesOfNew, changesTold, toldOf } from './changes-told.js';
import { deriveFields } from './derived-fields.js';
import { findTarget, matchKeys, type Match } from './match-row.js';
import { codeProblems, listProblems, loginProblems, referenceProblems } from './row-problems.js';
import { sayRest } from './say-rest.js';

/** What is to become of a row; its customer has an id when the batch has been written. */
export interface PlannedRow extends Pick<RowOutcome, 'action' | 'matchedBy' | 'userMade' | 'problems'> {
  customer: BatchCustomer | null;
  code: string | null;
  changes: FieldChange[] | null;
}

/**
 * Judges rows against the database and against each other, in their order, and lets the batch's customers become what
 * they say. A row that is rejected leaves no trace: it occupies neither a code nor a link nor a login (A17). All
 * problems of a row are told together (N41).
 */
export function planRows(rows: CheckedRow[], batch: Batch, options: ApplyRows): PlannedRow[] {
  return rows.map((row, index) => {
    if (row.target?.by === null) return rejected(lasting(row));
    const match = row.target ? findTarget(row.target.by, batch) : matchOf(row, batch, options);
    if (match.problem) return rejected([match.problem, ...lasting(row)]);
    if (!match.customer) return planNew(row, index, batch, options);
    if (options.onExisting === 'skip' && !row.target) return planSkipped(row, match, batch, options);
    return planUpdate(row, index, match, batch, options);
  });
}

const matchOf = (row: CheckedRow, batch: Batch, { onExisting }: ApplyRows): Match =>
  onExisting === 'reject' ? { customer: null, matchedBy: null, problem: null } : matchKeys(row, batch);

const rejected = (problems: Problem[]): PlannedRow => ({
  ...{ action: 'REJECT', customer: null, code: null, matchedBy: null, userMade: false, changes: null },
  problems,
});

/** The problems of a row whose customer is there: what it leaves out, the customer has. */
function lasting({ problems, onlyForNew }: CheckedRow): Problem[] {
  return onlyForNew?.length ? problems.filter((one) => !onlyForNew.includes(one)) : problems;
}

function planNew(row: CheckedRow, index: number, batch: Batch, options: ApplyRows): PlannedRow {
  const fields = withType(row.fields, options.profile);
  const codeKey = keyOf(fields.code);
  const references = row.externalReferences.map(batch.resolve);
  const wrong = fields.vatStatus && vatStatusProblem(fields.vatStatus, fields.type!, batch.taken.enabledVatStatuses);
  const problems = [
    ...codeProblems(codeKey, null, batch, options.names),
    ...row.problems,
    ...listProblems(fields, batch.taken, options),
    ...(wrong ? [wrong] : []),
    ...referenceProblems(references, null, batch),
  ];
  const loginKey = keyOf(row.login);
  const ofLogin = loginProblems(row, loginKey, null, batch, options.names);
  if (problems.length > 0) return rejected([...problems, ...ofLogin]);
  const customer = new BatchCustomer(null, false, null);
  customer.fields = fields;
  batch.add(customer, codeKey!);
  const { userMade } = sayRest(
    row,
    index,
    customer,
    references,
    ofLogin.length === 0 ? loginKey : undefined,
    batch,
    options,
  );
  const changes = options.detail ? changesOfNew(customer, batch.taken.systems) : null;
  return { action: 'CREATE', customer, code: fields.code!, matchedBy: null, userMade, problems: ofLogin, changes };
}

function planSkipped(row: CheckedRow, { customer, matchedBy }: Match, batch: Batch, options: ApplyRows): PlannedRow {
  const references = row.externalReferences.map(batch.resolve);
  const problems = [
    ...lasting(row),
    ...listProblems(row.fields, batch.taken, options),
    ...referenceProblems(references, customer, batch),
  ];
  if (problems.length > 0) return rejected(problems);
  const code = customer!.fields.code ?? null;
  return {
    action: 'SKIPPED',
    customer,
    code,
    matchedBy,
    userMade: false,
    problems,
    changes: options.detail ? [] : null,
  };
}

function planUpdate(
  row: CheckedRow,
  index: number,
  { customer: found, matchedBy }: Match,
  batch: Batch,
  options: ApplyRows,
): PlannedRow {
  const customer = found!;
  if (!customer.stored) customer.fields = { ...newCustomer, ...customer.fields }; // made by an earlier row
  const stored = customer.fields as StoredFields;
  const given = { ...row.fields };
  // judged by itself, a good row has derived by its own country already
  if (given.country === undefined || row.problems.length > 0)
    deriveFields(given, given.country === undefined ? stored.country : given.country);
  const codeKey = keyOf(given.code);
  const references = row.externalReferences.map(batch.resolve);
  const conflict = row.target ? versionProblem(versionOf(customer), row.target.expectedVersion) : null;
  const wrong = vatChangeProblem(stored, given, batch.taken.enabledVatStatuses);
  const problems = [
    ...(conflict ? [conflict] : []),
    ...codeProblems(codeKey, customer, batch, options.names),
    ...lasting(row),
    ...listProblems(given, batch.taken, options),
    ...(wrong ? [wrong] : []),
    ...referenceProblems(references, customer, batch),
  ];
  const loginKey = keyOf(row.login);
  const ofLogin = loginProblems(row, loginKey, customer, batch, options.names);
  if (problems.length > 0) return rejected([...problems, ...ofLogin]);
  const before = options.detail ? toldOf(customer) : null;
  const fields = changesOf(stored, given);
  const isNews = Object.keys(fields).length > 0;
  if (isNews) customer.fields = { ...customer.fields, ...fields };
  if (fields.code !== undefined) batch.moveCode(customer, caselessKey(stored.code as string), codeKey!);
  const usable = ofLogin.length === 0 && loginKey !== undefined && !batch.withLogin(loginKey) ? loginKey : undefined;
  const rest = sayRest(row, index, customer, references, usable, batch, options);
  return {
    action: isNews || rest.isNews ? 'UPDATE' : 'UNCHANGED',
    ...{ customer, matchedBy, userMade: rest.userMade, problems: ofLogin },
    code: customer.fields.code!,
    changes: before && changesTold(before, toldOf(customer), batch.taken.systems),
  };
}

/** One that an earlier row of the batch makes has its first version. */
const versionOf = (customer: BatchCustomer): number => (customer.stored ? customer.version : 1);

const keyOf = (text: string | undefined): string | undefined => (text === undefined ? undefined : caselessKey(text));

function withType(fields: Partial<CustomerFields>, profile: ImportProfile): Partial<CustomerFields> {
  const company = profile === 'PARTNER' || fields.corporateName;
  return { ...fields, type: fields.type ?? (company ? 'COMPANY' : 'PERSON') };
}
