import { parse, type CsvError, type Info, type Parser } from 'csv-parse';
import type { NameStyle } from '../bulk/rules.js';
import { csvColumns, type CsvColumns } from './csv-columns.js';
import { judgedRow, mostRowBytes, unreadableRow, type FileRow, type FoundRows, type RowReader } from './file-row.js';
import { ImportRefused, malformedFile } from './refused.js';

const newline = 0x0a;

/**
 * A table in CSV whose first line names the columns; parted by what parts the header: commas, semicolons or tabs. A row
 * with too few or too many cells is a problem of that row alone; a quote that is out of place makes all behind it guesswork,
 * so there the file cannot be read any further.
 */
export class CsvRows implements RowReader {
  private parser: Parser | null = null;
  private columns: CsvColumns | null = null;
  /** What has come of the header, until its line is whole. */
  private header: Buffer = Buffer.alloc(0);
  private found: FileRow[] = [];
  private fault: Error | null = null;
  private linesBefore = 0;
  private emptyBefore = 0;
  /** The parser counts a line end of two characters within quotes twice. */
  private excess = 0;
  private last: { cells: number; line: number } | null = null;
  private endsInNewline = true;

  get names(): NameStyle {
    return this.columns?.names ?? 'graphql';
  }

  take(bytes: Buffer): FoundRows {
    if (bytes.length === 0) return { rows: [], fault: null };
    this.endsInNewline = bytes[bytes.length - 1] === newline;
    if (this.parser) return this.feed(bytes);
    this.header = Buffer.concat([this.header, bytes]);
    if (this.header.length > mostRowBytes) return { rows: [], fault: tooLong(1) };
    return this.header.includes(newline) ? this.feed(this.begin()) : { rows: [], fault: null };
  }

  end(): FoundRows {
    const rest = this.parser ? { rows: [], fault: null } : this.feed(this.begin());
    if (rest.fault) return rest;
    this.parser!.end(); // synchronous, as write is: what is left is parsed within the call
    this.noteFault();
    const rows = [...rest.rows, ...this.collected()];
    const broken = !this.endsInNewline && this.last !== null && this.last.cells < this.columns!.count;
    if (!broken || this.fault) return { rows, fault: this.fault };
    const { line } = this.last!;
    const message = `line ${line}: the file breaks off in the middle of this line`;
    return { rows: rows.slice(0, -1), fault: new ImportRefused(400, 'TRUNCATED', message, line) };
  }

  private begin(): Buffer {
    const bytes = this.header;
    const end = bytes.indexOf(newline);
    this.header = Buffer.alloc(0);
    this.parser = parse({
      delimiter: delimiterOf(bytes.subarray(0, end < 0 ? bytes.length : end).toString()),
      relax_column_count: true,
      skip_empty_lines: true,
      max_record_size: mostRowBytes,
      // taken here, not from the stream: a promise for each row would cost more than its parsing
      on_record: (cells: string[], info) => this.take1(cells, info as Info),
    });
    this.parser.on('error', () => this.noteFault());
    return bytes;
  }

  private feed(bytes: Buffer): FoundRows {
    this.parser!.write(bytes);
    this.noteFault();
    return { rows: this.collected(), fault: this.fault };
  }

  private noteFault(): void {
    const error = this.parser!.errored as CsvError | null;
    if (error) this.fault ??= faultOf(error, this.linesBefore + 1, Number(error.lines ?? 1) - this.excess);
  }

  private collected(): FileRow[] {
    const { found } = this;
    this.found = [];
    return found;
  }

  private take1(cells: string[], info: Info): null {
    if (this.fault) return null;
    // lines within quotes belong to the row; empty ones before it do not
    const line = this.linesBefore + (info.empty_lines - this.emptyBefore) + 1;
    for (const cell of cells) if (cell.includes('\r\n')) this.excess += cell.split('\r\n').length - 1;
    this.linesBefore = info.lines - this.excess;
    this.emptyBefore = info.empty_lines;
    if (!this.columns) {
      this.readHeader(cells);
      return null;
    }
    const { columns } = this;
    this.last = { cells: cells.length, line };
    const fits = cells.length === columns.count;
    this.found.push({
      line,
      end: info.bytes,
      judge: (profile) =>
        fits
          ? judgedRow(columns.rowOf(cells), profile, columns.names)
          : unreadableRow(`${cells.length} cells, the header has ${columns.count}`),
    });
    return null;
  }

  private readHeader(cells: string[]): void {
    try {
      this.columns = csvColumns(cells);
    } catch (error) {
      this.fault = error as Error;
    }
  }
}

/** Of comma, semicolon and tab the one that the header has most of outside of quotes. */
function delimiterOf(header: string): string {
  const bare = header.replace(/"[^"]*"/g, '');
  const counted = [',', ';', '\t'].map((mark) => ({ mark, count: bare.split(mark).length }));
  return counted.reduce((best, next) => (next.count > best.count ? next : best)).mark;
}

const tooLong = (line: number): ImportRefused =>
  new ImportRefused(413, 'LIMIT_EXCEEDED', `line ${line}: a row longer than a megabyte; is a quote not closed?`, line);

/** The parser's own messages quote the file, which may be personal data. `rowLine`: where the row that was being read begins, `line`: how far the parser has come. */
function faultOf(error: CsvError, rowLine: number, line: number): ImportRefused {
  switch (error.code as string) {
    case 'CSV_MAX_RECORD_SIZE':
      return tooLong(rowLine);
    case 'CSV_QUOTE_NOT_CLOSED':
      return new ImportRefused(
        400,
        'TRUNCATED',
        `line ${rowLine}: the file ends within a quote that is not closed`,
        rowLine,
      );
    case 'CSV_INVALID_CLOSING_QUOTE':
      return malformedFile(
        `line ${line}: something follows a closing quote (a quote within quotes is written twice)`,
        line,
      );
    case 'INVALID_OPENING_QUOTE':
      return malformedFile(`line ${line}: a quote within a cell that does not begin with one`, line);
    default:
      return malformedFile(`line ${line}: this is not CSV`, line);
  }
}
