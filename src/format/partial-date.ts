import { readInteger } from './integer.js';

/** A birthday of which each part may be unknown (null) by itself (G10–G12, A48). */
export interface PartialDate {
  year: number | null;
  month: number | null;
  day: number | null;
}

/**
 * Reads `YYYY-MM-DD` with zeros for an unknown part (or Gecko's short `0-05-17`), or `{ year month day }` with
 * null or 0 for one. Null for a date that no calendar has: month 13, 31 April, 29 February 2023. 29 February without a
 * year exists. A year is 1850 to 9999: older ones are fillers such as 0001 or 1753, and what lies in the future is not
 * judged, since a rule that reads the clock would call the same row good today and bad yesterday.
 */
export function readPartialDate(given: unknown): PartialDate | null {
  const parts = typeof given === 'string' ? partsOfText(given) : partsOfObject(given);
  if (parts === null) return null;
  const [year, month, day] = parts.map((part) => (part === 0 ? null : part)) as [Part, Part, Part];
  if (year !== null && (year < 1850 || year > 9999)) return null;
  if (month !== null && (month < 1 || month > 12)) return null;
  if (day !== null && (day < 1 || day > longestMonth(year, month))) return null;
  return { year, month, day };
}

type Part = number | null;

function partsOfText(text: string): Part[] | null {
  const match = /^(\d{4}|0)-(\d{2})-(\d{2})$/.exec(text.trim());
  return match && match.slice(1).map(Number);
}

function partsOfObject(given: unknown): Part[] | null {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return null;
  const { year, month, day } = given as Record<string, unknown>;
  const parts: Part[] = [];
  for (const part of [year, month, day]) {
    const value = part === null || part === undefined || part === '' ? 0 : readInteger(part);
    if (value === null) return null;
    parts.push(value);
  }
  return parts;
}

function longestMonth(year: Part, month: Part): number {
  if (month === null) return 31;
  if (month !== 2) return [4, 6, 9, 11].includes(month) ? 30 : 31;
  const leap = year === null || (year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0));
  return leap ? 29 : 28;
}
