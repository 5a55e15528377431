import pg from 'pg';
import { callMessages } from './call-messages.js';
import { parameterText } from './parameter-text.js';
import { StatementNames } from './statement-names.js';

/**
 * One statement that reads rows of one owner, prepared, in a transaction of its own: who acts and what is read leave in one piece,
 * and PostgreSQL takes them for one transaction, which only reads and ends with it. What the connection does not know yet is
 * prepared in front of it: planning took a list of 50 customers a third of its time. The statement that was not called for longest
 * makes room for another.
 *
 * For statements that are sent this way only, and whose best plan is the same whatever the parameters are.
 */
export function readOwned<Row>(
  client: pg.Client,
  ownerId: string,
  text: string,
  values: readonly unknown[],
): Promise<Row[]> {
  const given = values.map(parameterText);
  const known = knownOf(client);
  const { name, isNew, gone } = names.take(client, text);
  if (!known.acting) send(client, `PREPARE ${actName} AS ${actText}`);
  known.acting = true;
  if (gone !== null) {
    send(client, `DEALLOCATE ${gone}`);
    known.columns.delete(gone);
  }
  if (isNew) send(client, `PREPARE ${name} AS ${text}`);
  return new Promise<Row[]>((resolve, reject) => {
    const told = (error: Error | null, rows: object[]) => {
      if (!error) return resolve(rows as Row[]);
      if ((error as { code?: string }).code === unknownStatement) forget(client, text);
      reject(error);
    };
    client.query(new OwnedRead({ text, name, ownerId, values: given, columns: known.columns, told }));
  });
}

const names = new StatementNames('reads_');

const actName = 'act_as_owner';
/** `true`: until the transaction ends. No SET, which takes no parameter: as a text of its own it is parsed each time. */
const actText = `/* actAsOwner */ SELECT set_config('role', 'stamdata_app', true), set_config('app.owner_id', $1, true),
  set_config('transaction_read_only', 'on', true)`;

interface Column {
  name: string;
  parse: (text: string) => unknown;
}

/** What a connection has been told: how to act, and the columns of its statements, by their names. */
interface Known {
  acting: boolean;
  /** PostgreSQL refuses a call whose columns are others than they were. */
  columns: Map<string, Column[]>;
}

const knownBy = new WeakMap<pg.Client, Known>();

function knownOf(client: pg.Client): Known {
  const known = knownBy.get(client) ?? { acting: false, columns: new Map<string, Column[]>() };
  knownBy.set(client, known);
  return known;
}

/** The connection does not know it: something made it forget, or the preparation has failed. */
const unknownStatement = '26000';

function forget(client: pg.Client, text: string): void {
  knownOf(client).acting = false;
  names.forget(client, text);
}

/** In front of the call, which fails when this does. */
function send(client: pg.Client, text: string): void {
  client.query(text).catch(() => undefined);
}

interface Reading {
  text: string;
  name: string;
  ownerId: string;
  values: (string | null)[];
  columns: Map<string, Column[]>;
  told: (error: Error | null, rows: object[]) => void;
}

/** Others `pg` does not take while queries follow each other without waits. Its types know it as something else. */
const Query = pg.Query as unknown as new (text: string) => { callback?: Reading['told'] };

/** What `pg` calls for the messages of one query, from its sending until PostgreSQL is ready for the next. */
class OwnedRead extends Query {
  private readonly rowsFound: object[] = [];
  private columns: Column[] | undefined;
  /** The first of the two statements has answered. */
  private acted = false;

  constructor(private readonly reading: Reading) {
    super(reading.text);
    this.callback = reading.told;
    this.columns = reading.columns.get(reading.name);
  }

  submit(connection: pg.Connection): null {
    const { name, ownerId, values } = this.reading;
    const act = { name: actName, values: [ownerId], describe: false };
    const messages = callMessages([act, { name, values, describe: !this.columns }]);
    if (connection.stream.writable) connection.stream.write(messages); // of one that broke `pg` hears by itself
    return null;
  }

  handleRowDescription({ fields }: { fields: { name: string; dataTypeID: number }[] }): void {
    this.columns = fields.map(({ name, dataTypeID }) => ({
      name,
      parse: pg.types.getTypeParser(dataTypeID) as Column['parse'],
    }));
    this.reading.columns.set(this.reading.name, this.columns);
  }

  handleDataRow({ fields }: { fields: (string | null)[] }): void {
    if (!this.acted) return;
    const row: Record<string, unknown> = {};
    for (let i = 0; i < fields.length; i++) {
      const { name, parse } = this.columns![i]!;
      const text = fields[i]!;
      row[name] = text === null ? null : parse(text);
    }
    this.rowsFound.push(row);
  }

  handleCommandComplete(): void {
    this.acted = true;
  }

  handleError(error: Error): void {
    this.reading.told(error, []);
  }

  handleReadyForQuery(): void {
    this.reading.told(null, this.rowsFound);
  }
}
