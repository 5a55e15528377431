import type { CheckedRow } from '../bulk/rules.js';
import { chunkKeys, share } from './chunk-keys.js';
import type { FileRow } from './file-row.js';
import type { Place } from './operation-place.js';

export interface JudgedRow {
  row: FileRow;
  checked: CheckedRow;
}

/** Rows of a file that are written together, in their place behind the chunk before. */
export class Chunk {
  /** Rows of the file before it. */
  readonly from: number;
  /** Of the chunk before; null for the first one. */
  readonly previousFrom: number | null;
  /** Resolves when the next chunk may begin, before this one has ended. */
  readonly followed: Promise<void>;
  /** The next chunk may begin. */
  follow!: () => void;
  private readonly keys: ReadonlySet<string>;
  private readonly shares: boolean;

  /**
   * @param before the place behind the chunk before, once that is committed
   * @param underWay the chunks before that may still be being written, the last one last
   * @param rowsBefore of the file, where there is no chunk before
   */
  constructor(
    readonly rows: JudgedRow[],
    readonly before: Promise<Place>,
    underWay: readonly Chunk[],
    rowsBefore: number,
  ) {
    const previous = underWay.at(-1);
    this.from = previous ? previous.from + previous.rows.length : rowsBefore;
    this.previousFrom = previous?.from ?? null;
    this.followed = new Promise((resolve) => (this.follow = resolve));
    this.keys = chunkKeys(rows.map(({ checked }) => checked));
    this.shares = underWay.some(({ keys }) => share(this.keys, keys));
  }

  /** Whether a row of it is about the same as one of a chunk that may still be being written. */
  sharesKeys(): boolean {
    return this.shares;
  }
}
