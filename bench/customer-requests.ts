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

/** The places behind the customers with these numbers; -1 is the beginning of the list. */
export async function positions(hub: HubProcess, numbers: number[]): Promise<Position[]> {
  const found: Position[] = [];
  for (const n of numbers) found.push(n < 0 ? { cursor: null, id: '0' } : await positionOf(hub, n));
  return found;
}

async function positionOf(hub: HubProcess, n: number): Promise<Position> {
  const { customers } = await hub.ask<{ customers: { edges: { cursor: string; node: { id: string } }[] } }>(
    'query ($code: String!) { customers(first: 1, where: { code: { eq: $code } }) { edges { cursor node { id } } } }',
    { code: `C-${n}` },
  );
  const [edge] = customers.edges;
  return { cursor: edge!.cursor, id: edge!.node.id };
}

/** Places spread over a list, each with a whole page behind it. */
export const spreadPositions = (hub: HubProcess, count: number, customers: number): Promise<Position[]> =>
  positions(hub, [-1, ...spreadNumbers(count - 1, customers - 50)]);

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
