import { isDeepStrictEqual } from 'node:util';
import { roundMs, rounds, sizes, type Bench } from './bench.js';
import { nextToLimit, type Side } from './compared.js';
import { listsOf, lookUpsOf, spreadNumbers, spreadPositions } from './customer-requests.js';
import type { Figure } from './figure.js';
import type { Target } from './load.js';

/**
 * A list of 50 customers with all that a list shows, and a customer by its number in another system with its snapshot, over 8
 * connections, each next to a server of `node:http` and `pg` that sends the database's JSON for the same data as it is.
 */
export async function reads(bench: Bench): Promise<Figure[]> {
  const filled = await bench.data.filled(sizes(bench.quick).usual);
  const [clients, hub, bare] = await Promise.all([bench.clients(), bench.hubOn(filled), bench.bareOn(filled)]);
  const url = await bare.ask<string>('url');
  const pages = await spreadPositions(hub, bench.quick ? 5 : 200, filled.customers);
  const numbers = spreadNumbers(500, filled.customers);
  const lists = listsOf(hub, pages);
  const bareLists = bareTarget(
    `${url}/list`,
    pages.map(({ id }) => ({ after: id })),
  );
  const lookUps = lookUpsOf(hub, numbers);
  const bareLookUps = bareTarget(
    `${url}/customer`,
    numbers.map((n) => ({ identifier: `S-${n}` })),
  );
  await demandSame(lists, bareLists, ({ customers }) => customers!.nodes);
  await demandSame(lookUps, bareLookUps, ({ customer }) => customer);
  const options = { clients, connections: 8, rounds: rounds(bench.quick), ms: roundMs(bench.quick) };
  const side = (target: Target): Side => ({ server: hub.process, target });
  const limit = (target: Target): Side => ({ server: bare, target });
  return [
    await nextToLimit(`list of 50 of ${filled.customers}, 8 connections`, limit(bareLists), side(lists), options),
    await nextToLimit('customer by external pair, with snapshot', limit(bareLookUps), side(lookUps), options),
  ];
}

export const bareTarget = (url: string, asked: object[]): Target => ({
  url,
  headers: { 'content-type': 'application/json' },
  bodies: asked.map((each) => JSON.stringify(each)),
  expect: '{"data":{',
});

interface Data {
  customers?: { nodes: object[] };
  customer?: object;
}

/** The ratio means something only while both send the same. */
async function demandSame(hub: Target, bare: Target, of: (data: Data) => unknown): Promise<void> {
  const [ours, theirs] = await Promise.all([first(hub), first(bare)]);
  if (!isDeepStrictEqual(of(ours), of(theirs)))
    throw new Error(
      `the hub sends ${JSON.stringify(ours).slice(0, 2_000)}, the bare server ${JSON.stringify(theirs).slice(0, 2_000)}`,
    );
}

async function first({ url, headers, bodies }: Target): Promise<Data> {
  const answer = await fetch(url, { method: 'POST', headers, body: bodies[0]! });
  const { data } = JSON.parse(await answer.text(), asMoment) as { data: Data };
  return data;
}

/** A moment can be written in several ways. */
const asMoment = (_: string, value: unknown): unknown =>
  typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value) ? Date.parse(value) : value;
