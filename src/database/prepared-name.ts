import type { Client } from 'pg';
import { StatementNames } from './statement-names.js';

const names = new StatementNames('s');

/**
 * The name under which a connection prepares a statement with parameters: planning the snapshot of a customer took as long as
 * storing it. The statement that was not sent for longest makes room for another.
 */
export function preparedName(client: Client, text: string): string {
  const { name, gone } = names.take(client, text);
  if (gone !== null) forget(client, gone);
  return name;
}

function forget(client: Client, name: string): void {
  client.query(`DEALLOCATE ${name}`).catch(() => undefined); // what is not there, or in a failed transaction, is forgotten later
  // pg remembers what it has prepared, and would never forget
  const { connection } = client as unknown as { connection: Record<string, Record<string, string> | undefined> };
  for (const memory of ['parsedStatements', 'submittedNamedStatements']) delete connection[memory]?.[name];
}
