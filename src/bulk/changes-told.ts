import { customerColumns, type CustomerField } from '../customer/customer-columns.js';
import type { FieldChange } from './apply-rows.js';
import type { BatchCustomer } from './batch-customer.js';
import { sexes, type CustomerFields } from './customer-fields.js';

/** What is to be told of a customer before and after a row, as values of JSON under GraphQL's names. */
export type Told = Record<string, unknown>;

/** What a customer says at this moment. Links are told by the ids of their systems: `changesTold` names those. */
export function toldOf(customer: BatchCustomer): Told {
  const { fields, references, tags, consents, stored, logins } = customer;
  const told: Told = { ...nothingTold }; // a copy has all its places at once, which matters with 50 of them for each row
  for (const field of fieldsTold) {
    const value = fields[field];
    if (value !== undefined) told[field] = value;
  }
  told.sex = nameOfSex(fields.sex);
  told.birthDate = birthDateOf(fields);
  if (references.size > 0)
    told.externalReferences = [...references].map(([system, identifier]) => ({ system, identifier }));
  if (tags.size > 0) told.tags = [...tags.values()];
  told.acceptsMarketingEmail = (consents.get('EMAIL') ?? stored?.consents.get('EMAIL'))?.accepted ?? null;
  told.acceptsMarketingSms = (consents.get('SMS') ?? stored?.consents.get('SMS'))?.accepted ?? null;
  told['adminUser.login'] = logins.at(-1)?.login ?? null;
  return told;
}

/** The fields that a row changed, with their values before and after it. `systems`: ids by code and by number. */
export function changesTold(before: Told, after: Told, systems: ReadonlyMap<string, string>): FieldChange[] {
  return allTold
    .filter((field) => !isSame(before[field], after[field]))
    .map((field) => ({
      field,
      before: field === 'externalReferences' ? linksNamed(before[field], systems) : before[field],
      after: field === 'externalReferences' ? linksNamed(after[field], systems) : after[field],
    }));
}

const isSame = (before: unknown, after: unknown): boolean =>
  before === after ||
  (typeof before === 'object' && typeof after === 'object' && JSON.stringify(before) === JSON.stringify(after));

const ownForm = new Set<CustomerField>(['sex', 'birthYear', 'birthMonth', 'birthDay']);
const fieldsTold = (Object.keys(customerColumns) as CustomerField[]).filter((field) => !ownForm.has(field));

/** What a customer says who is not there yet. Nobody changes it or its lists. */
export const nothingTold: Readonly<Told> = {
  ...Object.fromEntries(fieldsTold.map((field) => [field, null])),
  ...{ sex: null, birthDate: null, externalReferences: [], tags: [] },
  ...{ acceptsMarketingEmail: null, acceptsMarketingSms: null, 'adminUser.login': null },
};
const allTold = Object.keys(nothingTold);

const namesOfSexes = new Map(Object.entries(sexes).map(([name, number]) => [number, name]));
const nameOfSex = (sex: CustomerFields['sex'] | undefined): string | null =>
  sex === undefined ? null : (namesOfSexes.get(sex) ?? null);

function birthDateOf({ birthYear = null, birthMonth = null, birthDay = null }: Partial<CustomerFields>) {
  if (birthYear === null && birthMonth === null && birthDay === null) return null;
  return { year: birthYear, month: birthMonth, day: birthDay };
}

function linksNamed(links: unknown, systems: ReadonlyMap<string, string>) {
  const codes = codesOf(systems);
  return (links as { system: string; identifier: string }[]).map(({ system, identifier }) => ({
    system: codes.get(system) ?? system,
    identifier,
  }));
}

/** Codes of systems by their ids; made once for all rows of a batch. */
function codesOf(systems: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const known = codesBySystems.get(systems);
  if (known) return known;
  const isNumber = /^\d+$/;
  const codes = new Map([...systems].filter(([name]) => !isNumber.test(name)).map(([name, id]) => [id, name]));
  codesBySystems.set(systems, codes);
  return codes;
}

const codesBySystems = new WeakMap<ReadonlyMap<string, string>, ReadonlyMap<string, string>>();
