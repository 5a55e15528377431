import { fieldRules } from '../bulk/field-rules.js';
import type { PartialDate } from '../format/partial-date.js';

/** A customer as the query below gives it. */
export interface FoundCustomer {
  birthDate: PartialDate | null;
  externalReferences: { identifier: string; system: { code: string } }[];
  tags: { name: string }[];
  snapshot: Record<string, unknown>;
  [field: string]: unknown;
}

/** The customers of an owner in the order of their ids, a page at a time; excluded ones are nowhere among them (A44). */
export interface CustomerPages {
  owner: string;
  /** How many there were when it began. */
  total: number;
  pages: AsyncIterable<FoundCustomer[]>;
}

/** Answers a query with its variables: a running hub, or the database. */
export type Ask = <Data>(query: string, variables: object) => Promise<Data>;

/** Asks for all customers of an owner, page by page. */
export async function customerPages(owner: string, ask: Ask): Promise<CustomerPages> {
  const { customers } = await ask<{ customers: { totalCount: number } }>(
    `{ customers(first: 1, ${shown}) { totalCount } }`,
    {},
  );
  return { owner, total: customers.totalCount, pages: pagesOf(ask) };
}

async function* pagesOf(ask: Ask): AsyncGenerator<FoundCustomer[], void> {
  for (let after: string | null = null; ;) {
    const { customers }: Page = await ask<Page>(pageQuery, { after });
    yield customers.nodes;
    if (!customers.pageInfo.hasNextPage) return;
    after = customers.pageInfo.endCursor;
  }
}

interface Page {
  customers: { nodes: FoundCustomer[]; pageInfo: { hasNextPage: boolean; endCursor: string } };
}

/** The fields of a customer that a row of an import can have, in the order of the rule table. */
export const customerFieldNames: readonly string[] = fieldRules
  .filter(({ part }) => part === 'customer')
  .map(({ graphql }) => graphql);

const shown = 'where: { excluded: { eq: false } }';
const booking = '{ bookingId date startsAt service }';
const date = '{ year month day }';
const pageQuery = `query ($after: String) { customers(first: 100, after: $after, ${shown}) {
  nodes {
    ${customerFieldNames.map((name) => (name === 'birthDate' ? `birthDate ${date}` : name)).join(' ')}
    externalReferences { identifier system { code } }
    tags { name }
    snapshot {
      customerId code version computedAt name firstName lastName sex birthDate ${date} email mobile postalCode
      ordersTotalCount ordersTotalValue ordersTotalValueExVat currency ordersLastDate lastBooking ${booking} nextBooking ${booking}
      acceptsMarketingEmail acceptsMarketingSms tags { id name value }
    }
  }
  pageInfo { hasNextPage endCursor }
} }`;
