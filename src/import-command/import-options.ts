import type { Readable } from 'node:stream';
import type { Asking } from '../ask-hub.js';
import type { Screen } from '../terminal/progress.js';

/** How the rows are to be taken in, in the words of `POST /import/customers`. */
export interface ImportSettings {
  owner: string | null;
  dryRun: boolean;
  /** Null: guessed. */
  format: 'ndjson' | 'csv' | null;
  charset: string;
  profile: string;
  onExisting: string;
  delivery: string;
  /** Null: made from the content of the file. */
  idempotencyKey: string | null;
}

export interface ImportOptions {
  /** A name, or `-` for standard input. */
  file: string;
  settings: ImportSettings;
  hub: Asking;
  /** What the idempotency key of a file is made with: the same for as long as an import is to be continued. */
  contentSecret: string;
  /** Where the problems are written; null: beside the file. */
  problemsFile: string | null;
  /** For how long a hub that does not answer any more is asked again, in seconds without a further row. */
  retrySeconds: number;
  /** The words that name the hub or the database in the command that goes on; never a key. */
  place: string[];
  print: (line: string) => void;
  screen: Screen;
  stdin: Readable;
  /** Ends it between two chunks. */
  signal: AbortSignal;
}
