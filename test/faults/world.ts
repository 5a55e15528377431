import { ask } from './ask.js';
import { History } from './history.js';

export interface WorldOwner {
  id: string;
  code: string;
  customers: string[];
  tags: string[];
  /** The cursor before the owner's first event. */
  start: string;
}

/** Owners with their customers and tags, keys for those who write and read, and the history of all that is done. */
export interface World {
  owners: WorldOwner[];
  /** A key that covers every owner; its name is the origin of what it writes. */
  key: (name: string) => Promise<string>;
  history: History;
  /** The latest version of each customer that an answer has shown. */
  versions: Map<string, number>;
}

/** Made through a hub of which nothing fails yet. */
export async function makeWorld(
  url: string,
  adminKey: string,
  size: { owners: number; customers: number; tags: number },
): Promise<World> {
  const request = async <Data>(query: string, variables: object, owner?: string): Promise<Data> => {
    const reply = await ask<Data>(url, { key: adminKey, ...(owner && { owner }) }, query, variables);
    if (reply.kind !== 'answer') throw new Error(JSON.stringify(reply));
    return reply.data;
  };
  const history = new History();
  const owners = await Promise.all(Array.from({ length: size.owners }, (_, i) => makeOwner(request, `FAULT${i}`)));
  const key = async (name: string) => {
    const { createApiKey } = await request<{ createApiKey: { key: string } }>(
      'mutation ($input: ApiKeyInput!) { createApiKey(input: $input) { key } }',
      { input: { name, owners: owners.map(({ code }) => code), scopes } },
    );
    return createApiKey.key;
  };
  for (const owner of owners) {
    for (let i = 0; i < size.tags; i++) owner.tags.push(await makeTag(request, owner, `Tag ${i}`));
    const customers = Array.from({ length: size.customers }, (_, i) => ({ code: `HOT${i}`, name: `Hot ${i}` }));
    const { bulkInsertCustomers } = await request<{ bulkInsertCustomers: { results: { customerId: string }[] } }>(
      'mutation ($input: BulkInsertCustomersInput!) { bulkInsertCustomers(input: $input) { results { customerId } } }',
      { input: { ownerCode: owner.code, customers } },
    );
    owner.customers.push(...bulkInsertCustomers.results.map(({ customerId }) => customerId));
    history.end(history.invoke({ kind: 'insert', writer: 'operator', customers: owner.customers }), 'ok');
  }
  return { owners, key, history, versions: new Map() };
}

const scopes = ['customers:read', 'customers:write', 'orders:write', 'changes:read'];

type Request = <Data>(query: string, variables: object, owner?: string) => Promise<Data>;

async function makeOwner(request: Request, code: string): Promise<WorldOwner> {
  const { createOwner } = await request<{ createOwner: { owner: { id: string; code: string } } }>(
    'mutation ($input: OwnerInput!) { createOwner(input: $input) { owner { id code } } }',
    { input: { code } },
  );
  const { customerEvents } = await request<{ customerEvents: { pageInfo: { endCursor: string } } }>(
    '{ customerEvents { pageInfo { endCursor } } }',
    {},
    code,
  );
  return { ...createOwner.owner, customers: [], tags: [], start: customerEvents.pageInfo.endCursor };
}

async function makeTag(request: Request, owner: WorldOwner, name: string): Promise<string> {
  const { createTag } = await request<{ createTag: { tag: { id: string } } }>(
    'mutation ($name: String!) { createTag(name: $name) { tag { id } } }',
    { name },
    owner.code,
  );
  return createTag.tag.id;
}
