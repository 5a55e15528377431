import type { Client } from 'pg';

/** PostgreSQL keeps about 0.1 MB for each plan of a prepared statement, on each connection. */
const mostPerConnection = 32;

interface Known {
  /** Text → name, the one used last at the end. */
  names: Map<string, string>;
  made: number;
}

export interface StatementName {
  name: string;
  /** The connection has not prepared it yet. */
  isNew: boolean;
  /** The name of the statement that was not used for longest, which makes room for this one; null: there is room. */
  gone: string | null;
}

/** The names under which connections prepare statements of one kind, so that PostgreSQL parses and plans each of them once. */
export class StatementNames {
  private readonly byClient = new WeakMap<Client, Known>();

  /** `prefix`: what the names of this kind begin with, which those of another kind do not. */
  constructor(private readonly prefix: string) {}

  take(client: Client, text: string): StatementName {
    const known = this.byClient.get(client) ?? { names: new Map<string, string>(), made: 0 };
    this.byClient.set(client, known);
    const before = known.names.get(text);
    const name = before ?? `${this.prefix}${++known.made}`;
    known.names.delete(text);
    known.names.set(text, name);
    return { name, isNew: before === undefined, gone: takeOldest(known.names) };
  }

  forget(client: Client, text: string): void {
    this.byClient.get(client)?.names.delete(text);
  }
}

function takeOldest(names: Map<string, string>): string | null {
  if (names.size <= mostPerConnection) return null;
  const [text, name] = names.entries().next().value!;
  names.delete(text);
  return name;
}
