import { closeSync, existsSync, openSync, writeSync } from 'node:fs';
import { StartupError } from '../errors.js';
import { problemTable, type RowProblem } from './problem-table.js';

const shownRows = 20;

/**
 * The rows that something is wrong with: all of them in a file, a line of JSON each as the hub tells them, and the first
 * ones in a table. The file is made with the first problem; one that an earlier import left is emptied.
 */
export class ProblemReport {
  private first: RowProblem[] = [];
  private open: number | null = null;
  private rows = 0;

  constructor(readonly file: string) {}

  /** How many there are. */
  get count(): number {
    return this.rows;
  }

  /** Forgets what was told: a hub that goes on tells all of it again. @throws StartupError when it cannot be written */
  begin(): void {
    this.close();
    this.first = [];
    this.rows = 0;
    if (existsSync(this.file)) this.written(() => closeSync(openSync(this.file, 'w')));
  }

  /** @throws StartupError (wrong usage) when it cannot be written */
  add(line: string): void {
    this.written(() => {
      this.open ??= openSync(this.file, 'w');
      writeSync(this.open, `${line}\n`);
    });
    if (this.first.length < shownRows) this.first.push(JSON.parse(line) as RowProblem);
    this.rows++;
  }

  close(): void {
    if (this.open !== null) closeSync(this.open);
    this.open = null;
  }

  /** The table, a line each; none where nothing was wrong. `columns`: width of the terminal; null: as wide as it is. */
  lines(columns: number | null): string[] {
    if (this.rows === 0) return [];
    const more = this.rows - this.first.length;
    const where = more > 0 ? `and ${more.toLocaleString('en-US')} more: see ${this.file}` : `also in ${this.file}`;
    return [...problemTable(this.first, columns), where];
  }

  private written(write: () => void): void {
    try {
      write();
    } catch (error) {
      throw new StartupError(`cannot write ${this.file} (see --problems): ${(error as Error).message}`, 2);
    }
  }
}
