import { setTimeout as sleep } from 'node:timers/promises';
import { askHub, type Asking } from '../ask-hub.js';

/** An import as the hub tells it. */
export interface Operation {
  state: 'RUNNING' | 'DONE' | 'INTERRUPTED' | 'CANCELLED' | 'FAILED';
  rows: number;
  bytesRead: number;
}

const lookEveryMs = 500;
const answerWithinMs = 10_000;
const silentMs = 30_000;

/** Undefined: the hub does not answer, or has no such operation. */
export async function findOperation(hub: Asking, id: string): Promise<Operation | undefined> {
  const query = 'query ($id: ID!) { operation: bulkOperation(id: $id) { state rows bytesRead } }';
  const asked = askHub<{ operation: Operation | null }>(hub, query, { id }, AbortSignal.timeout(answerWithinMs));
  return (await asked.catch(() => undefined))?.operation ?? undefined;
}

/**
 * Looks how far an import has got, twice a second until `signal`. `silent` is told when the hub says nothing for half a
 * minute: a machine that is gone leaves a connection that looks alive.
 */
export async function followImport(
  hub: Asking,
  id: string,
  told: { standing: (operation: Operation) => void; silent: () => void },
  signal: AbortSignal,
): Promise<void> {
  let heardMs = performance.now();
  while (!signal.aborted) {
    const operation = await findOperation(hub, id);
    if (signal.aborted) return;
    if (operation) {
      heardMs = performance.now();
      told.standing(operation);
    } else if (performance.now() - heardMs > silentMs) return told.silent();
    await sleep(lookEveryMs, undefined, { signal }).catch(() => undefined);
  }
}

/** The operation once nobody is at it any more, as far as the hub says so within some seconds. */
export async function endedOperation(hub: Asking, id: string, patienceMs: number): Promise<Operation | undefined> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const operation = await findOperation(hub, id);
    if (operation?.state !== 'RUNNING' || performance.now() > deadline) return operation;
    await sleep(lookEveryMs / 5);
  }
}
