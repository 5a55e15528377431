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
export function callPrepared(client: Client, text: string, values: readonly unknown[]): string {
  const given = values.length > 0 ? `(${values.map(sqlLiteral).join(', ')})` : '';
  const prepared = byClient.get(client) ?? { names: new Map<string, string>(), made: 0 };
  byClient.set(client, prepared);
  const name = prepared.names.get(text) ?? prepare(client, text, prepared);
  prepared.names.delete(text);
  prepared.names.set(text, name);
  return `EXECUTE ${name}${given}`;
}

/** To be called when the connection turns out not to know a statement. */
export function forgetPrepared(client: Client, text: string): void {
  byClient.get(client)?.names.delete(text);
}

function prepare(client: Client, text: string, prepared: Prepared): string {
  const { names } = prepared;
  if (names.size >= mostPerConnection) {
    const [oldest, itsName] = names.entries().next().value!;
    names.delete(oldest);
    send(client, `DEALLOCATE ${itsName}`);
  }
  const name = `reads_${++prepared.made}`;
  send(client, `PREPARE ${name} AS ${text}`);
  return name;
}

/** In front of the call, which fails when this does, and tells why. */
function send(client: Client, text: string): void {
  client.query(text).catch(() => undefined);
}
