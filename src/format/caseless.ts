/**
 * The form in which texts are compared where case does not count: codes, logins, names of tags. Stored in a column of
 * its own (`code_key`, `login_key`, `name_key`), for two reasons: JavaScript and PostgreSQL disagree on the lower case
 * of İ, ẞ and a final Σ, so one of them must decide alone; and `lower()` is not leakproof, so that under row-level
 * security an index on it would never be used (measured: 25 ms for each look-up among 300 customers, now 0.1 ms).
 */
export function caselessKey(text: string): string {
  // there and back: ẞ alone goes to ß, which goes to SS
  return text.trim().normalize('NFC').toLowerCase().toUpperCase().toLowerCase();
}
