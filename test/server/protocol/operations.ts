import { expect } from 'vitest';
import { holdRows, waitingIn, type HeldRows } from '../../faults/held-rows.js';
import { eventually } from '../../feed/events.js';
import type { TestHub } from '../../hub.js';
import type { Wire } from './wire.js';

export const operation = (id: string, query: string) => ({ id, type: 'subscribe', payload: { query } });
export const completion = (id: string) => ({ id, type: 'complete' });

export const viewer = (id: string) => operation(id, '{ viewer { name } }');
export const tags = '{ tags { name } }';
export const snapshots = 'subscription { customerSnapshots { version } }';

/** The whole answer to `viewer`. */
export const named = (id: string) => [
  { id, type: 'next', payload: { data: { viewer: { name: expect.any(String) as string } } } },
  completion(id),
];

/** Queries for tags wait from now on; gives what lets them go on. */
export const holdTags = (hub: TestHub): Promise<HeldRows> =>
  holdRows(hub.clone.connection, 'LOCK TABLE tag IN ACCESS EXCLUSIVE MODE');

/** When whatever was under way has been answered, or would have been. */
export async function quiet(hub: TestHub, wire: Wire): Promise<void> {
  await eventually(async () => (await waitingIn(hub.clone.sql, 'findTags')).length === 0, 'nothing is held any more');
  for (const id of ['quiet 1', 'quiet 2', 'quiet 3']) {
    wire.send(operation(id, tags));
    await wire.answered(id);
  }
}
