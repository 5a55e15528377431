import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { eventFields, received, type EventNode, type Reader, type Received } from './reader.js';
import type { WorldOwner } from './world.js';

const pauseMs = 20;
const subscription = `subscription ($after: String) { customerSnapshots(after: $after) { ${eventFields} } }`;

export interface SubscriberOptions {
  name: string;
  owner: WorldOwner;
  key: string;
  fromStart: boolean;
  /** Of a hub to connect to now. */
  url: () => string | undefined;
  /** When it breaks its next connection: after so many events, or so much time. */
  leave: () => { events?: number; ms?: number };
  /** Told of connections that it did not break itself: the close code, and how many events came before. */
  closed?: (code: number, events: number) => void;
}

/** Follows an owner's feed over WebSocket, leaves without a word, and comes back with its last cursor. */
export class Subscriber implements Reader {
  readonly name: string;
  readonly ownerId: string;
  readonly fromStart: boolean;
  readonly connections: Received[][] = [];
  readonly problems: string[] = [];
  private cursor: string | null;
  private running: Promise<void> | null = null;
  private stopped = false;
  private leaveNow: () => void = () => undefined;

  constructor(private readonly options: SubscriberOptions) {
    this.name = options.name;
    this.ownerId = options.owner.id;
    this.fromStart = options.fromStart;
    this.cursor = options.fromStart ? options.owner.start : null;
  }

  start(): void {
    this.running ??= this.run();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.leaveNow();
    await this.running;
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      const url = this.options.url();
      if (url !== undefined) await this.stay(url);
      await sleep(pauseMs);
    }
  }

  private async stay(url: string): Promise<void> {
    const { key, owner } = this.options;
    const client = createClient({
      url: `${url.replace('http', 'ws')}/graphql`,
      webSocketImpl: QuietSocket,
      connectionParams: { authorization: `Bearer ${key}`, owner: owner.code },
      retryAttempts: 0,
    });
    this.leaveNow = () => client.terminate();
    const { events = Infinity, ms } = this.options.leave();
    const timer = ms === undefined ? undefined : setTimeout(this.leaveNow, ms);
    const got: Received[] = [];
    this.connections.push(got);
    try {
      const results = client.iterate<{ customerSnapshots: EventNode }>({
        query: subscription,
        variables: { after: this.cursor },
      });
      for await (const { data, errors } of results) {
        if (!data) throw errors as unknown;
        got.push(received(data.customerSnapshots));
        this.cursor = data.customerSnapshots.cursor;
        if (got.length >= events) break;
      }
    } catch (error) {
      this.judge(error, got.length);
    } finally {
      clearTimeout(timer);
      client.terminate();
    }
  }

  /** A hub that dies closes the socket, one without its database answers an internal error. Else nothing may end it. */
  private judge(error: unknown, events: number): void {
    if (Array.isArray(error)) {
      const codes = (error as { extensions?: { code?: string } }[]).map(({ extensions }) => extensions?.code);
      if (codes.some((code) => code !== 'INTERNAL_SERVER_ERROR')) this.problems.push(JSON.stringify(error));
      return;
    }
    const { code } = error as { code?: number };
    if (code === forbidden) this.problems.push('closed with 4403');
    if (code !== undefined && code !== left) this.options.closed?.(code, events);
  }
}

/** Left before it was connected, a socket would throw where nobody catches. */
class QuietSocket extends WebSocket {
  constructor(...options: ConstructorParameters<typeof WebSocket>) {
    super(...options);
    this.on('error', () => undefined);
  }
}

const forbidden = 4403;
/** Of graphql-ws, for a connection that its own client has ended. */
const left = 4499;
