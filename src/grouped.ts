/** Lists of rows by a key, in their order; a key without rows gives an empty list. */
export function grouped<Row>(rows: Iterable<Row>, key: (row: Row) => string): { of(key: string): Row[] } {
  const lists = new Map<string, Row[]>();
  for (const row of rows) {
    const list = lists.get(key(row));
    if (list) list.push(row);
    else lists.set(key(row), [row]);
  }
  return { of: (wanted) => lists.get(wanted) ?? [] };
}
