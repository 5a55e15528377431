import { problem, type Problem } from '../errors.js';
import { checkCustomerRow, type CheckedRow, type ImportProfile, type NameStyle } from '../bulk/rules.js';

/** Longest row, in bytes: a longer one is a mistake of whoever wrote the file. */
export const mostRowBytes = 1_000_000;

/** One row of a file where it was found; judged only when it is wanted, for those already imported are passed by. */
export interface FileRow {
  /** The line it begins in, from 1. */
  line: number;
  /** Bytes of the file in UTF-8 up to its end. */
  end: number;
  judge: (profile: ImportProfile) => CheckedRow;
}

/** Finds the rows in a file as its bytes come. */
export interface RowReader {
  /** Whose names the rows have; known with the first row. */
  readonly names: NameStyle;
  /** Rows that are complete. @throws ImportRefused when the file cannot be read on; `rows` found until then come first */
  take: (bytes: Buffer) => FoundRows;
  /** The last row. */
  end: () => FoundRows;
}

export interface FoundRows {
  rows: FileRow[];
  /** Why the file cannot be read beyond them. */
  fault: Error | null;
}

/** A row that is no customer at all. */
export function unreadableRow(reason: string): CheckedRow {
  return withProblems(nothing(), [problem('INVALID', null, `invalid row (${reason})`)]);
}

/** A row by the rules of bulk insert, with what is wrong with its form beside what is wrong with its fields. */
export function judgedRow(
  row: Record<string, unknown>,
  profile: ImportProfile,
  names: NameStyle,
  ofForm: Problem[] = [],
): CheckedRow {
  const checked = checkCustomerRow(row, profile, names);
  return ofForm.length === 0 ? checked : withProblems(checked, ofForm);
}

/** As `CheckedRow` says: one that has problems has no login to be made. */
const withProblems = (checked: CheckedRow, problems: Problem[]): CheckedRow => ({
  ...checked,
  adminUser: null,
  problems: [...checked.problems, ...problems],
});

const nothing = (): CheckedRow => ({
  fields: {},
  adminUser: null,
  externalReferences: [],
  tags: [],
  problems: [],
  code: '',
});
