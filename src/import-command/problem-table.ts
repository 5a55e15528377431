export interface RowProblem {
  /** Of the file, from 1. */
  line: number;
  code: string;
  /** Of a row that was written all the same. */
  action?: string;
  errors: string[];
}

const longestCode = 24;
const gap = '  ';

/** A table of rows and what is wrong with each, no wider than `columns` (null: as wide as it is). */
export function problemTable(problems: readonly RowProblem[], columns: number | null): string[] {
  const cells = problems.map(({ line, code, action, errors }) => ({
    line: `${line}`,
    code: shortened(printable(code), longestCode),
    errors: printable(errors.join('; ')) + (action === undefined ? '' : ` (the customer was written: ${action})`),
  }));
  const table = [{ line: 'line', code: 'code', errors: 'problems' }, ...cells];
  const [ofLine, ofCode] = [widest(table.map(({ line }) => line)), widest(table.map(({ code }) => code))];
  return table.map(({ line, code, errors }) => {
    const row = [line.padStart(ofLine), code.padEnd(ofCode), errors].join(gap);
    return columns === null ? row : shortened(row, columns);
  });
}

const widest = (texts: string[]): number => Math.max(...texts.map((text) => text.length));

/** The file's own text must not steer the terminal. */
const printable = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '\ufffd');

const shortened = (text: string, most: number): string => (text.length <= most ? text : `${text.slice(0, most - 1)}…`);
