import type pg from 'pg';

/** What COPY does with its text, on a connection of its own: `pg` frames it, and leaves the rest to who submits it. */
abstract class Copy {
  readonly ended: Promise<void>;
  private resolve!: () => void;
  private reject!: (error: Error) => void;

  constructor(private readonly sql: string) {
    this.ended = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
  }

  submit(connection: pg.Connection): void {
    connection.query(this.sql);
  }

  handleCommandComplete(): void {
    // the connection is ready a moment later
  }

  handleReadyForQuery(): void {
    this.resolve();
  }

  handleError(error: Error): void {
    this.reject(error);
  }
}

class CopyOut extends Copy {
  readonly chunks: Buffer[] = [];

  handleCopyData({ chunk }: { chunk: Buffer }): void {
    this.chunks.push(Buffer.from(chunk)); // it is a view of the connection's own buffer
  }
}

class CopyIn extends Copy {
  constructor(
    sql: string,
    private readonly chunks: readonly Buffer[],
  ) {
    super(sql);
  }

  handleCopyInResponse(connection: { sendCopyFromChunk(chunk: Buffer): void; endCopyFrom(): void }): void {
    for (const chunk of this.chunks) connection.sendCopyFromChunk(chunk);
    connection.endCopyFrom();
  }
}

/** The rows of a SELECT in COPY's text form, in pieces of some hundred kB. */
export async function copyOut(client: pg.Client, select: string): Promise<Buffer[]> {
  const copy = new CopyOut(`COPY (${select}) TO STDOUT`);
  client.query(copy);
  await copy.ended;
  return inPieces(copy.chunks);
}

/** Writes such rows into a table. */
export async function copyIn(client: pg.Client, table: string, rows: readonly Buffer[]): Promise<void> {
  const copy = new CopyIn(`COPY ${table} FROM STDIN`, rows);
  client.query(copy);
  await copy.ended;
}

const pieceBytes = 256 * 1024;

/** COPY gives a message for each row; sent back like that, most of the time would go into messages. */
function inPieces(chunks: readonly Buffer[]): Buffer[] {
  const whole = Buffer.concat(chunks);
  const count = Math.ceil(whole.length / pieceBytes);
  return Array.from({ length: count }, (_, i) => whole.subarray(i * pieceBytes, (i + 1) * pieceBytes));
}
