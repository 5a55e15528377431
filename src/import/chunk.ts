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
   * @param previous that chunk, or for the first one the rows before it
   */
  constructor(
    readonly rows: JudgedRow[],
    readonly before: Promise<Place>,
    previous: Chunk | number,
  ) {
    const first = typeof previous === 'number';
    this.from = first ? previous : previous.from + previous.rows.length;
    this.previousFrom = first ? null : previous.from;
    this.followed = new Promise((resolve) => (this.follow = resolve));
    this.keys = chunkKeys(rows.map(({ checked }) => checked));
    this.shares = !first && share(this.keys, previous.keys);
  }

  /** Whether a row of it is about the same as one of the chunk before. */
  sharesKeys(): boolean {
    return this.shares;
  }
}
