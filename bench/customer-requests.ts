import type { HubProcess } from './bench.js';
import type { Target } from './load.js';

const listed = `id code name email mobile contactInfos { kind value } externalReferences { identifier system { code } } tags { name }
  snapshot { ordersTotalCount ordersTotalValue ordersTotalValueExVat currency ordersLastDate
    lastBooking { bookingId date startsAt service } nextBooking { bookingId date startsAt service } }`;
const listQuery = `query ($after: String) { customers(first: 50, after: $after) { nodes { ${listed} } pageInfo { hasNextPage endCursor } } }`;
const lookUpQuery = `query ($identifier: String!) { customer(by: { external: { system: "SHOP", identifier: $identifier } }) {
  id code name email mobile snapshot { version name email mobile ordersTotalCount ordersTotalValue ordersTotalValueExVat currency
    ordersLastDate lastBooking { bookingId date startsAt service } nextBooking { bookingId date startsAt service }
    acceptsMarketingEmail acceptsMarketingSms } } }`;
const updateQuery = `mutation ($id: ID!, $city: String) { updateCustomer(by: { id: $id }, input: { city: $city }) {
  customer { id version } userErrors { field code message } } }`;
const searchQuery =
  'query ($search: String) { customers(first: 20, search: $search) { nodes { id code name email } } }';

/** Places of a list of customers: the cursor of the hub and the id that it stands for. */
export interface Position {
  cursor: string | null;
  id: string;
}

/** The place behind each of so many pages of 50, the first one being before the first page. Reads all pages on the way. */
export async function positions(hub: HubProcess, pages: number): Promise<Position[]> {
  const found: Position[] = [{ cursor: null, id: '0' }];
  while (found.length < pages) {
    const { customers } = await hub.ask<{ customers: { edges: { cursor: string; node: { id: string } }[] } }>(
      'query ($after: String) { customers(first: 100, after: $after) { edges { cursor node { id } } } }',
      { after: found.at(-1)!.cursor },
    );
    const places = [customers.edges[49], customers.edges[99]].filter((edge) => edge !== undefined);
    if (places.length === 0) break;
    found.push(...places.map(({ cursor, node }) => ({ cursor, id: node.id })));
  }
  return found.slice(0, pages);
}

export const listsOf = (hub: HubProcess, after: Position[]): Target =>
  targetOf(
    hub,
    listQuery,
    '{"data":{"customers":{"nodes":[{',
    after.map(({ cursor }) => ({ after: cursor })),
  );

/** By the identifiers S-n. */
export const lookUpsOf = (hub: HubProcess, numbers: number[]): Target =>
  targetOf(
    hub,
    lookUpQuery,
    '{"data":{"customer":{"id":',
    numbers.map((n) => ({ identifier: `S-${n}` })),
  );

/** Each gives a customer another city. */
export const updatesOf = (hub: HubProcess, ids: string[]): Target =>
  targetOf(
    hub,
    updateQuery,
    '{"data":{"updateCustomer":{"customer":{"id":',
    ids.map((id) => ({ id, city: 'City %N%' })),
  );

export const searchesOf = (hub: HubProcess, texts: string[]): Target =>
  targetOf(
    hub,
    searchQuery,
    '{"data":{"customers":{"nodes":[{',
    texts.map((search) => ({ search })),
  );

export function targetOf(hub: HubProcess, query: string, expect: string, variables: object[]): Target {
  return {
    url: hub.url,
    headers: hub.headers,
    expect,
    bodies: variables.map((v) => JSON.stringify({ query, variables: v })),
  };
}

/** The same numbers every time, spread over all of them. */
export function spreadNumbers(count: number, below: number): number[] {
  let state = 12_345;
  return Array.from({ length: count }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  });
}
