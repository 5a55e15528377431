/**
 * Of a full name what stands between the first and the last name (G33). Names that were stored apart count as they were
 * given, be they of several words; where the full name does not begin and end with them, nothing can be told: blank.
 */
export function middleNames({ name, firstName, lastName }: Names): string {
  const full = name.trim();
  const [first, last] = [firstName.trim(), lastName.trim()];
  if (first === '' || last === '' || !full.startsWith(first) || !full.endsWith(last)) return '';
  if (full.length <= first.length + last.length) return '';
  const between = full.slice(first.length, full.length - last.length);
  return /^\s/.test(between) && /\s$/.test(between) ? between.trim() : '';
}

interface Names {
  name: string;
  firstName: string;
  lastName: string;
}
