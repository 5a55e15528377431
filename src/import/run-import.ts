import { createHmac, randomUUID } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ImportProfile } from '../bulk/rules.js';
import { actorOf } from '../audit/actor.js';
import type { Hub } from '../hub.js';
import { rehearse } from '../rehearse.js';
import { Chunk, type JudgedRow } from './chunk.js';
import { claimOperation, type Claimed } from './claim-operation.js';
import { endOperation } from './end-operation.js';
import { endOf } from './end-of-import.js';
import type { FileRow } from './file-row.js';
import { Heartbeat } from './heartbeat.js';
import type { ImportAnswer } from './import-answer.js';
import { ImportFile } from './import-file.js';
import type { ImportOrder } from './import-request.js';
import { PlaceLost, type HeldOperation, type Place } from './operation-place.js';
import { ImportRefused } from './refused.js';
import { summarise } from './summarise.js';
import { rehearsedChunk, writtenChunk, type WriteChunk } from './write-chunk.js';

/** Rows judged in one turn of the event loop. */
const judgedTogether = 200;

interface Import {
  hub: Hub;
  order: ImportOrder;
  file: ImportFile;
  operation: HeldOperation;
  answer: ImportAnswer;
  end: AbortController;
}

type Batches = AsyncGenerator<FileRow[], void>;

/**
 * Takes a file of any size in: while up to three batches are written, the next two are read and judged, and no more than that, so memory
 * stays the same and a sender that is faster than the database waits. Each batch is committed with its place in the file;
 * the same file with the same key goes on behind the last one, whoever wrote it.
 *
 * @param end ends it between two batches, with an ImportRefused or PlaceLost as its reason.
 * @throws ImportRefused, PlaceLost. Whatever is thrown, the operation has been ended in the state that fits it.
 */
export async function runImport(
  hub: Hub,
  order: ImportOrder,
  sent: AsyncIterable<Buffer>,
  answer: ImportAnswer,
  end: AbortController,
): Promise<void> {
  const file = new ImportFile(order.format, order.charset, hub.secret.deriveEach('import', 32));
  const batches = file.batches(sent);
  const first = await batches.next(); // what is no file at all leaves no operation
  const lease = randomUUID();
  const claimed = await hub.db.asOwner(order.owner.id, (sql) =>
    claimOperation(sql, order.owner.id, { ...claimOf(hub, order), lease }),
  );
  const operation = { ownerId: order.owner.id, id: claimed.id, lease };
  const heartbeat = new Heartbeat(hub.db, operation, (lost) => end.abort(lost));
  heartbeat.start();
  try {
    const all = given(first, batches);
    const running = { hub, order, file, operation, answer, end };
    const place = claimed.how === 'done' ? await tellAgain(running, all, claimed) : await takeIn(running, all, claimed);
    heartbeat.stop();
    await answer.end({ done: true, operationId: claimed.id, dryRun: order.dryRun, counts: place.counts });
  } catch (error) {
    heartbeat.stop();
    const { state, note } = endOf(error);
    if (state && claimed.how !== 'done')
      await hub.db.asOwner(order.owner.id, (sql) => endOperation(sql, operation, state, note)).catch(() => undefined);
    if (claimed.how !== 'done')
      await hub.db.asOwner(order.owner.id, (sql) => summarise(sql, operation, hub.clock.at())).catch(() => undefined);
    throw error;
  } finally {
    await batches.return();
  }
}

function claimOf(hub: Hub, { caller, dryRun, profile, onExisting, delivery, format, charset, ...order }: ImportOrder) {
  const settings = JSON.stringify({ profile, onExisting, format, charset, ...(delivery ? { delivery } : {}) });
  return {
    dryRun,
    delivery,
    requestedBy: caller.name,
    idempotencyKey: dryRun ? null : order.idempotencyKey, // as for the bulk calls: a dry run leaves no key behind
    settingsHashes: hub.secret
      .deriveEach('import', 32)
      .map((key) => createHmac('sha256', key).update(settings).digest()),
    bytesExpected: order.bytesExpected,
  };
}

async function* given(first: IteratorResult<FileRow[], void>, rest: Batches): Batches {
  if (first.done) return;
  yield first.value;
  yield* rest;
}

/** A file that was imported before: its answer, if it is the same one. */
async function tellAgain({ file, answer }: Import, batches: Batches, { id, how, place }: Claimed): Promise<Place> {
  for await (const batch of batches) file.hash.pass(batch.at(-1)!.end);
  if (file.hash.length !== place.bytes || !file.hash.isAt(place.bytes, place.hash!)) throw reused();
  answer.begin(id, how);
  await answer.repeat();
  return place;
}

