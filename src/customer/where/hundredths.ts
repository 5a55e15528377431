import type { Comparisons, Place } from './comparisons.js';

/**
 * A sum that is kept in hundredths, against a decimal that may be finer. The decimal is made whole first, so that two integers are
 * compared: their comparison is one that an index serves below row-level security.
 */
export function hundredths(column: string) {
  const exact = (value: string, at: Place) => `(${at(value)}::numeric * 100)`;
  const eq = (value: string, at: Place) => {
    const sum = exact(value, at);
    return `(${column} = ${sum}::bigint AND ${sum} = floor(${sum}))`;
  };
  const beside = (operator: string, whole: 'floor' | 'ceil') => (value: string, at: Place) =>
    `${column} ${operator} ${whole}(${exact(value, at)})::bigint`;
  return {
    eq,
    ne: (value: string, at: Place) => `NOT ${eq(value, at)}`,
    in: (values: string[], at: Place) =>
      `${column} IN (SELECT (v * 100)::bigint FROM unnest(${at(values)}::numeric[]) v WHERE v * 100 = floor(v * 100))`,
    gt: beside('>', 'floor'),
    gte: beside('>=', 'ceil'),
    lt: beside('<', 'ceil'),
    lte: beside('<=', 'floor'),
  } satisfies Comparisons;
}
