import { setTimeout as delay } from 'node:timers/promises';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import type { BenchHub } from './bench-hub.js';
import { quantile, type Figure } from './figure.js';

/** From the answer of a write to its push at a subscriber, at 50 changes a second. */
export async function pushLatency(bench: BenchHub, quick: boolean): Promise<Figure[]> {
  const changes = quick ? 20 : 500;
  const owner = await bench.owner();
  await owner.request('mutation { createCustomer(input: { code: "A", name: "Start" }) { userErrors { message } } }');
  const answered = new Map<number, number>();
  const received = new Map<number, number>();
  const client = createClient({
    url: `${bench.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${owner.key}` },
  });
  const done = new Promise<void>((resolve) => {
    client.subscribe<{ customerSnapshots: { version: number } }>(
      { query: 'subscription { customerSnapshots { version snapshot { name ordersTotalValue } } }' },
      {
        next: ({ data }) => {
          received.set(data!.customerSnapshots.version, performance.now());
          if (data!.customerSnapshots.version === changes + 1) resolve();
        },
        error: (error) => console.error(error),
        complete: () => undefined,
      },
    );
  });
  await delay(1_000); // the subscription is there
  for (let n = 1; n <= changes; n++) {
    await owner.request(
      'mutation ($n: String) { updateCustomer(by: { code: "A" }, input: { city: $n }) { userErrors { message } } }',
      {
        n: `City ${n}`,
      },
    );
    answered.set(n + 1, performance.now());
    await delay(20);
  }
  await done;
  await client.dispose();
  const latencies = [...answered].map(([version, at]) => received.get(version)! - at);
  return [0.5, 0.99].map((q) => ({
    name: `write answered → push received, p${q * 100}`,
    value: `${Math.max(0, quantile(latencies, q)).toFixed(1)} ms`,
    limit: q === 0.5 ? '30 ms' : '150 ms',
  }));
}
