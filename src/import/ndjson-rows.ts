import type { CheckedRow, ImportProfile, NameStyle } from '../bulk/rules.js';
import { isObject } from '../format/json-object.js';
import { problem, type Problem } from '../errors.js';
import { judgedRow, mostRowBytes, unreadableRow, type FileRow, type FoundRows, type RowReader } from './file-row.js';
import { hint, isComputed, isKey, styleOf } from './file-names.js';
import { ImportRefused, malformedFile } from './refused.js';

const newline = 0x0a;

/**
 * A JSON object per line. What is wrong with one line is a problem of that line alone, be it no JSON or longer than a
 * megabyte; only a file that is something else, or breaks off in the middle of its last line, cannot be read.
 */
export class NdjsonRows implements RowReader {
  private style: NameStyle | null = null;
  private line = 0;
  private offset = 0;
  /** The pieces of a line whose end has not come; of one that is too long only its length is kept. */
  private pieces: Buffer[] = [];
  private pending = 0;

  get names(): NameStyle {
    return this.style ?? 'graphql';
  }

  take(bytes: Buffer): FoundRows {
    const rows: FileRow[] = [];
    let from = 0;
    for (let at = bytes.indexOf(newline); at >= 0; at = bytes.indexOf(newline, from)) {
      this.keep(bytes.subarray(from, at));
      from = at + 1;
      const row = this.lineEnded(1);
      if (row instanceof ImportRefused) return { rows, fault: row };
      if (row) rows.push(row);
    }
    this.keep(bytes.subarray(from));
    return { rows, fault: null };
  }

  end(): FoundRows {
    if (this.pending === 0) return { rows: [], fault: null };
    const text = Buffer.concat(this.pieces).toString();
    if (this.pending <= mostRowBytes && text.trim() !== '' && parsed(text) instanceof SyntaxError) {
      const line = this.line + 1;
      const message = `line ${line}: the file breaks off in the middle of this line`;
      return { rows: [], fault: new ImportRefused(400, 'TRUNCATED', message, line) };
    }
    const row = this.lineEnded(0);
    if (row instanceof ImportRefused) return { rows: [], fault: row };
    return { rows: row ? [row] : [], fault: null };
  }

  private keep(piece: Buffer): void {
    if (piece.length === 0) return;
    this.pending += piece.length;
    if (this.pending > mostRowBytes) this.pieces = [];
    else this.pieces.push(piece);
  }

  /** Null for an empty line. */
  private lineEnded(newlineBytes: number): FileRow | ImportRefused | null {
    const tooLong = this.pending > mostRowBytes;
    const text = tooLong ? '' : Buffer.concat(this.pieces).toString().trim();
    this.offset += this.pending + newlineBytes;
    this.pieces = [];
    this.pending = 0;
    const line = ++this.line;
    const place = { line, end: this.offset };
    if (tooLong) return { ...place, judge: () => unreadableRow('longer than a megabyte') };
    if (text === '') return null;
    if (this.style === null) {
      const first = parsed(text);
      if (Array.isArray(first) || (first instanceof SyntaxError && /^\[/.test(text)))
        return malformedFile(`line ${line}: this is a JSON list: send one object per line, without commas`, line);
      if (isObject(first)) this.style = styleOf(Object.keys(first));
    }
    const { names } = this;
    return { ...place, judge: (profile) => judgeLine(text, profile, names) };
  }
}

function judgeLine(text: string, profile: ImportProfile, names: NameStyle): CheckedRow {
  const row = parsed(text);
  if (row instanceof SyntaxError) return unreadableRow('not JSON');
  if (!isObject(row)) return unreadableRow('send an object');
  return judgedRow(row, profile, names, unknownKeys(row, names));
}

/** A misspelt name would silently lose what stands under it. */
const unknownKeys = (row: Record<string, unknown>, names: NameStyle): Problem[] =>
  Object.keys(row)
    .filter((key) => !isKey(key, names) && !isComputed(key))
    .map((key) => problem('INVALID', null, `unknown field ${JSON.stringify(key.slice(0, 64))}${hint(key, names)}`));

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    return error;
  }
}
