import { setTimeout as delay } from 'node:timers/promises';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { sayPush, type Push } from './demo-voice.js';

const pictureFields = `
  code name ordersTotalCount ordersTotalValue currency acceptsMarketingEmail
  nextBooking { startsAt service } lastBooking { date service } tags { name value }`;

/** A client as any other: GraphQL over HTTP, and a subscription over WebSocket. */
export class DemoClient {
  constructor(
    private readonly url: string,
    private readonly key: string,
  ) {}

  async request<Data>(query: string, variables?: object): Promise<Data> {
    const response = await fetch(`${this.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${this.key}` },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = (await response.json()) as { data?: Data; errors?: { message: string }[] };
    if (!data || errors) throw new Error(errors?.map((error) => error.message).join('; ') ?? 'no data');
    return data;
  }

  /** Waits until the feed has at least this many events: until all that was written so far has passed the relay. */
  async awaitFeed(events: number): Promise<void> {
    while ((await this.endOfFeed()).seen < events) await delay(20);
  }

  /** Shows every push from now on. Resolves when the hub has the subscription: its cursor was asked for before. */
  async followSnapshots(): Promise<void> {
    const { after } = await this.endOfFeed();
    const socket = createClient({
      url: `${this.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { authorization: `Bearer ${this.key}` },
    });
    const query = `subscription ($after: String) {
      customerSnapshots(after: $after) { customerId version reasons snapshot { ${pictureFields} } } }`;
    socket.subscribe<{ customerSnapshots: Push }>(
      { query, variables: { after } },
      {
        next: ({ data }) => data && sayPush('subscriber', data.customerSnapshots),
        error: () => undefined, // the hub stops: nothing more will come
        complete: () => undefined,
      },
    );
  }

  private async endOfFeed(): Promise<{ after: string; seen: number }> {
    let after: string | null = null;
    for (let seen = 0; ;) {
      const { customerEvents }: FeedPage = await this.request<FeedPage>(
        'query ($after: String) { customerEvents(after: $after, first: 100) { nodes { version } pageInfo { endCursor hasNextPage } } }',
        { after },
      );
      after = customerEvents.pageInfo.endCursor;
      seen += customerEvents.nodes.length;
      if (!customerEvents.pageInfo.hasNextPage) return { after, seen };
    }
  }
}

interface FeedPage {
  customerEvents: { nodes: object[]; pageInfo: { endCursor: string; hasNextPage: boolean } };
}
