import { roundMs, rounds, sizes, type Bench, type HubProcess } from './bench.js';
import type { Filled } from './bench-data.js';
import { growthOf, type Comparison, type Side } from './compared.js';
import {
  listsOf,
  lookUpsOf,
  positions,
  spreadPositions,
  searchesOf,
  spreadNumbers,
  updatesOf,
  type Position,
} from './customer-requests.js';
import type { Figure } from './figure.js';
import { firstNameOf, lastNameOf } from './many-customers.js';
import type { Target } from './load.js';

const mostTimes = 1.3;

/** What the same requests cost with many customers and with few, and what a page far back costs next to the first ones. */
export async function growth(bench: Bench): Promise<Figure[]> {
  const { few, many } = sizes(bench.quick);
  const [small, large] = [await bench.data.filled(few), await bench.data.filled(many)];
  const hubs = [await bench.hubOn(small), await bench.hubOn(large)] as const;
  const clients = await bench.clients();
  const options = { clients, connections: 8, rounds: rounds(bench.quick), ms: roundMs(bench.quick) / 2 };
  const places = [await spreadPositions(hubs[0], 200, few), await spreadPositions(hubs[1], 200, many)] as const;
  const figures: Figure[] = [];
  for (const [name, targetOf] of await kinds(hubs[1])) {
    const before = side(hubs[0], targetOf(hubs[0], small, places[0]));
    const after = side(hubs[1], targetOf(hubs[1], large, places[1]));
    figures.push(await growthOf(`${name}, ${many} against ${few} customers`, mostTimes, before, after, options));
  }
  figures.push(await pagesFarBack(bench, hubs[1], options));
  return figures;
}

type TargetOf = (hub: HubProcess, filled: Filled, places: Position[]) => Target;

async function kinds(hub: HubProcess): Promise<[string, TargetOf][]> {
  const numbers = ({ customers }: Filled) => spreadNumbers(500, customers);
  const all: [string, TargetOf][] = [
    ['list of 50', (on, _, places) => listsOf(on, places)],
    ['customer by external pair', (on, filled) => lookUpsOf(on, numbers(filled))],
    [
      'updateCustomer',
      (on, _, places) =>
        updatesOf(
          on,
          places.slice(1).map(({ id }) => id),
        ),
    ],
  ];
  const search: TargetOf = (on, filled) =>
    searchesOf(
      on,
      numbers(filled).map((n, i) => searched[i % searched.length]!(n)),
    );
  return (await hasSearch(hub)) ? [...all, ['search', search]] : all;
}

/** What people look for, each of which finds a handful among any number: the n-th customer by a piece of what it is known by. */
const searched: ((n: number) => string)[] = [
  (n) => `C-${n}`,
  (n) => `${firstNameOf(n)} ${lastNameOf(n)} ${n}`,
  (n) => `${n} ${lastNameOf(n)}`,
  (n) => `second${n}@example`, // the beginning of an e-mail address
  (n) => `${lastNameOf(n).slice(3)}${n}@exam`, // its middle
  (n) => `${20_000_000 + n}`, // a number without its country
  (n) => `${30_000_000 + n}`.slice(-6), // its end
  (n) => `+45 ${20_000_000 + n}`,
  (n) => `S-${n}`,
  (n) => `secnod${n}`, // a typing error
];

async function hasSearch(hub: HubProcess): Promise<boolean> {
  const { __type } = await hub.ask<{ __type: { fields: { name: string; args: { name: string }[] }[] } }>(
    '{ __type(name: "Query") { fields { name args { name } } } }',
  );
  return __type.fields.some(({ name, args }) => name === 'customers' && args.some((arg) => arg.name === 'search'));
}

async function pagesFarBack(bench: Bench, hub: HubProcess, options: Comparison): Promise<Figure> {
  const page = bench.quick ? 5 : 10_000;
  const near = bench.quick ? 2 : 10;
  const nextTo = (first: number) =>
    positions(
      hub,
      Array.from({ length: near }, (_, i) => (first + i) * 50 - 1),
    );
  return growthOf(
    `page ${page} against page 1`,
    mostTimes,
    side(hub, listsOf(hub, await nextTo(0))),
    side(hub, listsOf(hub, await nextTo(page - 1))),
    options,
  );
}

const side = (hub: HubProcess, target: Target): Side => ({ server: hub.process, target });
