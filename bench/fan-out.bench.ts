import { fork, type ChildProcess } from 'node:child_process';
import { createServer } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import { now } from './fan-out-clock.js';
import type { BenchHub, BenchOwner } from './bench-hub.js';
import { median, quantile, round2, timed, type Figure } from './figure.js';

const query =
  'subscription { customerSnapshots { cursor customerId version reasons snapshot { name ordersTotalCount ordersTotalValue tags { name value } } } }';

/**
 * One operation held by many subscribers in another process: events a second to all of them, next to a bare `ws` server
 * that sends the same bytes; and the time from the commit of a change to its receipt at 50 changes a second.
 */
export async function fanOut(bench: BenchHub, quick: boolean): Promise<Figure[]> {
  const subscribers = quick ? 50 : 1_000;
  const events = quick ? 20 : 100;
  const owner = await bench.owner();
  await owner.request('mutation { createTag(name: "VIP") { tag { id } } }');
  const clients = await Clients.connect(`${bench.url.replace('http', 'ws')}/graphql`, subscribers, {
    key: owner.key,
    query,
  });
  const pushed: number[] = [];
  for (let round = 0; round < (quick ? 1 : 5); round++) {
    const arrived = clients.received(events * subscribers);
    await insert(owner, `R${round}`, events);
    const began = performance.now();
    await arrived;
    pushed.push(performance.now() - began);
  }
  const latencies = await trickle(bench, owner, clients, quick ? 20 : 250);
  const text = clients.sample();
  clients.end();
  const bare = await broadcastBare(subscribers, events, text, quick ? 1 : 5);
  const perSecond = (times: number[]) => Math.round((events * subscribers * 1000) / median(times));
  return [
    {
      name: `fan-out to ${subscribers} subscribers`,
      value: `${perSecond(pushed)} msg/s`,
      limit: `${perSecond(bare)} msg/s bare ws`,
      ratio: round2(median(bare) / median(pushed)),
    },
    {
      name: `commit → receipt by ${subscribers}, p50`,
      value: `${median(latencies).toFixed(1)} ms`,
      limit: '30 ms',
    },
    {
      name: `commit → receipt by ${subscribers}, p99`,
      value: `${quantile(latencies, 0.99).toFixed(1)} ms`,
      limit: '150 ms',
    },
  ];
}

function insert(owner: BenchOwner, prefix: string, rows: number): Promise<unknown> {
  const customers = Array.from({ length: rows }, (_, i) => ({ code: `${prefix}-${i}`, name: `Customer ${i}` }));
  return owner.request(
    'mutation ($input: BulkInsertCustomersInput!) { bulkInsertCustomers(input: $input) { counts { customers } } }',
    { input: { ownerCode: owner.code, customers } },
  );
}

/** Each of them of another customer of the first round. */
function change(owner: BenchOwner, n: number): Promise<unknown> {
  return owner.request(
    'mutation ($by: CustomerIdentifierInput!, $city: String) { updateCustomer(by: $by, input: { city: $city }) { userErrors { message } } }',
    { by: { code: `R0-${n % 20}` }, city: `City ${n}` },
  );
}

/**
 * 50 changes a second: for each receipt the milliseconds since its commit, which is when the write asks for the relay. A
 * change is made every 20 ms whether the one before it has arrived everywhere or not.
 */
async function trickle(bench: BenchHub, owner: BenchOwner, clients: Clients, changes: number): Promise<number[]> {
  const committed: number[] = [];
  const { wakeRelay } = bench.hub;
  bench.hub.wakeRelay = () => {
    committed.push(now());
    wakeRelay();
  };
  const arrived = clients.received(changes * clients.count);
  clients.record();
  const written: Promise<unknown>[] = [];
  for (let n = 0; n < changes; n++) {
    written.push(change(owner, n));
    await delay(20);
  }
  await Promise.all([...written, arrived]);
  bench.hub.wakeRelay = wakeRelay;
  const receipts = await clients.recorded();
  return receipts.flatMap((times) => times.map((time, n) => time - committed[n]!));
}

async function broadcastBare(subscribers: number, events: number, text: string, rounds: number): Promise<number[]> {
  const http = createServer();
  const server = new WebSocketServer({ server: http, perMessageDeflate: false });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const clients = await Clients.connect(`ws://127.0.0.1:${(http.address() as AddressInfo).port}`, subscribers, null);
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    times.push(
      await timed(async () => {
        const arrived = clients.received(events * subscribers);
        for (let event = 0; event < events; event++) {
          await Promise.all([...server.clients].map((socket) => new Promise((sent) => socket.send(text, sent))));
        }
        await arrived;
      }),
    );
  }
  clients.end();
  server.close();
  http.close();
  return times;
}

type Told = { connected: true } | { received: number; sample: string } | { receipts: number[][] };

/** Many WebSocket clients in a process of their own, which tells how many messages they have received. */
class Clients {
  private total = 0;
  private last = '';
  private readonly waiting = new Set<{ total: number; done: () => void }>();

  private constructor(
    private readonly child: ChildProcess,
    readonly count: number,
  ) {
    child.on('message', (told: Told) => {
      if (!('received' in told)) return;
      this.total = told.received;
      this.last = told.sample;
      for (const one of this.waiting) {
        if (this.total < one.total) continue;
        this.waiting.delete(one);
        one.done();
      }
    });
  }

  static async connect(
    url: string,
    count: number,
    subscription: { key: string; query: string } | null,
  ): Promise<Clients> {
    const child = fork(new URL('fan-out-clients.ts', import.meta.url), { execArgv: ['--import', 'tsx'] });
    const clients = new Clients(child, count);
    const connected = new Promise<void>((resolve) =>
      child.on('message', (told: Told) => 'connected' in told && resolve()),
    );
    child.send({ url, count, subscription });
    await connected;
    return clients;
  }

  /** Resolves when that many more messages have been received, by all together. */
  received(more: number): Promise<void> {
    return new Promise((done) => this.waiting.add({ total: this.total + more, done }));
  }

  /** From now on the moment of every receipt is kept. */
  record(): void {
    this.child.send('record');
  }

  /** Of each client the moments of its receipts, on the clock of `now`. */
  recorded(): Promise<number[][]> {
    const receipts = new Promise<number[][]>((resolve) =>
      this.child.on('message', (told: Told) => 'receipts' in told && resolve(told.receipts)),
    );
    this.child.send('tell');
    return receipts;
  }

  sample(): string {
    return this.last;
  }

  end(): void {
    this.child.kill();
  }
}
