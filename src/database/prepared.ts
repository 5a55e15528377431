import type { Client } from 'pg';

/** PostgreSQL keeps about 0.1 MB for each plan of such a statement, on each connection. */
const mostPerConnection = 32;

interface Prepared {
  /** Text → name, the one used last at the end. */
  names: Map<string, string>;
  made: number;
}

const byClient = new WeakMap<Client, Prepared>();

/**
 * The name under which a connection prepares a statement, so that PostgreSQL parses and plans it once: of a list of 50
 * customers planning took a third. The statement that was not used for longest makes room for another. For statements that
 * one role sends whose best plan is the same whatever the parameters are.
 */
export function preparedName(client: Client, text: string): string {
  const prepared = byClient.get(client) ?? { names: new Map<string, string>(), made: 0 };
  byClient.set(client, prepared);
  const name = prepared.names.get(text) ?? `s${++prepared.made}`;
  prepared.names.delete(text);
  prepared.names.set(text, name);
  if (prepared.names.size > mostPerConnection) forget(client, prepared);
  return name;
}

function forget(client: Client, { names }: Prepared): void {
  const [text, name] = names.entries().next().value!;
  names.delete(text);
  client.query(`DEALLOCATE ${name}`).catch(() => undefined); // what is not there, or in a failed transaction, is forgotten later
  // pg remembers what it has prepared, and would never forget
  const { connection } = client as unknown as { connection: Record<string, Record<string, string> | undefined> };
  for (const memory of ['parsedStatements', 'submittedNamedStatements']) delete connection[memory]?.[name];
}
