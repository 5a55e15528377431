import pg from 'pg';

/**
 * Asks PostgreSQL to cancel what a connection is doing, over another connection, as its protocol has it: that takes no
 * place of the pool, which may be full of statements to be cancelled. Resolves when PostgreSQL has passed it on, or when
 * it cannot be asked; whether there was anything to cancel is not told.
 */
export function cancelStatement(client: pg.Client): Promise<void> {
  const { processID, secretKey, host, port, ssl } = client as unknown as Session;
  return new Promise((resolve) => {
    const connection = new pg.Connection({ ssl } as pg.ConnectionConfig) as unknown as Cancelling;
    const late = setTimeout(() => connection.stream.destroy(), patienceMs);
    const done = () => {
      clearTimeout(late);
      resolve();
    };
    connection.once('end', done);
    connection.on('error', done);
    connection.once(ssl ? 'sslconnect' : 'connect', () => connection.cancel(processID, secretKey));
    if (host.startsWith('/')) connection.connect(`${host}/.s.PGSQL.${port}`);
    else connection.connect(port, host);
  });
}

const patienceMs = 3_000;

/** What pg knows of a connection, and its types do not. */
interface Session {
  processID: number;
  secretKey: number;
  host: string;
  port: number;
  ssl: unknown;
}

interface Cancelling extends pg.Connection {
  stream: pg.Connection['stream'] & { destroy: () => void };
  connect: (portOrPath: number | string, host?: string) => void;
  cancel: (processId: number, secretKey: number) => void;
}
