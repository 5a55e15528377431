import type { Client } from 'graphql-ws';
import { follow, type TestOwner } from '../hub.js';

export interface Pushed {
  cursor: string;
  customerId: string;
  version: number;
  reasons: string[];
  origin: string | null;
  snapshot: { version: number; name: string } | null;
}

const fields = 'cursor customerId version reasons origin snapshot { version name }';

export const pushes = `subscription ($after: String, $customers: [ID!], $reasons: [EventReason!]) {
  customerSnapshots(after: $after, customers: $customers, reasons: $reasons) { ${fields} } }`;

export interface Selection {
  after?: string | null;
  customers?: string[];
  reasons?: string[];
}

/** A subscription whose `take` waits for that many events. */
export function followEvents(client: Client, selection: Selection = {}) {
  const following = follow<{ customerSnapshots: Pushed }>(client, pushes, { ...selection });
  const take = async (count: number): Promise<Pushed[]> => {
    const events: Pushed[] = [];
    while (events.length < count) events.push((await following.next()).customerSnapshots);
    return events;
  };
  return { ...following, take };
}

export interface Page {
  nodes: Pushed[];
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string };
}

export async function pageOf(
  owner: TestOwner,
  selection: { after?: string | null; first?: number } = {},
): Promise<Page> {
  const { customerEvents } = await owner.gql<{ customerEvents: Page }>(
    `query ($after: String, $first: Int) { customerEvents(after: $after, first: $first) {
       nodes { ${fields} } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`,
    selection,
  );
  return customerEvents;
}

/** The whole feed of an owner, page by page. */
export async function wholeFeed(owner: TestOwner): Promise<Pushed[]> {
  const events: Pushed[] = [];
  for (let after: string | null = null; ;) {
    const page: Page = await pageOf(owner, { after, first: 100 });
    events.push(...page.nodes);
    if (!page.pageInfo.hasNextPage) return events;
    after = page.pageInfo.endCursor;
  }
}

/** Asks until it is so, for at most thirty seconds: of a machine that is busy. */
export async function eventually(holds: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`still not so after 30 s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

export const keyOf = ({ customerId, version }: Pick<Pushed, 'customerId' | 'version'>): string =>
  `${customerId}:${version}`;
