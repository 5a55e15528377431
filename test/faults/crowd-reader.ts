import WebSocket from 'ws';
import type { FeedLedger } from './feed-ledger.js';

export interface CrowdReaderOptions {
  url: string;
  key: string;
  query: string;
  customers: string[] | null;
  /** Whether the hub may close it for stalling: then it comes back with the cursor that it was told. */
  mayStall: boolean;
}

/** What one connection was pushed: the places of the ledger from `from` to before `to`. `code`: how it was closed. */
export interface Stay {
  from: number;
  to: number;
  code: number | null;
}

/** One socket that follows the feed and holds every message against the ledger. */
export class CrowdReader {
  readonly stays: Stay[] = [];
  readonly problems: string[] = [];
  private socket: WebSocket | null = null;

  constructor(
    private readonly options: CrowdReaderOptions,
    private readonly ledger: FeedLedger,
  ) {}

  /** How many events of the ledger it has, without a gap from the first. */
  get reached(): number {
    return Math.max(0, ...this.stays.map(({ to }) => to));
  }

  /**
   * Resolves when it has asked for the feed behind a cursor; with that nothing is missed, however late the hub answers.
   *
   * @param from the place of the ledger that the cursor stands at
   */
  connect(after: string, from: number): Promise<void> {
    const stay: Stay = { from, to: from, code: null };
    this.stays.push(stay);
    const socket = new WebSocket(this.options.url, 'graphql-transport-ws');
    this.socket = socket;
    return new Promise((resolve) => {
      const connectionInit = { type: 'connection_init', payload: { authorization: `Bearer ${this.options.key}` } };
      socket.once('open', () => socket.send(JSON.stringify(connectionInit)));
      socket.on('error', () => undefined); // is told by the close that follows
      socket.on('message', (data: Buffer) => {
        if (data.indexOf(nextMessage) === 0) return this.take(stay, data);
        if (data.includes('"connection_ack"')) {
          const variables = { after, customers: this.options.customers };
          socket.send(
            JSON.stringify({ id: 's', type: 'subscribe', payload: { query: this.options.query, variables } }),
          );
          return resolve();
        }
        this.problems.push(`an answer that is no event: ${data.toString().slice(0, 200)}`);
      });
      socket.once('close', (code, reason) => {
        stay.code = code;
        resolve();
        this.comeBack(code, reason.toString());
      });
    });
  }

  /** Reads nothing from the connection any more. */
  stall(): void {
    this.socket?.pause();
  }

  /** Reads on what has come meanwhile. */
  wake(): void {
    this.socket?.resume();
  }

  private take(stay: Stay, message: Buffer): void {
    if (this.ledger.takes(message, stay.to)) {
      stay.to++;
      return;
    }
    this.problems.push(`at place ${stay.to}: ${message.toString().slice(0, 200)}`);
    this.socket!.terminate(); // behind it nothing stands in its place
  }

  /**
   * Closed for stalling it is told a cursor, which must be one that it has got: with a later one it would miss what lies
   * between. Cut off because it did not read on for half a minute after, it goes on where it is itself.
   */
  private comeBack(code: number, told: string): void {
    const [cursor, place] =
      code === cutOffCode ? this.ledger.cursorAt(this.reached) : [told, this.ledger.placeBehind(told)];
    const expected = this.options.mayStall && (code === stalledCode || code === cutOffCode);
    if (!expected || place === undefined || place > this.reached)
      this.problems.push(`closed with ${code} ${JSON.stringify(told)} after ${this.reached} events`);
    else void this.connect(cursor, place);
  }
}

const stalledCode = 4413;
const cutOffCode = 1006;
const nextMessage = '{"id":"s","type":"next"';
