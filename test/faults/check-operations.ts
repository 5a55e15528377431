import type { Committed } from './committed.js';
import type { History, Operation } from './history.js';

/**
 * What is wrong between that which clients were told and that which is committed. An acknowledged write is there, once; a
 * failed one is not; one whose end is unknown is there whole or not at all.
 */
export function checkOperations(committed: Committed, history: History): string[] {
  const { operations } = history;
  const events = byCustomer(committed.feed);
  return [
    ...history.surprises,
    ...operations.flatMap((operation) => checkMarks(committed.marks, operation)),
    ...operations.flatMap((operation) => checkMade(committed, events, operation)),
    ...operations.flatMap((operation) => checkSeen(committed, operation)),
    ...checkCounts(committed, operations),
  ];
}

type Event = Committed['feed'][number];

/** Looked up once for each operation, of which a long run has tens of thousands. */
function byCustomer(feed: Event[]): Map<string, Event[]> {
  const events = new Map<string, Event[]>();
  for (const event of feed) {
    const known = events.get(event.customerId);
    if (known) known.push(event);
    else events.set(event.customerId, [event]);
  }
  return events;
}

function checkMarks(marks: ReadonlySet<string>, operation: Operation): string[] {
  const there = operation.marks.filter((mark) => marks.has(mark)).length;
  const all = operation.marks.length;
  const right = { ok: there === all, fail: there === 0, unknown: there === 0 || there === all };
  const outcome = known(operation.outcome);
  if (right[outcome]) return [];
  return [`${operation.kind} ${operation.marks.join(', ')} ended ${outcome}, and ${there} of ${all} are stored`];
}

const known = (outcome: Operation['outcome']) => (outcome === 'pending' ? 'unknown' : outcome);

/** An update that demanded a version made the next one, alone; if no other update came after, its value stands. */
function checkMade({ customers }: Committed, feed: Map<string, Event[]>, { made, writer }: Operation): string[] {
  if (!made) return [];
  const { customerId, version, name } = made;
  const events = feed.get(customerId) ?? [];
  const own = events.find((event) => event.version === version);
  if (own?.origin !== writer)
    return [`customer ${customerId}: ${writer} made version ${version}, the feed says ${own?.origin ?? 'nobody'} did`];
  const later = events.some((event) => event.version > version && event.reasons.includes('UPDATED'));
  const customer = customers.find(({ id }) => id === customerId);
  if (later || customer?.name === name) return [];
  return [`customer ${customerId}: was named ${name} last, and is named ${customer?.name ?? 'nothing'}`];
}

function checkSeen({ customers }: Committed, { seen }: Operation): string[] {
  return seen.flatMap(({ customerId, version }) => {
    const committed = customers.find(({ id }) => id === customerId)?.version ?? 0;
    if (committed >= version) return [];
    return [`customer ${customerId}: an answer showed version ${version}, committed is ${committed}`];
  });
}

/** Of each writer every customer has as many events as it wrote, give or take those whose end is unknown. */
function checkCounts({ feed, customers, marks }: Committed, operations: Operation[]): string[] {
  const tallies = new Map<string, { told: number; least: number; most: number }>();
  const tally = (writer: string, customerId: string) => {
    const key = `${writer} → customer ${customerId}`;
    const found = tallies.get(key) ?? { told: 0, least: 0, most: 0 };
    tallies.set(key, found);
    return found;
  };
  for (const { origin, customerId } of feed) tally(origin, customerId).told++;
  for (const operation of operations) {
    const { least, most } = effectOf(operation, marks);
    for (const customerId of operation.customers ?? customers.map(({ id }) => id)) {
      tally(operation.writer, customerId).least += operation.customers ? least : 0;
      tally(operation.writer, customerId).most += most;
    }
  }
  return [...tallies]
    .filter(([, { told, least, most }]) => told < least || told > most)
    .map(([who, { told, least, most }]) => `${who}: ${told} events, written were ${least} to ${most}`);
}

function effectOf({ outcome, marks }: Operation, stored: ReadonlySet<string>): { least: 0 | 1; most: 0 | 1 } {
  if (outcome === 'ok') return { least: 1, most: 1 };
  if (outcome === 'fail') return { least: 0, most: 0 };
  if (marks.length === 0) return { least: 0, most: 1 };
  return stored.has(marks[0]!) ? { least: 1, most: 1 } : { least: 0, most: 0 };
}
