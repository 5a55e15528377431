import type { SnapshotBody } from '../../snapshot/snapshot-body.js';

type BirthDate = SnapshotBody['birthDate'];

/** One part of a birthday with at least `digits` digits; zeros where it is not known (G10–G12, A48). */
export function birthPart(
  { birthDate }: { birthDate: BirthDate },
  part: 'year' | 'month' | 'day',
  digits: number,
): string {
  return String(birthDate?.[part] ?? 0).padStart(digits, '0');
}

/**
 * Age in whole years on a day (YYYY-MM-DD); blank unless the birthday is known in all its parts and has come. Born on
 * 29 February, one grows older on 1 March of the years that lack it.
 */
export function ageOn(today: string, birthDate: BirthDate): string {
  if (!birthDate?.year || !birthDate.month || !birthDate.day) return '';
  const [year, month, day] = today.split('-').map(Number) as [number, number, number];
  const hadBirthday = month > birthDate.month || (month === birthDate.month && day >= birthDate.day);
  const age = year - birthDate.year - (hadBirthday ? 0 : 1);
  return age < 0 ? '' : String(age);
}
