import type { Progress } from '../terminal/progress.js';
import { amount } from '../terminal/amounts.js';
import { Retry } from '../retry.js';
import { followImport, type Operation } from './follow-import.js';
import type { ImportOptions } from './import-options.js';
import type { ProblemReport } from './problem-report.js';
import { ConnectionLost, sendFile, type Ending } from './send-file.js';
import type { SourceFile } from './source-file.js';

/** What a file is imported with, beside what was asked for. */
interface Means {
  source: SourceFile;
  owner: string;
  /** Null: what is interrupted cannot be continued. */
  idempotencyKey: string | null;
  report: ProblemReport;
  progress: Progress;
}

/** What passes by itself: a hub that stops, has no room, or still holds what a dead connection was at. */
const passing = new Set(['INTERRUPTED', 'BUSY', 'IN_PROGRESS', 'RATE_LIMITED', 'INTERNAL_SERVER_ERROR']);

/** One file on its way into a hub, over as many connections as that takes. */
export class ImportRun {
  /** Of the operation; null: it has not begun. */
  operationId: string | null = null;
  /** It had been imported before, so nothing was written this time. */
  wasDone = false;
  private attempts = 0;
  private readonly retry: Retry;

  constructor(
    private readonly options: ImportOptions,
    private readonly means: Means,
  ) {
    this.retry = new Retry(options.retrySeconds * 1_000);
  }

  /**
   * Sends the file until it is answered, again where the connection was lost or the hub says that it is no time for it, as
   * long as it gets further. @throws ConnectionLost when it does not, or the signal's reason
   */
  async toItsEnd(): Promise<Ending> {
    for (let told = ''; ;) {
      const ending = await this.attempt().catch((error: unknown) => {
        if (error instanceof ConnectionLost) return error;
        throw error;
      });
      const reason = ending instanceof ConnectionLost ? ending.message : ending.error?.message;
      if (!(ending instanceof ConnectionLost) && !passing.has(ending.error?.code ?? '')) return ending;
      if (this.means.source.bytes === null || !(await this.retry.pause(this.options.signal))) {
        this.options.signal.throwIfAborted();
        throw new ConnectionLost(reason);
      }
      if (reason !== told) this.means.progress.tell(`${reason}: trying again`);
      told = reason!;
    }
  }

  private async attempt(): Promise<Ending> {
    const { options, means } = this;
    means.report.begin();
    this.attempts++;
    const over = new AbortController();
    const lost = new AbortController();
    const silent = () => lost.abort(new ConnectionLost('the hub says nothing any more'));
    const standing = (operation: Operation) => this.show(operation);
    let following: Promise<void> = Promise.resolve();
    try {
      return await sendFile({
        url: this.url(),
        headers: this.headers(),
        body: means.source.read(),
        signal: AbortSignal.any([options.signal, lost.signal]),
        begun: (operationId, how) => {
          this.operationId = operationId;
          if (how === 'done' && this.attempts === 1) this.wasDone = true;
          const hub = { ...options.hub, owner: means.owner };
          following = followImport(hub, operationId, { standing, silent }, over.signal);
        },
        problem: (line) => means.report.add(line),
      });
    } finally {
      over.abort();
      await following;
    }
  }

  private show({ rows, bytesRead }: Operation): void {
    const { source, report, progress } = this.means;
    this.retry.gained(rows);
    const share = source.bytes === null ? null : Math.min(1, bytesRead / source.bytes);
    const note = report.count === 0 ? '' : `${amount(report.count, 'rows')} with problems`;
    progress.show({ done: rows, unit: 'rows', share, note }, performance.now());
  }

  private url(): URL {
    const { owner, idempotencyKey } = this.means;
    const { dryRun, profile, onExisting, delivery } = this.options.settings;
    const url = new URL(`${this.options.hub.url}/import/customers`);
    url.search = new URLSearchParams({
      ...{ owner, dryRun: String(dryRun), profile, onExisting, delivery },
      ...(idempotencyKey === null ? {} : { idempotencyKey }),
    }).toString();
    return url;
  }

  private headers(): Record<string, string> {
    const { format, bytes } = this.means.source;
    const { charset } = this.options.settings;
    return {
      authorization: `Bearer ${this.options.hub.key}`,
      'content-type':
        format === 'csv' ? `text/csv; charset=${charset}` : `application/x-ndjson${ndjsonCharset(charset)}`,
      ...(bytes === null ? {} : { 'content-length': String(bytes) }),
    };
  }
}

/** JSON is UTF-8, so the door wants none; another one is its to refuse. */
const ndjsonCharset = (charset: string): string => (charset === 'utf-8' ? '' : `; charset=${charset}`);
