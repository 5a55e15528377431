import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A delivery as it arrived, in few bytes. */
export interface Arrival {
  /** The path of the receiver. */
  path: string;
  customerId: string;
  version: number;
  /** Of the snapshot in the body; null: there was none. */
  shown: { version: number; name: string } | null;
  /** The sender's `user-agent`. */
  sender: string;
  /** `performance.now()` */
  at: number;
}

export type Answering = (arrival: Arrival, res: ServerResponse) => void;

/** Receivers at as many paths as a test likes, which write down hundreds of thousands of deliveries. */
export class DeliveryLedger {
  readonly arrivals: Arrival[] = [];
  /** Deliveries of a customer that arrived before the one before it was answered. */
  readonly overlaps: string[] = [];
  private readonly underWay = new Map<string, number>();
  private readonly server = createServer((req, res) => {
    const at = performance.now();
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('error', () => undefined); // a sender that was killed
    req.on('end', () => {
      const { data } = JSON.parse(Buffer.concat(chunks).toString()) as Body;
      const { customerId, version, snapshot } = data;
      const shown = snapshot && { version: snapshot.version, name: snapshot.name };
      const sender = req.headers['user-agent']!;
      const arrival = { path: req.url!, customerId, version, shown, sender, at };
      this.note(arrival, res);
      this.answer(arrival, res);
    });
  });

  constructor(private answer: Answering = (_arrival, res) => void res.writeHead(204).end()) {}

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
  }

  stop(): Promise<void> {
    return new Promise((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
  }

  url(path: string): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}${path}`;
  }

  answerBy(answer: Answering): void {
    this.answer = answer;
  }

  /** A sentence for each version that came to a path for the first time after a later one of its customer. */
  disorder(): string[] {
    const newest = new Map<string, number>();
    const seen = new Set<string>();
    return this.arrivals.flatMap((arrival) => {
      const { path, customerId, version } = arrival;
      if (seen.has(nameOf(arrival))) return [];
      seen.add(nameOf(arrival));
      const place = `${path} ${customerId}`;
      const before = newest.get(place) ?? 0;
      newest.set(place, Math.max(before, version));
      return version > before ? [] : [`${path}: customer ${customerId} v${version} came after v${before}`];
    });
  }

  /** Which of the events never came to a path. */
  missing(path: string, events: readonly { customerId: string; version: number }[]): string[] {
    const came = this.distinct(path);
    return events.map((event) => nameOf({ path, ...event })).filter((name) => !came.has(name));
  }

  /** How many deliveries came to a path once more. */
  repeats(path: string): number {
    return this.arrivals.filter((arrival) => arrival.path === path).length - this.distinct(path).size;
  }

  private distinct(path: string): Set<string> {
    return new Set(this.arrivals.filter((arrival) => arrival.path === path).map(nameOf));
  }

  private note(arrival: Arrival, res: ServerResponse): void {
    this.arrivals.push(arrival);
    const place = `${arrival.path} ${arrival.customerId}`;
    const others = this.underWay.get(place) ?? 0;
    if (others > 0) this.overlaps.push(nameOf(arrival));
    this.underWay.set(place, others + 1);
    res.once('close', () => {
      const left = this.underWay.get(place)! - 1;
      if (left > 0) this.underWay.set(place, left);
      else this.underWay.delete(place);
    });
  }
}

interface Body {
  data: { customerId: string; version: number; snapshot: { version: number; name: string } | null };
}

const nameOf = ({ path, customerId, version }: Pick<Arrival, 'path' | 'customerId' | 'version'>): string =>
  `${path} ${customerId} v${version}`;
