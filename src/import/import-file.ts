import type { NameStyle } from '../bulk/rules.js';
import { ContentHash } from './content-hash.js';
import { CsvRows } from './csv-rows.js';
import type { FileRow, FoundRows, RowReader } from './file-row.js';
import { NdjsonRows } from './ndjson-rows.js';
import { malformedFile } from './refused.js';
import { utf8Bytes, type Charset, type Utf8Part } from './utf8-bytes.js';

export type FileFormat = 'ndjson' | 'csv';

/** Rows are written so many at a time, or so many bytes of them, or what has come within a second. */
const batchRows = 2_500;
const batchBytes = 4_000_000;
const batchMs = 1_000;

const readers: Record<FileFormat, () => RowReader> = { ndjson: () => new NdjsonRows(), csv: () => new CsvRows() };

/** A file while it is read: its rows in batches, and the hash of what has been read. */
export class ImportFile {
  readonly hash: ContentHash;
  private readonly reader: RowReader;
  private yielded = false;

  constructor(
    private readonly format: FileFormat,
    private readonly charset: Charset,
    hashKeys: readonly Buffer[],
  ) {
    this.hash = new ContentHash(hashKeys);
    this.reader = readers[format]();
  }

  /** Known with the first batch. */
  get names(): NameStyle {
    return this.reader.names;
  }

  /**
   * The rows, read no faster than they are asked for. Where the file cannot be read any further, what came before is given
   * first; but of one that is broken in its first batch nothing is, so that it can be refused as a whole.
   * @throws ImportRefused
   */
  async *batches(sent: AsyncIterable<Buffer>): AsyncGenerator<FileRow[], void> {
    let batch: FileRow[] = [];
    let begun = performance.now();
    for await (const found of this.found(sent)) {
      if (batch.length === 0) begun = performance.now();
      batch.push(...found.rows);
      if (found.fault) return yield* this.broken(batch, found.fault);
      if (!isFull(batch) && performance.now() - begun < batchMs) continue;
      // what is over waits for the next one: a batch of a few rows takes half the time of a full one
      const over = batch.length > batchRows ? batch.length % batchRows : 0;
      const whole = batch.slice(0, batch.length - over);
      batch = batch.slice(whole.length);
      if (whole.length > 0) yield* this.give(whole);
    }
    if (batch.length > 0) yield* this.give(batch);
    if (!this.yielded) throw this.empty();
  }

  private async *found(sent: AsyncIterable<Buffer>): AsyncGenerator<FoundRows, void> {
    const text = utf8Bytes(this.charset);
    for await (const bytes of sent) {
      const part = text.take(bytes);
      yield this.read(part);
      if (part.fault) return;
    }
    const last = text.end();
    yield this.read(last);
    if (!last.fault) yield this.reader.end();
  }

  private read({ bytes, fault }: Utf8Part): FoundRows {
    this.hash.add(bytes);
    const found = this.reader.take(bytes);
    return { rows: found.rows, fault: found.fault ?? fault };
  }

  private *give(batch: FileRow[]): Generator<FileRow[], void> {
    this.yielded = true;
    for (let from = 0; from < batch.length; from += batchRows) yield batch.slice(from, from + batchRows);
  }

  private *broken(batch: FileRow[], fault: Error): Generator<FileRow[], void> {
    if (this.yielded && batch.length > 0) yield* this.give(batch);
    throw fault;
  }

  private empty(): Error {
    const nothing = this.hash.length === 0 ? 'the file is empty' : 'the file has no rows';
    return malformedFile(nothing + (this.format === 'csv' && this.hash.length > 0 ? ', only a header' : ''), null);
  }
}

function isFull(batch: FileRow[]): boolean {
  return batch.length >= batchRows || (batch.length > 1 && batch.at(-1)!.end - batch[0]!.end > batchBytes);
}
