import { type Problem, type ProblemCode, problem } from '../errors.js';

/** `missing <field>` (N42). */
export function missing(field: string): Problem {
  return problem('REQUIRED', field, `missing ${field}`);
}

/** `invalid <field>`, for a closed set also ` (valid values: a, b, …)` (N42). Repeats no value: it may be secret. */
export function invalid(field: string, code: ProblemCode = 'INVALID', validValues?: readonly string[]): Problem {
  const hint = validValues ? ` (valid values: ${validValues.join(', ')})` : '';
  return problem(code, field, `invalid ${field}${hint}`);
}
