import { execute, parse, type DocumentNode, type GraphQLSchema } from 'graphql';
import type { Caller } from '../access/caller.js';
import type { Asking } from '../ask-hub.js';
import { chosenOwner } from '../chosen-owner.js';
import { Context } from '../context.js';
import { ReadTransaction } from '../database/read-transaction.js';
import type { Hub } from '../hub.js';
import { createSchema } from '../schema.js';
import { customerPages, type CustomerPages } from './customer-pages.js';

/**
 * The customers of the database, all as they were at one moment: the queries that a hub would be asked, in a single
 * transaction. @throws StartupError
 */
export async function ownPages(hub: Hub, asking: Asking, named: string | null): Promise<CustomerPages> {
  const owner = await chosenOwner(asking, named, 'customers:read');
  const caller = await hub.authenticator.identify(asking.key, owner);
  const moment = new ReadTransaction(hub.db, caller.picked!.id);
  moment.stable = true;
  const schema = await createSchema();
  const parsed = new Map<string, DocumentNode>();
  const found = await customerPages(owner, async <Data>(query: string, variables: object) => {
    const document = parsed.get(query) ?? parse(query);
    parsed.set(query, document);
    return answered(schema, document, variables, new MomentContext(hub, caller, moment)) as Promise<Data>;
  });
  return { ...found, pages: andThenClose(found.pages, moment) };
}

/** A context for one page: its loaders forget with it what they have read, the transaction is that of all pages. */
class MomentContext extends Context {
  constructor(
    hub: Hub,
    caller: Caller,
    private readonly moment: ReadTransaction,
  ) {
    super(hub, caller, 'export');
    this.operation = 'query';
  }

  override get read(): ReadTransaction {
    return this.moment;
  }
}

async function answered(
  schema: GraphQLSchema,
  document: DocumentNode,
  variables: object,
  contextValue: Context,
): Promise<unknown> {
  const variableValues = variables as Record<string, unknown>;
  const { data, errors } = await execute({ schema, document, variableValues, contextValue });
  if (errors) throw errors[0]!.originalError ?? errors[0]!;
  return data;
}

async function* andThenClose<Page>(pages: AsyncIterable<Page>, moment: ReadTransaction): AsyncGenerator<Page, void> {
  try {
    yield* pages;
  } finally {
    await moment.close();
  }
}
