import type { Client } from 'pg';
import { sqlLiteral } from './sql-literal.js';
import { StatementNames } from './statement-names.js';

const names = new StatementNames('reads_');

/**
 * The call of a statement that a connection prepares when it comes for the first time: of a list of 50 customers planning took a
 * third. A text, not a message with parameters, so that it can be sent in one with what goes before it. The statement that was not
 * called for longest makes room for another.
 *
 * For statements that one role sends, whose best plan is the same whatever the parameters are.
 */
export function callPrepared(client: Client, text: string, values: readonly unknown[]): string {
  const given = values.length > 0 ? `(${values.map(sqlLiteral).join(', ')})` : '';
  const { name, isNew, gone } = names.take(client, text);
  if (gone !== null) send(client, `DEALLOCATE ${gone}`);
  if (isNew) send(client, `PREPARE ${name} AS ${text}`);
  return `EXECUTE ${name}${given}`;
}

/** To be called when the connection turns out not to know a statement. */
export const forgetPrepared = (client: Client, text: string): void => names.forget(client, text);

/** In front of the call, which fails when this does, and tells why. */
function send(client: Client, text: string): void {
  client.query(text).catch(() => undefined);
}
