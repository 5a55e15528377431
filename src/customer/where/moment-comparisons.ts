import { comparisons, type Comparisons, type Place } from './comparisons.js';

/**
 * Moments compare as they are shown, to the millisecond: the database keeps microseconds. Said of the column itself, so that
 * an index on it serves.
 */
export function momentComparisons(column: string) {
  const compare = (operator: string, value: Date, at: Place) => `${column} ${operator} ${at(value)}::timestamptz`;
  const eq = (value: Date, at: Place) => `${compare('>=', value, at)} AND ${compare('<', next(value), at)}`;
  return {
    eq,
    ne: (value: Date, at: Place) => `(${compare('<', value, at)} OR ${compare('>=', next(value), at)})`,
    in: (values: Date[], at: Place) =>
      values.length === 0 ? 'FALSE' : `(${values.map((value) => `(${eq(value, at)})`).join(' OR ')})`,
    gt: (value: Date, at: Place) => compare('>=', next(value), at),
    gte: (value: Date, at: Place) => compare('>=', value, at),
    lt: (value: Date, at: Place) => compare('<', value, at),
    lte: (value: Date, at: Place) => compare('<', next(value), at),
    isNull: comparisons(column, 'timestamptz').isNull,
  } satisfies Comparisons;
}

/** The millisecond after it. */
const next = (moment: Date): Date => new Date(moment.getTime() + 1);
