import pg from 'pg';

/** A statement as the hub gave it to `pg`. Values of the written customer are `{ id: '' }` and `{ city: '' }`. */
export interface SentStatement {
  text: string;
  values: unknown[];
}

type Query = (this: pg.Client, given: string | { text: string; values?: unknown[] }, ...rest: unknown[]) => unknown;

/** The statements that go to PostgreSQL from this process while some work is done, by connection, in their order. */
export async function sentDuring(work: () => Promise<unknown>): Promise<SentStatement[][]> {
  const sent = new Map<pg.Client, SentStatement[]>();
  const prototype = pg.Client.prototype as unknown as { query: Query };
  const { query } = prototype;
  prototype.query = function (given, ...rest) {
    const statement = typeof given === 'string' ? { text: given, values: rest[0] } : given;
    if (typeof statement.text === 'string') {
      const values = Array.isArray(statement.values) ? (statement.values as unknown[]) : [];
      sent.set(this, [...(sent.get(this) ?? []), { text: statement.text, values }]);
    }
    return query.call(this, given, ...rest);
  };
  try {
    await work();
  } finally {
    prototype.query = query;
  }
  return [...sent.values()];
}

/** Of these the transaction that has a statement of that name, from its BEGIN to its COMMIT. */
export function transactionWith(name: string, sent: SentStatement[][]): SentStatement[] {
  for (const statements of sent) {
    const at = statements.findIndex(({ text }) => text.includes(`/* ${name} */`));
    if (at < 0) continue;
    const begin = statements.findLastIndex(({ text }, i) => i <= at && text.startsWith('BEGIN'));
    const end = statements.findIndex(({ text }, i) => i >= at && text.includes('COMMIT'));
    if (begin >= 0 && end >= 0) return statements.slice(begin, end + 1);
  }
  throw new Error(`the hub has sent no transaction with ${name}`);
}

/** The same with the customer's id and city left open. */
export function leftOpen(statements: SentStatement[], { id, city }: { id: string; city: string }): SentStatement[] {
  const open = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(open);
    if (value === id) return { id: '' };
    return typeof value === 'string' && value.startsWith(city) ? { city: '' } : value;
  };
  return statements.map(({ text, values }) => ({ text, values: values.map(open) }));
}
