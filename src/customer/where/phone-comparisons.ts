import { toE164 } from '../../format/phone.js';
import { textComparisons, type Comparisons, type Place } from './comparisons.js';

/**
 * A telephone number as given, or its E.164 form: what holds for either holds (A19). A local number has no E.164 form,
 * for nobody says whose country is meant; a part of a number is compared by its digits.
 */
export function phoneComparisons(column: string) {
  const given = textComparisons(column);
  const e164 = `${column}_e164`;
  const eq = (value: string, at: Place) => `(${given.eq(value, at)} OR ${e164} = ${at(toE164(value, null))}::text)`;
  return {
    ...given,
    eq,
    ne: (value: string, at: Place) => `(${column} IS NOT NULL AND ${eq(value, at)} IS NOT TRUE)`,
    in: (values: string[], at: Place) =>
      `(${given.in(values, at)} OR ${e164} = ANY (${at(values.map((value) => toE164(value, null)))}::text[]))`,
    contains: (value: string, at: Place) =>
      `(${given.contains(value, at)} OR strpos(${e164}, ${at(digitsOf(value))}::text) > 0)`,
    startsWith: (value: string, at: Place) =>
      `(${given.startsWith(value, at)} OR starts_with(${e164}, ${at(digitsOf(value)?.replace(/^00/, '+'))}::text))`,
  } satisfies Comparisons;
}

/** A part of a number without what people group it with; null where nothing is left, or where it is no number. */
function digitsOf(value: string): string | null {
  const compact = value.replace(/[ \-()]/g, '');
  return /^\+?\d+$/.test(compact) ? compact : null;
}
