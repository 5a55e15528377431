/** The rows that count: what the database has committed. */
export interface Committed {
  /** In the order of owner and position. */
  feed: { ownerId: string; pos: number; customerId: string; version: number; reasons: string[]; origin: string }[];
  customers: {
    ownerId: string;
    id: string;
    version: number;
    name: string;
    orders: number;
    /** Null: there is none. */
    snapshot: { version: number; bodyVersion: number; name: string; orders: number } | null;
  }[];
  heads: { ownerId: string; lastPos: number; minPos: number }[];
  /** Numbers of orders, evidence of consents. */
  marks: Set<string>;
  /** Events that were not moved yet. */
  outbox: number;
}

export type AskSql = <Row extends object>(text: string, parameters?: unknown[]) => Promise<Row[]>;

/** Reads everything as the superuser, past the hub. Nothing may be written meanwhile. */
export async function readCommitted(sql: AskSql): Promise<Committed> {
  const [left] = await sql<{ count: number }>('SELECT count(*)::int AS count FROM outbox');
  const marks = await sql<{ mark: string }>(
    'SELECT number AS mark FROM customer_order UNION ALL SELECT evidence FROM consent WHERE evidence IS NOT NULL',
  );
  return {
    feed: await sql(
      `SELECT owner_id AS "ownerId", pos::int, customer_id AS "customerId", version, reasons, origin
       FROM feed ORDER BY owner_id, feed.pos, at`,
    ),
    customers: await sql(
      `SELECT c.owner_id AS "ownerId", c.id, c.version, c.name,
         (SELECT count(*)::int FROM customer_order o WHERE o.owner_id = c.owner_id AND o.customer_id = c.id) AS orders,
         CASE WHEN s.customer_id IS NOT NULL THEN json_build_object('version', s.version, 'name', s.body ->> 'name',
           'bodyVersion', (s.body ->> 'version')::int, 'orders', (s.body ->> 'ordersTotalCount')::int) END AS snapshot
       FROM customer c LEFT JOIN customer_snapshot s ON s.owner_id = c.owner_id AND s.customer_id = c.id`,
    ),
    heads: await sql(
      'SELECT owner_id AS "ownerId", last_pos::int AS "lastPos", min_pos::int AS "minPos" FROM feed_head',
    ),
    marks: new Set(marks.map(({ mark }) => mark)),
    outbox: left!.count,
  };
}
