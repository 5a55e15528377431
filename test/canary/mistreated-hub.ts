import { createClient, type Client } from 'graphql-ws';
import WebSocket from 'ws';
import { adminKey } from '../hub.js';
import type { Operation } from './planted-operations.js';

/** Whoever calls a hub, well or badly, as the operator for one owner. Keeps what it was told of errors of the hub itself. */
export class MistreatedHub {
  /** Whole answers that tell of an error inside the hub. */
  readonly internal: string[] = [];
  private readonly client: Client;

  constructor(
    readonly url: string,
    private readonly owner: string,
  ) {
    this.client = createClient({
      url: `${url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { authorization: `Bearer ${adminKey}`, owner },
      retryAttempts: 0,
    });
  }

  /** Any request. */
  async send(path: string, init: RequestInit = {}): Promise<string> {
    const headers = new Headers(init.headers);
    if (!headers.has('authorization')) headers.set('authorization', `Bearer ${adminKey}`);
    if (!headers.has('stamdata-owner')) headers.set('stamdata-owner', this.owner);
    const response = await fetch(`${this.url}${path}`, { ...init, headers });
    const text = await response.text();
    if (response.status >= 500) this.internal.push(text);
    return text;
  }

  async ask<Data = unknown>(query: string, variables: object = {}): Promise<{ data?: Data; errors?: object[] }> {
    const text = await this.send('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables }),
    });
    return this.looked<Data>(JSON.parse(text) as object);
  }

  /** The first answer over the WebSocket. */
  async subscribe({ query, variables }: Operation): Promise<void> {
    const answers = this.client.iterate({ query, variables });
    const first = await answers.next().catch((error: unknown) => ({ value: { errors: error } }));
    this.looked((first.value ?? {}) as object);
    await answers.return?.();
  }

  close(): Promise<void> {
    return Promise.resolve(this.client.dispose());
  }

  private looked<Data>(answer: { data?: Data; errors?: object[] }): { data?: Data; errors?: object[] } {
    for (const error of answer.errors ?? []) {
      const text = JSON.stringify(error);
      if (text.includes('INTERNAL_SERVER_ERROR')) this.internal.push(text);
    }
    return answer;
  }
}
