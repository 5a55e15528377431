import type { Sql } from '../database/database.js';
import { selectList } from '../database/select-list.js';
import { Tag } from './tag.entity.js';

const columns = selectList(Tag, 't');

/** The tags that are set on customers, with the customer each is set on. */
export const tagsOf = (
  sql: Pick<Sql, 'rows'>,
  ownerId: string,
  customerIds: readonly string[],
): Promise<(Tag & { customerId: string })[]> =>
  sql.rows<Tag & { customerId: string }>(
    `/* tagsOf */ SELECT ${columns}, ct.customer_id AS "customerId"
     FROM customer_tag ct JOIN tag t ON t.owner_id = ct.owner_id AND t.id = ct.tag_id
     WHERE ct.owner_id = $1 AND ct.customer_id = ANY ($2::bigint[]) ORDER BY t.id`,
    [ownerId, customerIds],
  );
