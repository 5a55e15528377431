import { once } from 'node:events';
import { request, type ClientRequest, type IncomingMessage } from 'node:http';
import { told, type Told } from './import-request.js';

/** A sender that decides itself when it sends what, over a connection of its own. */
export class Sender {
  readonly request: ClientRequest;
  /** All of the answer that has come. */
  text = '';
  private readonly response: Promise<IncomingMessage>;

  constructor(
    url: string,
    owner: { code: string; key: string },
    query: Record<string, string> = {},
    type = 'application/x-ndjson',
    reading: 'at once' | 'at the end' = 'at once',
  ) {
    this.request = request(
      `${url}/import/customers?${new URLSearchParams({ owner: owner.code, ...query }).toString()}`,
      {
        method: 'POST',
        agent: false,
        headers: { authorization: `Bearer ${owner.key}`, 'content-type': type },
      },
    );
    this.request.on('error', () => undefined); // told by `answer`
    this.response = new Promise((resolve, reject) => {
      this.request.once('response', (response: IncomingMessage) => {
        if (reading === 'at once') this.read(response);
        response.on('error', () => undefined);
        resolve(response);
      });
      this.request.once('error', reject);
    });
    this.response.catch(() => undefined);
  }

  /** Resolves when the connection takes more. */
  async send(text: string): Promise<void> {
    if (this.request.destroyed || this.request.write(text)) return;
    await new Promise<void>((resolve) => {
      const go = () => {
        for (const event of ['drain', 'close']) this.request.off(event, go);
        resolve();
      };
      for (const event of ['drain', 'close']) this.request.on(event, go);
    });
  }

  /** The head of the answer. */
  async status(): Promise<{ status: number; operationId: string | undefined }> {
    const { statusCode, headers } = await this.response;
    return { status: statusCode!, operationId: headers['stamdata-operation'] as string | undefined };
  }

  /** Resolves when the answer is whole. */
  async answer(): Promise<Told> {
    const response = await this.response;
    this.read(response);
    if (!response.readableEnded && !response.closed)
      await Promise.race([once(response, 'end'), once(response, 'close')]);
    return told(response.statusCode!, this.text);
  }

  private read(response: IncomingMessage): void {
    if (response.listenerCount('data') === 0) response.on('data', (chunk: Buffer) => (this.text += chunk.toString()));
  }

  end(): this {
    this.request.end();
    return this;
  }

  /** As if its network were gone. */
  cut(): void {
    this.request.destroy();
  }
}
