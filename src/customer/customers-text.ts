import type { Context } from '../context.js';
import { selectList } from '../database/select-list.js';
import type { Selected } from '../graphql/compiled/selection.js';
import type { TextPlan } from '../graphql/compiled/text-plan.js';
import { connectionText, type TextRow } from '../graphql/connection-text.js';
import { pageSizeOf, type PageArguments } from '../graphql/connection.js';
import { NotInSql, rowText } from '../graphql/sql-text/row-text.js';
import { customerMembers } from './customer-edges.js';
import type { CustomerIdentifierInput } from './customer-identifier.input.js';
import { customerNamed } from './customer-named.js';
import { Customer } from './customer.entity.js';
import type { FoundCustomers } from './find-customers.js';
import { CustomerList, type CustomerSearch } from './list/customer-list.js';

/** `Query.customers` as PostgreSQL writes it. */
export const customersText: TextPlan<Context> = ({ fields, given, alone }) => {
  const connection = connectionText(fields);
  const texts = connection && nodeTexts(connection.nodes);
  if (!texts || ![...given].every((name) => known.has(name))) return null;
  const read = reading(texts);
  return async (args, ctx) => {
    const owner = ctx.owner('customers:read');
    const { where, search, orderBy, after, before } = args as PageArguments & Omit<CustomerSearch, 'showExcluded'>;
    const size = pageSizeOf(args);
    const list = new CustomerList(ctx.read, owner.id, { where, search, orderBy, showExcluded: ctx.showExcluded });
    const page = await list.page(size, { after, before });
    return connection.write({ ...size, after, before }, await read(ctx, page, alone), page.cursorOf);
  };
};

const known = new Set(['first', 'after', 'last', 'before', 'where', 'search', 'orderBy']);

/** `Query.customer` as PostgreSQL writes it. */
export const customerText: TextPlan<Context> = ({ fields, alone }) => {
  const texts = nodeTexts([fields]);
  if (!texts) return null;
  const read = reading(texts);
  return async (args, ctx) => {
    const owner = ctx.owner('customers:read');
    const found = customerNamed(owner.id, args.by as CustomerIdentifierInput, ctx.showExcluded);
    const [row] = await read(ctx, found, alone);
    return row?.[0] ?? 'null';
  };
};

/** SQL for the texts of a customer; null when something is selected that SQL does not know. */
function nodeTexts(selections: (readonly Selected[])[]): string[] | null {
  try {
    const texts = selections.map((fields) => rowText(fields, customerMembers, 'shown'));
    return texts.join('').length <= longest ? texts : null;
  } catch (error) {
    if (error instanceof NotInSql) return null;
    throw error;
  }
}

/** All the fields of a customer take a third of it. */
const longest = 30_000;

/** Reads the rows that are found, with the texts of each. The same statement is one string, made once. */
function reading(texts: readonly string[]) {
  const statements = new Map<string, string>();
  return (ctx: Context, { select, parameters, onePlan }: FoundCustomers, alone: boolean): Promise<TextRow[]> => {
    const statement = statements.get(select) ?? statementOf(select, texts);
    if (statements.size < mostStatements) statements.set(select, statement);
    if (alone) return ctx.read.only<TextRow>(statement, parameters, { onePlan });
    return onePlan ? ctx.read.prepared<TextRow>(statement, parameters) : ctx.read.rows<TextRow>(statement, parameters);
  };
}

const mostStatements = 4;

/**
 * Nothing stands above the rows that are found but what is made of each: they stay in their order. Of their columns only those
 * that are read: PostgreSQL goes through all that a prepared statement says each time it is called.
 */
function statementOf(select: string, texts: readonly string[]): string {
  const read = new Set(
    texts.flatMap((text) => [...text.matchAll(/\bshown\."(\w+)"/g)].map(([, property]) => property!)),
  );
  const columns = selectList(Customer, 'found', read.add('id'));
  const told = ['shown.id', 'shown.cursor_key AS key', ...texts.map((text, place) => `${text}::text AS "${place}"`)];
  return `/* customerTexts */ SELECT ${told.join(', ')}
  FROM (SELECT ${columns}, found.id AS key, found.cursor_key FROM (${select}) found) shown`;
}