async function takeIn(running: Import, batches: Batches, { id, how, place }: Claimed): Promise<Place> {
  const { hub, order, file, operation, answer } = running;
  const rest = behind(file, batches, place);
  const head = await rest.next(); // a file that does not go on where the last one stopped is refused before the answer begins
  answer.begin(id, how);
  await answer.repeat();
  const partOf = { kind: 'BULK_OPERATION', id } as const;
  const deed = { by: actorOf(order.caller, null), action: 'import', partOf };
  const origin = { ownerId: operation.ownerId, origin: order.caller.name, deed, delivery: order.delivery };
  const all = given(head, rest);
  const chunks = { hub, order, file, operation };
  const last = order.dryRun
    ? await rehearse(hub, origin, (step) => writeAll(running, all, place, rehearsedChunk(chunks, step)))
    : await writeAll(running, all, place, writtenChunk(chunks, origin));
  const length = file.hash.length;
  const whole = { bytes: length, hash: file.hash.at(length) };
  await hub.db.asOwner(operation.ownerId, async (sql) => {
    if (!(await endOperation(sql, operation, 'DONE', null, whole))) throw new PlaceLost(); // cancelled at the last moment
    await summarise(sql, operation, hub.clock.at());
  });
  return last;
}

/** The rows behind the place, after a look at those before it. @throws ImportRefused when they are not the same ones */
async function* behind(file: ImportFile, batches: Batches, place: Place): Batches {
  let passed = 0;
  for await (const batch of batches) {
    const known = batch.slice(0, Math.max(0, place.counts.rows - passed));
    passed += known.length;
    if (known.length > 0) demandSame(file, known.at(-1)!.end, place, passed);
    if (known.length < batch.length) yield batch.slice(known.length);
  }
  if (passed < place.counts.rows) throw reused();
}

function demandSame(file: ImportFile, end: number, place: Place, passed: number): void {
  if (passed < place.counts.rows) {
    if (end >= place.bytes) throw reused();
    file.hash.pass(end);
  } else if (end !== place.bytes || !file.hash.isAt(end, place.hash!)) throw reused();
}

const reused = (): ImportRefused =>
  new ImportRefused(422, 'IDEMPOTENCY_KEY_REUSED', 'this idempotencyKey was used for a file with another content');

/** So many chunks are written at a time where that changes nothing, each by a connection of its own. */
const chunksAtOnce = 3;

/** While chunks are written, the next two are read and judged: what waits for its turn, and the one behind it. */
async function writeAll(running: Import, batches: Batches, place: Place, writeChunk: WriteChunk): Promise<Place> {
  let written: Promise<Place> = Promise.resolve(place);
  let underWay: { chunk: Chunk; written: Promise<Place> }[] = [];
  try {
    for await (const rows of ahead(judgedBatches(batches, running.order.profile))) {
      if (underWay.length === chunksAtOnce) await underWay.shift()!.written;
      const last = underWay.at(-1);
      if (last) await Promise.race([last.chunk.followed, last.written]);
      const before = underWay.map(({ chunk }) => chunk);
      const chunk = new Chunk(rows, written, before, place.counts.rows);
      written = writeChunk(chunk).then((done) => {
        running.answer.tell(done.chunk); // not before it is committed
        return done.place;
      });
      written.catch((error: unknown) => running.end.abort(error)); // nothing more is waited for; told below
      underWay = [...underWay, { chunk, written }];
    }
  } catch (error) {
    await written; // what is being written ends first, and its own error is the one that tells
    throw error;
  }
  return written;
}

async function* judgedBatches(batches: Batches, profile: ImportProfile): AsyncGenerator<JudgedRow[], void> {
  for await (const batch of batches) yield await judge(batch, profile);
}

async function judge(batch: FileRow[], profile: ImportProfile): Promise<JudgedRow[]> {
  const judged: JudgedRow[] = [];
  for (let from = 0; from < batch.length; from += judgedTogether) {
    for (const row of batch.slice(from, from + judgedTogether)) judged.push({ row, checked: row.judge(profile) });
    await nextTurn();
  }
  return judged;
}

/** The same, with the next one under way already when one is taken. */
async function* ahead<T>(from: AsyncGenerator<T, void>): AsyncGenerator<T, void> {
  const pull = () => {
    const next = from.next();
    next.catch(() => undefined); // it is thrown where it is waited for
    return next;
  };
  try {
    for (let next = await pull(); !next.done;) {
      const following = pull();
      yield next.value;
      next = await following;
    }
  } finally {
    await from.return();
  }
}
