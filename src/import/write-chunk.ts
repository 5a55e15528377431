import { applyRows, type ApplyRows, type RowOutcome } from '../bulk/apply-rows.js';
import type { Hub } from '../hub.js';
import { write, type Write, type WriteOptions } from '../write.js';
import type { Chunk } from './chunk.js';
import type { ImportFile } from './import-file.js';
import type { ImportOrder } from './import-request.js';
import { MadeInRehearsal } from './made-in-rehearsal.js';
import {
  countOutcomes,
  lockPlace,
  movePlace,
  OutOfTurn,
  type HeldOperation,
  type ImportSql,
  type Place,
} from './operation-place.js';
import { resultLines, type StoredChunk } from './results.js';
import { awaitTurn, takeTurn } from './turn.js';

export interface Chunks {
  hub: Hub;
  order: ImportOrder;
  file: ImportFile;
  operation: HeldOperation;
}

/** Writes a chunk behind the one before, and moves the place of the import behind it. */
export type WriteChunk = (chunk: Chunk) => Promise<{ place: Place; chunk: StoredChunk }>;

/**
 * Each chunk in a transaction of its own. Chunks that only make customers, other ones, go on side by side: the next one
 * begins when this one has planned, and its transaction ends behind this one's. Where that one is rolled back, to be tried
 * again, the next one is as well.
 * @throws PlaceLost
 */
export const writtenChunk =
  (chunks: Chunks, origin: WriteOptions): WriteChunk =>
  async (chunk) => {
    const { hub, order, operation } = chunks;
    const inTurn = () =>
      write(hub, origin, async (tx) => {
        await takeTurn(tx, operation.lease, chunk.from);
        const outcomes = await applied(
          chunks,
          tx,
          chunk,
          order.onExisting === 'reject' ? () => chunk.follow() : undefined,
        );
        const lines = resultLines(chunk.rows, outcomes, () => false);
        if (chunk.previousFrom !== null) await awaitTurn(tx, operation.lease, chunk.previousFrom);
        return moved(chunks, tx, { chunk, outcomes, lines });
      });
    if (chunk.sharesKeys()) await chunk.before;
    try {
      return await inTurn();
    } catch (error) {
      if (!(error instanceof OutOfTurn)) throw error;
      await chunk.before; // with nothing in the hands: what waits here is seen by nobody
      return await inTurn();
    }
  };

type Step = <T>(work: (tx: Write) => Promise<T>) => Promise<T>;

/**
 * One after the other in the one transaction of a rehearsal. The place of a dry run is kept beside it, for what the
 * rehearsal writes is rolled back; and while it is kept, the next chunk begins.
 */
export function rehearsedChunk(chunks: Chunks, step: Step): WriteChunk {
  const made = new MadeInRehearsal();
  return async (chunk) => {
    const outcomes = await step((tx) => applied(chunks, tx, chunk));
    chunk.follow();
    const lines = resultLines(chunk.rows, outcomes, made.hides(outcomes));
    await chunk.before;
    return chunks.hub.db.asOwner(chunks.operation.ownerId, (sql) => moved(chunks, sql, { chunk, outcomes, lines }));
  };
}

function applied(
  { hub, order, file }: Chunks,
  tx: Write,
  { rows }: Chunk,
  planned?: () => void,
): Promise<RowOutcome[]> {
  const options: ApplyRows = {
    profile: order.profile,
    names: file.names,
    onExisting: order.onExisting,
    showExcluded: order.caller.scopes.has('admin'),
    consentSource: order.caller.name,
    secret: hub.secret,
    allOrNothing: false,
    detail: order.dryRun,
    keysOnly: order.dryRun && order.onExisting === 'reject',
  };
  return applyRows(
    tx,
    rows.map(({ checked }) => checked),
    options,
    planned ? { planned } : {},
  );
}

async function moved(
  { file, operation }: Chunks,
  sql: ImportSql,
  { chunk, outcomes, lines }: { chunk: Chunk; outcomes: RowOutcome[]; lines: string },
): ReturnType<WriteChunk> {
  await lockPlace(sql, operation, chunk.from);
  const before = await chunk.before; // committed by now, else the place would not be here
  const bytes = chunk.rows.at(-1)!.row.end;
  const place = { counts: countOutcomes(before.counts, outcomes), bytes, hash: file.hash.at(bytes) };
  await movePlace(sql, operation, chunk.from, place, lines);
  return { place, chunk: { firstRow: chunk.from + 1, lines } };
}
