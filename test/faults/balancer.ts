import { Agent, createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const askEveryMs = 100;
const pauseMs = 20;
const patienceMs = 20_000;
/** Its own idle connections live shorter than a hub's grace, as is the rule for a balancer: so it never meets their end. */
const idleMs = 300;

/**
 * A load balancer as one would be set up before several hubs: asks `/readyz`, sends requests to those that are ready over
 * kept-alive connections, and tries again elsewhere only what has reached nobody. It writes down what it could not serve.
 */
export class Balancer {
  /** http://host:port, once it has started. */
  url = '';
  /** Answers other than 200, and requests that were cut off. */
  readonly failures: string[] = [];
  answered = 0;
  /** How often a connection was refused. */
  retries = 0;
  private readonly hubs = new Map<string, { ready: boolean; asked: Promise<void> }>();
  private readonly agent = new Agent({ keepAlive: true, timeout: idleMs });
  private readonly server = createServer((request, response) => void this.serve(request, response));
  private turn = 0;

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    const asked = [...this.hubs.values()].map((hub) => hub.asked);
    this.hubs.clear();
    await Promise.all(asked);
    this.agent.destroy();
    await new Promise((resolve) => {
      this.server.close(resolve);
      this.server.closeAllConnections();
    });
  }

  /** Those that said lately that they are ready. */
  get ready(): string[] {
    return [...this.hubs].filter(([, { ready }]) => ready).map(([url]) => url);
  }

  add(url: string): void {
    const hub = { ready: false, asked: Promise.resolve() };
    this.hubs.set(url, hub);
    hub.asked = this.keepAsking(url, hub);
  }

  remove(url: string): void {
    this.hubs.delete(url);
  }

  private async keepAsking(url: string, hub: { ready: boolean }): Promise<void> {
    for (; this.hubs.has(url); await sleep(askEveryMs)) hub.ready = await isReady(url);
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = Buffer.concat((await request.toArray()) as Buffer[]);
    for (const deadline = Date.now() + patienceMs; Date.now() < deadline;) {
      const { ready } = this;
      if (ready.length === 0) {
        await sleep(pauseMs);
        continue;
      }
      const url = ready[this.turn++ % ready.length]!;
      if ((await this.pass(url, request, body, response)) === 'done') return;
      this.retries++;
      const hub = this.hubs.get(url);
      if (hub) hub.ready = false; // until it says otherwise
    }
    this.fail(response, 'no hub was ready');
  }

  private pass(
    url: string,
    request: IncomingMessage,
    body: Buffer,
    response: ServerResponse,
  ): Promise<'done' | 'again'> {
    const { method, headers } = request;
    return new Promise((resolve) => {
      const passed = httpRequest(`${url}${request.url}`, { agent: this.agent, method, headers }, (answer) => {
        void answer.toArray().then(
          (chunks: Buffer[]) => {
            this.answered++;
            if (answer.statusCode !== 200) this.failures.push(`${url} answered ${answer.statusCode}`);
            response.writeHead(answer.statusCode!, { 'content-type': answer.headers['content-type'] });
            response.end(Buffer.concat(chunks));
            resolve('done');
          },
          (error: Error) => resolve(this.fail(response, `${url} broke off: ${error.message}`)),
        );
      });
      passed.once('error', (error: NodeJS.ErrnoException) => {
        if (error.code === 'ECONNREFUSED') resolve('again');
        else resolve(this.fail(response, `${url} did not answer: ${error.code} ${error.message}`));
      });
      passed.end(body);
    });
  }

  private fail(response: ServerResponse, why: string): 'done' {
    this.failures.push(why);
    response.writeHead(502).end();
    return 'done';
  }
}

const isReady = (url: string): Promise<boolean> =>
  fetch(`${url}/readyz`, { signal: AbortSignal.timeout(5_000) }).then(
    async (response) => {
      await response.arrayBuffer();
      return response.ok;
    },
    () => false,
  );
