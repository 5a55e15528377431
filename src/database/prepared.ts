import type { Client } from 'pg';
import { sqlLiteral } from './sql-literal.js';

/** PostgreSQL keeps about 0.1 MB for each plan of such a statement, on each connection. */
const mostPerConnection = 32;

interface Prepared {
  /** Text → name, the one used last at the end. */
  names: Map<string, string>;
  made: number;
}

const byClient = new WeakMap<Client, Prepared>();

/**
 * The call of a statement that a connection prepares when it comes for the first time, so that PostgreSQL parses and plans it
 * once: of a list of 50 customers planning took a third. A text, not a message with parameters, so that it can be sent in one
 * with what goes before it. The statement that was not called for longest makes room for another.
 *
 * For statements that one role sends, whose best plan is the same whatever the parameters are.
 */
export async function callPrepared(client: Client, text: string, values: readonly unknown[]): Promise<string> {
  const given = values.length > 0 ? `(${values.map(sqlLiteral).join(', ')})` : '';
  const prepared = byClient.get(client) ?? { names: new Map<string, string>(), made: 0 };
  byClient.set(client, prepared);
  const name = prepared.names.get(text) ?? (await prepare(client, text, prepared));
  prepared.names.delete(text);
  prepared.names.set(text, name);
  return `EXECUTE ${name}${given}`;
}

/** To be called when a call has failed: perhaps the connection does not know the statement. */
export function forgetPrepared(client: Client, text: string): void {
  byClient.get(client)?.names.delete(text);
}

async function prepare(client: Client, text: string, prepared: Prepared): Promise<string> {
  const { names } = prepared;
  if (names.size >= mostPerConnection) {
    const [oldest, itsName] = names.entries().next().value!;
    names.delete(oldest);
    await client.query(`DEALLOCATE ${itsName}`);
  }
  const name = `reads_${++prepared.made}`;
  await client.query(`PREPARE ${name} AS ${text}`);
  return name;
}
