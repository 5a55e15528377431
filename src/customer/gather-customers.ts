import type { Sql } from '../database/database.js';
import { gather, revive } from '../database/edge.js';
import { datesOf, selectList } from '../database/select-list.js';
import { namedTags, type NamedTag } from '../snapshot/named-tags.js';
import { completed, snapshotEdge, type ShownSnapshot } from '../snapshot/snapshots-shown.js';
import type { SnapshotBody } from '../snapshot/snapshot-body.js';
import { customerEdges, type CustomerEdge } from './customer-edges.js';
import { Customer } from './customer.entity.js';
import type { FoundCustomers } from './find-customers.js';

/** The fields of `Customer` that are selected. */
export type Shown = ReadonlySet<string>;

export interface GatheredCustomers {
  /** With the values by which they are ordered. */
  customers: (Customer & { key: string | null })[];
  /** What hangs on them, as far as it is shown, by the name of the field. */
  edges: Map<CustomerEdge, Record<string, unknown>[]>;
  snapshots: ShownSnapshot[] | null;
}

/** Customers in their order with all that is shown of them, in one statement. */
export async function gatherCustomers(
  sql: Pick<Sql, 'rows'>,
  { select, parameters }: FoundCustomers,
  shown: Shown,
): Promise<GatheredCustomers> {
  const columns = selectList(Customer, 'c', new Set([...shown, ...needed]));
  const asked = (Object.keys(customerEdges) as CustomerEdge[]).filter((name) => shown.has(name));
  const parents = '= ANY ((SELECT ids FROM parents)::bigint[])';
  const selects = {
    customers: `SELECT ${columns}, c.cursor_key AS key FROM page c ORDER BY c.ordinal`,
    ...Object.fromEntries(asked.map((name) => [name, customerEdges[name].sql(parents)])),
    ...(shown.has('snapshot') && { snapshots: snapshotEdge.sql(parents), tagsOfOwner: namedTags }),
  };
  const gathered = await gather(
    sql,
    (lists) => `/* gatherCustomers */
      WITH page AS MATERIALIZED (SELECT found.*, row_number() OVER () AS ordinal FROM (${select}) found),
        parents AS MATERIALIZED (SELECT array_agg(id) AS ids FROM page)
      SELECT ${lists(selects)} AS gathered`,
    parameters,
  );
  const { snapshots, tagsOfOwner } = gathered as unknown as {
    snapshots?: { body: SnapshotBody }[];
    tagsOfOwner: NamedTag[];
  };
  return {
    customers: revive<Customer & { key: string | null }>(gathered.customers!, datesOf(Customer)),
    edges: new Map(asked.map((name) => [name, revive(gathered[name]!, customerEdges[name].dates)])),
    snapshots: snapshots?.map(({ body }) => completed(body, tagsOfOwner)) ?? null,
  };
}

/** Of which other fields are made. */
const needed = ['id', 'ownerId', 'birthYear', 'birthMonth', 'birthDay'];
