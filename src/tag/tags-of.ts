import type { Sql } from '../database/database.js';
import type { Edge } from '../database/edge.js';
import { selectList } from '../database/select-list.js';
import { entityMembers } from '../graphql/sql-text/members.js';
import { Tag } from './tag.entity.js';

const columns = selectList(Tag, 't');

type SetTag = Tag & { customerId: string };

/** The tags that are set on customers, with the customer each is set on. */
export const tagEdge: Edge<SetTag> = {
  sql: (customers) => `SELECT ${columns}, ct.customer_id::text AS "customerId"
    FROM customer_tag ct JOIN tag t ON t.owner_id = ct.owner_id AND t.id = ct.tag_id
    WHERE ct.owner_id = $1 AND ct.customer_id ${customers} ORDER BY t.id`,
  parent: 'customerId',
  dates: [],
  members: entityMembers(Tag),
};

export const tagsOf = (sql: Pick<Sql, 'rows'>, ownerId: string, customerIds: readonly string[]): Promise<SetTag[]> =>
  sql.rows<SetTag>(`/* tagsOf */ ${tagEdge.sql('= ANY ($2::bigint[])')}`, [ownerId, customerIds]);
