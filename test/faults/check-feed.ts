import type { Committed } from './committed.js';

/**
 * What is wrong with the feed and the snapshots, against the committed customers: a sentence for each fault. Of every owner
 * positions are dense; of every customer each version is there once, in the order of positions (D1, D2).
 */
export function checkFeed(committed: Committed): string[] {
  return [
    ...(committed.outbox > 0 ? [`${committed.outbox} events were never moved out of the outbox`] : []),
    ...committed.heads.flatMap((head) => checkPositions(committed, head)),
    ...committed.customers.flatMap((customer) => checkVersions(committed, customer)),
    ...committed.customers.flatMap(checkSnapshot),
    ...strangers(committed),
  ];
}

function checkPositions({ feed }: Committed, { ownerId, lastPos, minPos }: Committed['heads'][number]): string[] {
  const positions = feed.filter((event) => event.ownerId === ownerId).map(({ pos }) => pos);
  const wrong = positions.findIndex((pos, i) => pos !== i + 1);
  const faults: string[] = [];
  if (wrong >= 0) faults.push(`owner ${ownerId}: position ${positions[wrong]} stands where ${wrong + 1} belongs`);
  if (lastPos !== positions.length)
    faults.push(`owner ${ownerId}: ${positions.length} events, but the head says ${lastPos}`);
  if (minPos !== 1) faults.push(`owner ${ownerId}: the feed begins at ${minPos}`);
  return faults;
}

function checkVersions({ feed }: Committed, { ownerId, id, version }: Committed['customers'][number]): string[] {
  const told = feed.filter((event) => event.ownerId === ownerId && event.customerId === id).map((e) => e.version);
  const faults: string[] = [];
  for (let wanted = 1; wanted <= version; wanted++) {
    const times = told.filter((one) => one === wanted).length;
    if (times !== 1) faults.push(`customer ${id}: version ${wanted} is in the feed ${times} times`);
  }
  for (const [i, one] of told.entries()) {
    if (one > version) faults.push(`customer ${id}: the feed tells version ${one}, committed is ${version}`);
    if (i > 0 && one < told[i - 1]!) faults.push(`customer ${id}: version ${one} comes after ${told[i - 1]}`);
  }
  return faults;
}

function checkSnapshot({ id, version, name, orders, snapshot }: Committed['customers'][number]): string[] {
  if (!snapshot) return [`customer ${id}: no snapshot`];
  const wanted = JSON.stringify({ version, bodyVersion: version, name, orders });
  const { version: stored, bodyVersion, name: shown, orders: counted } = snapshot;
  const is = JSON.stringify({ version: stored, bodyVersion, name: shown, orders: counted });
  return is === wanted ? [] : [`customer ${id}: the snapshot says ${is}, the customer is ${wanted}`];
}

/** Events of customers that are not there: of a transaction that was rolled back. */
function strangers({ feed, customers }: Committed): string[] {
  const known = new Set(customers.map(({ ownerId, id }) => `${ownerId}/${id}`));
  return feed
    .filter(({ ownerId, customerId }) => !known.has(`${ownerId}/${customerId}`))
    .map(
      ({ ownerId, customerId, pos }) => `owner ${ownerId}: event ${pos} is of customer ${customerId}, who is nobody`,
    );
}
