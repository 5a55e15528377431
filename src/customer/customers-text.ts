import type { Context } from '../context.js';
import { selectList } from '../database/select-list.js';
import type { Selected } from '../graphql/compiled/selection.js';
import type { TextPlan } from '../graphql/compiled/text-plan.js';
import { connectionText, type TextRow } from '../graphql/connection-text.js';
import { pageOf } from '../graphql/connection.js';
import { NotInSql, rowText } from '../graphql/sql-text/row-text.js';
import { customerMembers } from './customer-edges.js';
import type { CustomerIdentifierInput } from './customer-identifier.input.js';
import { customerNamed } from './customer-named.js';
import { Customer } from './customer.entity.js';
import { customersPage, type FoundCustomers } from './find-customers.js';
import type { CustomerWhere } from './where/customer-criteria.js';

/** `Query.customers` as PostgreSQL writes it. */
export const customersText: TextPlan<Context> = ({ fields, given, alone }) => {
  const connection = connectionText(fields);
  const texts = connection && nodeTexts(connection.nodes);
  if (!texts || ![...given].every((name) => known.has(name))) return null;
  return async (args, ctx) => {
    const owner = ctx.owner('customers:read');
    const { where } = args as { where?: CustomerWhere };
    const page = pageOf(args);
    const found = customersPage(owner.id, page, { where, showExcluded: ctx.showExcluded });
    return connection.write(page, await customerTexts(ctx, found, texts, alone));
  };
};

const known = new Set(['first', 'after', 'last', 'before', 'where']);

/** `Query.customer` as PostgreSQL writes it. */
export const customerText: TextPlan<Context> = ({ fields, alone }) => {
  const texts = nodeTexts([fields]);
  if (!texts) return null;
  return async (args, ctx) => {
    const owner = ctx.owner('customers:read');
    const found = customerNamed(owner.id, args.by as CustomerIdentifierInput, ctx.showExcluded);
    const [row] = await customerTexts(ctx, found, texts, alone);
    return row?.[0] ?? 'null';
  };
};

/** SQL for the texts of a customer; null when something is selected that SQL does not know. */
function nodeTexts(selections: (readonly Selected[])[]): string[] | null {
  try {
    return selections.map((fields) => rowText(fields, customerMembers, 'shown'));
  } catch (error) {
    if (error instanceof NotInSql) return null;
    throw error;
  }
}

const columns = selectList(Customer, 'page');

function customerTexts(
  ctx: Context,
  { select, parameters }: FoundCustomers,
  texts: readonly string[],
  alone: boolean,
): Promise<TextRow[]> {
  const statement = `/* customerTexts */
    WITH page AS MATERIALIZED (SELECT found.*, row_number() OVER () AS ordinal FROM (${select}) found)
    SELECT ${['shown.id', ...texts.map((text, place) => `${text}::text AS "${place}"`)].join(', ')}
    FROM (SELECT ${columns}, page.ordinal FROM page) shown ORDER BY shown.ordinal`;
  return alone ? ctx.read.only<TextRow>(statement, parameters) : ctx.read.prepared<TextRow>(statement, parameters);
}
