import type { Committed } from './committed.js';
import type { Reading, Received } from './reader.js';

/**
 * What is wrong with that which a reader got (D3, D4): all its connections together are the owner's feed from where it began,
 * in order; within one nothing comes twice; a snapshot is at least as new as its event.
 */
export function checkReading({ feed }: Committed, reading: Reading): string[] {
  const got = reading.connections.flat();
  const whole = feed.filter((event) => event.ownerId === reading.ownerId);
  const begun = reading.fromStart ? 0 : whole.findIndex((event) => isSame(event, got[0]));
  const faults = [
    ...reading.problems,
    ...reading.connections.flatMap(checkDoubles),
    ...checkOrder(got, begun < 0 ? whole : whole.slice(begun)),
    ...got
      .filter(({ version, snapshotVersion }) => snapshotVersion < version)
      .map((event) => `${textOf(event)} came with a snapshot of version ${event.snapshotVersion}`),
  ];
  return faults.map((fault) => `${reading.name}: ${fault}`);
}

function checkDoubles(connection: Received[], index: number): string[] {
  const seen = new Set<string>();
  return connection.flatMap((event) => {
    const text = textOf(event);
    if (seen.has(text)) return [`${text} came twice in connection ${index + 1}`];
    seen.add(text);
    return [];
  });
}

/** The first difference says all: behind it nothing stands in its place. */
function checkOrder(got: Received[], wanted: Pick<Received, 'customerId' | 'version'>[]): string[] {
  for (let i = 0; i < Math.max(got.length, wanted.length); i++)
    if (!isSame(wanted[i], got[i]))
      return [`event ${i + 1} is ${textOf(wanted[i])}, it got ${textOf(got[i])} (${got.length} of ${wanted.length})`];
  return [];
}

type Event = Pick<Received, 'customerId' | 'version'> | undefined;

const isSame = (a: Event, b: Event): boolean => a?.customerId === b?.customerId && a?.version === b?.version;

const textOf = (event: Event): string => (event ? `customer ${event.customerId} v${event.version}` : 'nothing');
