import { customerColumns, type CustomerField } from '../customer/customer-columns.js';
import type { FieldChange } from './apply-rows.js';
import type { BatchCustomer } from './batch-customer.js';
import { sexes, type CustomerFields } from './customer-fields.js';

/** What is to be told of a customer before and after a row, as values of JSON under GraphQL's names; what it has not is left out. */
export type Told = ReadonlyMap<string, unknown>;

/** What a customer says at this moment. Links are told by the ids of their systems: `changesTold` names those. */
export function toldOf(customer: BatchCustomer): Told {
  const told = new Map<string, unknown>();
  tell(customer, (field, value) => told.set(field, value));
  return told;
}

/** The fields that a row changed, with their values before and after it. `systems`: ids by code and by number. */
export const changesTold = (before: Told, after: Told, systems: ReadonlyMap<string, string>): FieldChange[] =>
  allTold
    .filter((field) => !isSame(before.get(field), after.get(field)))
    .map((field) => changeOf(field, before.get(field), after.get(field), systems));

/** The fields of a customer that a row makes. */
export function changesOfNew(customer: BatchCustomer, systems: ReadonlyMap<string, string>): FieldChange[] {
  const changes: FieldChange[] = [];
  tell(customer, (field, value) => changes.push(changeOf(field, undefined, value, systems)));
  return changes;
}

/** Tells what a customer has, in one order. */
function tell(
  { fields, references, tags, consents, stored, logins }: BatchCustomer,
  say: (field: string, value: unknown) => void,
): void {
  for (const field of fieldsTold) if (fields[field] != null) say(field, fields[field]);
  if (fields.sex !== undefined) say('sex', namesOfSexes.get(fields.sex));
  const birthDate = birthDateOf(fields);
  if (birthDate) say('birthDate', birthDate);
  if (references.size > 0)
    say(
      'externalReferences',
      [...references].map(([system, identifier]) => ({ system, identifier })),
    );
  if (tags.size > 0) say('tags', [...tags.values()]);
  const email = consents.get('EMAIL') ?? stored?.consents.get('EMAIL');
  if (email) say('acceptsMarketingEmail', email.accepted);
  const sms = consents.get('SMS') ?? stored?.consents.get('SMS');
  if (sms) say('acceptsMarketingSms', sms.accepted);
  const login = logins.at(-1);
  if (login) say('adminUser.login', login.login);
}

const isSame = (before: unknown, after: unknown): boolean =>
  before === after ||
  (typeof before === 'object' && typeof after === 'object' && JSON.stringify(before) === JSON.stringify(after));

const ownForm = new Set<CustomerField>(['sex', 'birthYear', 'birthMonth', 'birthDay']);
const fieldsTold = (Object.keys(customerColumns) as CustomerField[]).filter((field) => !ownForm.has(field));

const allTold = [
  ...fieldsTold,
  ...[
    'sex',
    'birthDate',
    'externalReferences',
    'tags',
    'acceptsMarketingEmail',
    'acceptsMarketingSms',
    'adminUser.login',
  ],
];
const namesOfSexes = new Map(Object.entries(sexes).map(([name, number]) => [number, name]));

function birthDateOf({ birthYear = null, birthMonth = null, birthDay = null }: Partial<CustomerFields>) {
  if (birthYear === null && birthMonth === null && birthDay === null) return null;
  return { year: birthYear, month: birthMonth, day: birthDay };
}

function changeOf(field: string, before: unknown, after: unknown, systems: ReadonlyMap<string, string>): FieldChange {
  if (field === 'externalReferences')
    return { field, before: linksNamed(before as Link[], systems), after: linksNamed(after as Link[], systems) };
  const none = field === 'tags' ? [] : null;
  return { field, before: before ?? none, after: after ?? none };
}

interface Link {
  system: string;
  identifier: string;
}

function linksNamed(links: readonly Link[] = [], systems: ReadonlyMap<string, string>): Link[] {
  const codes = codesOf(systems);
  return links.map(({ system, identifier }) => ({ system: codes.get(system) ?? system, identifier }));
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
