import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Hub } from '../hub.js';
import { refusalOf } from './end-of-import.js';
import { findOperation } from './find-operations.js';
import { ImportAnswer } from './import-answer.js';
import { importOrder, type ImportOrder } from './import-request.js';
import { PlaceLost } from './operation-place.js';
import { ImportRefused } from './refused.js';
import { chunkAfter } from './results.js';
import { runImport } from './run-import.js';
import { sentBytes } from './sent-bytes.js';

export type ImportHandler = (request: IncomingMessage, response: ServerResponse, requestId: string) => Promise<void>;

/** An import holds up to four connections to the database at a time, of the 20 that a process has. */
const mostAtOnce = 4;
/** How long a sender that was answered early may go on sending: cut off at once, it would never see the answer. */
const leaveMs = 10_000;

/** `POST /import/customers`: what is wrong before the answer has begun is told by the status, after that in a line. */
export class ImportDoor {
  private readonly running = new Set<AbortController>();
  private halted = false;

  constructor(private readonly hub: Hub) {}

  readonly handle: ImportHandler = async (request, response, requestId) => {
    const end = new AbortController();
    let order: ImportOrder | undefined;
    const answer = new ImportAnswer(response, (id, row) => chunkAfter(this.hub.db, order!.owner.id, id, row));
    try {
      order = await importOrder(this.hub, request);
      this.enter(end);
      await runImport(this.hub, order, sentBytes(request, end.signal), answer, end);
    } catch (error) {
      await answer.refuse(await this.refusal(error, order, answer, requestId));
    } finally {
      this.running.delete(end);
      letGo(request);
    }
  };

  /** Ends what is under way behind the batch that is being written; the sender is told how to go on. */
  halt(): void {
    this.halted = true;
    for (const end of this.running) end.abort(stopping());
  }

  private enter(end: AbortController): void {
    if (this.halted) throw stopping();
    if (this.running.size >= mostAtOnce)
      throw new ImportRefused(
        503,
        'BUSY',
        `${mostAtOnce} imports are under way on this process: try again in a moment`,
      );
    this.running.add(end);
  }

  private async refusal(
    error: unknown,
    order: ImportOrder | undefined,
    { id }: ImportAnswer,
    requestId: string,
  ): Promise<ImportRefused> {
    const operation =
      error instanceof PlaceLost && id !== null
        ? await this.hub.db.asOwner(order!.owner.id, (sql) => findOperation(sql, order!.owner.id, id))
        : null;
    const known = refusalOf(error, operation?.state === 'CANCELLED');
    if (known) return known;
    this.hub.log('error', 'import failed', { requestId, error });
    return new ImportRefused(500, 'INTERNAL_SERVER_ERROR', `internal error, logged under the request id ${requestId}`);
  }
}

const stopping = (): ImportRefused =>
  new ImportRefused(503, 'INTERRUPTED', 'this hub is stopping: send the file again with the same idempotencyKey');

/** What is left of the file is read and dropped, for a while. */
function letGo(request: IncomingMessage): void {
  if (request.readableEnded || request.destroyed) return;
  const late = setTimeout(() => request.socket.destroy(), leaveMs).unref();
  request.once('close', () => clearTimeout(late));
  request.on('error', () => undefined);
  request.resume();
}
