import { roundMs, rounds, sizes, type Bench, type HubProcess } from './bench.js';
import { withClient } from './bench-data.js';
import { growthOf, type Side } from './compared.js';
import { positions, targetOf } from './customer-requests.js';
import type { Figure } from './figure.js';
import { makeOrders } from './many-orders.js';

/** What a new order costs for a customer with very many, next to one for customers with ten; one after the other. */
export async function orderGrowth(bench: Bench): Promise<Figure[]> {
  const many = bench.quick ? 1_000 : 100_000;
  const filled = await bench.data.fresh(bench.quick ? sizes(true).usual : 200);
  const hub = await bench.hubOn(filled);
  const [regular, ...others] = (await positions(hub, [10, 20, 30, 40, 50])).map(({ id }) => id);
  await withClient(filled.place, async (client) => {
    await makeOrders(client, filled.ownerId, regular!, many - 2); // every customer has two already
    for (const id of others) await makeOrders(client, filled.ownerId, id, 8);
    await client.query('VACUUM (ANALYZE)');
  });
  const options = { connections: 1, rounds: rounds(bench.quick), ms: roundMs(bench.quick) / 2 };
  const name = `order of a customer with ${many} against 10`;
  const load = { clients: await bench.clients(), ...options };
  return [await growthOf(name, 2, ordersOf(hub, others), ordersOf(hub, [regular!]), load)];
}

const query = `mutation ($orders: [OrderInput!]!) { recordOrders(input: { ownerCode: "BENCH", orders: $orders }) {
  results { index action } errors { errors } userErrors { message } } }`;

const ordersOf = (hub: HubProcess, customers: string[]): Side => ({
  server: hub.process,
  target: targetOf(
    hub,
    query,
    '{"data":{"recordOrders":{"results":[{"index":1,"action":"CREATE"}],',
    customers.map((id) => ({
      orders: [
        {
          ...{ customer: { id }, channel: 'ONLINE', kind: 'ONLINE_ORDER', number: '%N%', paid: true },
          ...{ orderedAt: '2026-02-01T10:00:00Z', totalValue: '100.00', totalValueExVat: '80.00' },
        },
      ],
    })),
  ),
});
