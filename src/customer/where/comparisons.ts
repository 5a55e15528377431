import type { Operator } from './filter-inputs.js';

/** Takes a value among the parameters of the statement and gives its place there: `$7`. */
export type Place = (value: unknown) => string;

/** What each operator of a kind of field is in SQL. The values themselves only ever travel as parameters. */
export type Comparisons = { [O in Operator]?: (value: never, at: Place) => string };

/**
 * Equality, order and absence of `left`, an expression over a column, against values of an SQL type. `right` does to the
 * value what `left` does to the column; `read` turns the value as GraphQL gives it into a parameter.
 */
export function comparisons<Value>(
  left: string,
  type: string,
  options: { right?: (sql: string) => string; read?: (value: Value) => unknown } = {},
) {
  const { right = (sql) => sql, read = (value) => value } = options;
  const compare = (operator: string) => (value: Value, at: Place) =>
    `${left} ${operator} ${right(`${at(read(value))}::${type}`)}`;
  return {
    eq: compare('='),
    ne: compare('<>'),
    in: (values: Value[], at: Place) =>
      `${left} IN (SELECT ${right('v')} FROM unnest(${at(values.map(read))}::${type}[]) v)`,
    gt: compare('>'),
    gte: compare('>='),
    lt: compare('<'),
    lte: compare('<='),
    isNull: (wanted: boolean) => `${left} IS ${wanted ? '' : 'NOT '}NULL`,
  } satisfies Comparisons;
}

/**
 * The form in which texts compare without regard to case and to how an accent is composed. Both sides go through it in
 * the database, so that one authority decides. There and back, for a Σ has two lower cases.
 */
export const folded = (sql: string): string => `lower(upper(normalize(${sql}))) COLLATE "C"`;

/**
 * A text column, or `left`, a column that has it in that form. `strpos` and `starts_with` know no wildcards, so none has to be
 * escaped.
 */
export function textComparisons(column: string, left = folded(column)) {
  return {
    ...comparisons<string>(left, 'text', { right: folded }),
    contains: (value: string, at: Place) => `strpos(${left}, ${folded(`${at(value)}::text`)}) > 0`,
    startsWith: (value: string, at: Place) => `starts_with(${left}, ${folded(`${at(value)}::text`)})`,
    isNull: (wanted: boolean) => `${column} IS ${wanted ? '' : 'NOT '}NULL`,
  } satisfies Comparisons;
}
