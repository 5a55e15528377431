import { getNamedType, isInputObjectType, isLeafType, isObjectType } from 'graphql';
import { createSchema } from '../../src/schema.js';
import type { TestOwner } from '../hub.js';
import type { Row } from './where-model.js';

export interface Page {
  totalCount: number;
  nodes: { code: string }[];
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string | null };
}

export const searchQuery = `query ($first: Int, $after: String, $last: Int, $before: String, $where: CustomerWhereInput) {
  customers(first: $first, after: $after, last: $last, before: $before, where: $where) {
    totalCount nodes { code } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`;

export const search = async (owner: TestOwner, variables: object): Promise<Page> =>
  (await owner.gql<{ customers: Page }>(searchQuery, variables)).customers;

export const codesOf = (page: Page): string[] => page.nodes.map(({ code }) => code);

/** What the schema says about criteria: the operators and the input type of each filter, and what a customer shows. */
export async function searchSchema() {
  const schema = await createSchema();
  const [where, customer] = [schema.getType('CustomerWhereInput'), schema.getType('Customer')];
  if (!isInputObjectType(where) || !isObjectType(customer)) throw new Error('the schema has no criteria');
  const filters = Object.values(where.getFields()).flatMap(({ name, type }) => {
    const named = getNamedType(type);
    return isInputObjectType(named) && named.name.endsWith('FilterInput') ? [{ name, named }] : [];
  });
  return {
    operators: new Map(filters.map(({ name, named }) => [name, Object.keys(named.getFields())])),
    types: new Map(filters.map(({ name, named }) => [name, named.name])),
    /** Fields of a customer that are one value each. */
    shown: Object.values(customer.getFields())
      .filter(({ type }) => isLeafType(getNamedType(type)))
      .map(({ name }) => name),
  };
}

/** Customers of an owner, by default all, with all that a criterion can be about. */
export async function rowsOf(owner: TestOwner, shown: string[], where: object = {}): Promise<Row[]> {
  const { customers } = await owner.gql<{ customers: { nodes: (Row & { snapshot: object })[] } }>(
    `query ($where: CustomerWhereInput) { customers(first: 100, where: $where) { nodes { ${shown.join(' ')} birthDate { year month day } tags { id name }
       externalReferences { identifier system { code number } } contactInfos { value valueE164 }
       consents { channel accepted }
       snapshot { ordersTotalCount ordersTotalValue ordersLastDate lastBooking { startsAt } nextBooking { startsAt } } } } }`,
    { where },
  );
  return customers.nodes.map(({ snapshot, ...row }) => {
    const { lastBooking, nextBooking, ...totals } = snapshot as Record<string, { startsAt: string } | null>;
    return {
      ...row,
      ...totals,
      lastBooking: lastBooking?.startsAt ?? null,
      nextBooking: nextBooking?.startsAt ?? null,
    };
  });
}

/** Gives some of an owner's customers, by their codes, orders and bookings: each of the first three others. */
export async function furnish(owner: TestOwner, codes: string[]): Promise<void> {
  const [first, second, third] = codes.map((code) => ({ code }));
  const order = (customer: object | undefined, number: number, totalValue: string) =>
    customer && {
      ...{ customer, channel: 'ONLINE', kind: 'ONLINE_ORDER', number: `${number}`, paid: true },
      ...{ orderedAt: `2026-01-0${number}T12:00:00Z`, totalValue, totalValueExVat: '0.01' },
    };
  const booking = (customer: object | undefined, number: string, startsAt: string) =>
    customer && { customer, number, service: 'Stay', startsAt, endsAt: '2040-01-01T12:00:00Z' };
  const orders = [order(first, 1, '10.50'), order(first, 2, '0.05'), order(second, 3, '7')].filter(Boolean);
  const bookings = [
    booking(first, '1', '2020-05-17T14:00:00.123Z'),
    booking(second, '2', '2021-05-17T14:00:00Z'),
    booking(second, '3', '2039-05-17T14:00:00Z'),
    booking(third, '4', '2038-05-17T14:00:00Z'),
  ].filter(Boolean);
  const answer = await owner.gql<Record<string, { errors: object[]; userErrors: object[] }>>(
    `mutation ($orders: RecordOrdersInput!, $bookings: RecordBookingsInput!) {
      recordOrders(input: $orders) { errors { errors } userErrors { message } }
      recordBookings(input: $bookings) { errors { errors } userErrors { message } } }`,
    { orders: { ownerCode: owner.code, orders }, bookings: { ownerCode: owner.code, bookings } },
  );
  for (const { errors, userErrors } of Object.values(answer))
    if (errors.length + userErrors.length > 0) throw new Error(JSON.stringify(answer));
}
