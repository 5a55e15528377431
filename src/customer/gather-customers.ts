import { consentEdge } from '../consent/consents.js';
import type { Sql } from '../database/database.js';
import { gather, revive, type Edge } from '../database/edge.js';
import { datesOf, selectList } from '../database/select-list.js';
import { externalReferenceEdge } from '../external-system/external-systems.js';
import { completed, namedTags, snapshotEdge, type NamedTag, type ShownSnapshot } from '../snapshot/snapshots-shown.js';
import type { SnapshotBody } from '../snapshot/snapshot-body.js';
import { tagEdge } from '../tag/tags-of.js';
import { Customer } from './customer.entity.js';
import { contactInfoEdge, userEdge } from './details-of.js';

/** What hangs on a customer and can come along with it, by its field in GraphQL. */
export const customerEdges = {
  contactInfos: contactInfoEdge,
  users: userEdge,
  externalReferences: externalReferenceEdge,
  tags: tagEdge,
  consents: consentEdge,
} satisfies Record<string, Edge<never>>;

/** The fields of `Customer` that are selected. */
export type Shown = ReadonlySet<string>;

export interface GatheredCustomers {
  customers: Customer[];
  /** What hangs on them, as far as it is shown, by the name of the field. */
  edges: Map<CustomerEdge, Record<string, unknown>[]>;
  snapshots: ShownSnapshot[] | null;
}

export type CustomerEdge = keyof typeof customerEdges;

/**
 * Customers with all that is shown of them, in one statement. `found`: a SELECT of rows of `customer`.
 */
export async function gatherCustomers(
  sql: Pick<Sql, 'rows'>,
  found: string,
  order: 'ASC' | 'DESC',
  parameters: unknown[],
  shown: Shown,
): Promise<GatheredCustomers> {
  const columns = selectList(Customer, 'c', new Set([...shown, ...needed]));
  const asked = (Object.keys(customerEdges) as CustomerEdge[]).filter((name) => shown.has(name));
  const parents = '(SELECT ids FROM parents)::bigint[]';
  const selects = {
    customers: `SELECT ${columns} FROM found c ORDER BY c.id ${order}`,
    ...Object.fromEntries(asked.map((name) => [name, customerEdges[name].sql(parents)])),
    ...(shown.has('snapshot') && { snapshots: snapshotEdge.sql(parents), tagsOfOwner: namedTags }),
  };
  const gathered = await gather(
    sql,
    (lists) => `/* gatherCustomers */ WITH found AS MATERIALIZED (${found}),
      parents AS MATERIALIZED (SELECT array_agg(id) AS ids FROM found) SELECT ${lists(selects)} AS gathered`,
    parameters,
  );
  const { snapshots, tagsOfOwner } = gathered as unknown as {
    snapshots?: { body: SnapshotBody }[];
    tagsOfOwner: NamedTag[];
  };
  return {
    customers: revive<Customer>(gathered.customers!, datesOf(Customer)),
    edges: new Map(asked.map((name) => [name, revive(gathered[name]!, customerEdges[name].dates)])),
    snapshots: snapshots?.map(({ body }) => completed(body, tagsOfOwner)) ?? null,
  };
}

/** Of which other fields are made. */
const needed = ['id', 'ownerId', 'birthYear', 'birthMonth', 'birthDay'];
