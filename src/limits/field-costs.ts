/**
 * The points of what an operation asks for. They stand for work, seen on a core: a point is some 10 µs of the hub and
 * PostgreSQL together, at most.
 */
export const costs = {
  /** A field of the root of a query: a statement. */
  query: 1,
  /** A field of the root of a mutation: a transaction. */
  mutation: 10,
  /** A node of a page. */
  node: 1,
  /** An object that comes with another one: a date, a tag, the snapshot. */
  part: 0.1,
  /** A value. */
  value: 0.01,
  /**
   * An item of a list in the arguments of a field: a row of a bulk call, an id of a criterion. 10,000 rows cost 1,000
   * points: who sends one such call after the other takes some second for each, and gets as much back in that time.
   */
  item: 0.1,
  /** So many are in a page that does not say it. */
  page: 100,
  /** So many are taken to be in a list that is not asked for by the page: contact infos, tags, lines of an order. */
  listItems: 10,
} as const;

/** What costs more, or less, than its form says. By type and field; of introspection by the field alone. */
export const fixedCosts: ReadonlyMap<string, number> = new Map([
  ['__schema', 2_000], // the whole schema takes 20 ms, whatever of it is selected
  ['__type', 200],
  ['CustomerConnection.totalCount', 10], // counts all that match
  ['Query.previewWebhook', 10],
  ['Mutation.runGuestFeed', 100], // asks another service
  ['Mutation.sendTestWebhook', 100],
]);
