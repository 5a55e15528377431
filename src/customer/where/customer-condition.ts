import { Refusal } from '../../errors.js';
import type { Place } from './comparisons.js';
import { customerCriteria, type Criterion, type CustomerWhere } from './customer-criteria.js';
import type { Operator } from './filter-inputs.js';

const mostCriteria = 50;
const deepest = 5;
const longestList = 1_000;

/**
 * The condition of a statement whose customers are `c` (`listedFrom`) and whose owner is $1, for a tree of criteria (T11, A46); its values are appended to
 * `parameters`. SQL's third value stands only where false would as well: AND and OR of it are not true either, and the
 * negation is `IS NOT TRUE`. So a criterion at the top can still use an index, which `(…) IS TRUE` could not.
 * @throws Refusal BAD_USER_INPUT with the place: beyond the limits, null, a text that no database holds
 */
export function customerCondition(where: CustomerWhere | null | undefined, parameters: unknown[]): string {
  let criteria = 0;
  const demandFew = () => {
    if (++criteria > mostCriteria) refuse('where', `at most ${mostCriteria} criteria`);
  };
  const holds = (tree: CustomerWhere, path: string, depth: number): string => {
    if (depth > deepest) refuse(path, `and, or and not nest at most ${deepest} deep`);
    return every(given(tree, path).map(([name, value]) => part(name, value, `${path}.${name}`, depth)));
  };
  const part = (name: string, value: unknown, path: string, depth: number): string => {
    if (!isConnective(name)) return criterion(customerCriteria[name as keyof typeof customerCriteria], value, path);
    const list = Array.isArray(value);
    const trees = (list ? value : [value]) as CustomerWhere[];
    return connectives[name](trees.map((tree, i) => holds(tree, list ? `${path}.${i}` : path, depth + 1)));
  };
  const criterion = ({ condition, operators, check }: Criterion<never>, value: unknown, path: string): string => {
    const at =
      (place: string): Place =>
      (v) =>
        `$${parameters.push(storable(v, place))}`;
    if (condition) {
      demandFew();
      return `(${condition(value as never, at(path))})`;
    }
    return every(
      given(value as object, path).map(([operator, operand]) => {
        demandFew();
        const place = `${path}.${operator}`;
        demandShort(operand, place);
        for (const one of [operand].flat()) {
          const wrong = check?.(one);
          if (wrong) refuse(place, wrong);
        }
        return `(${operators![operator as Operator]!(operand as never, at(place))})`;
      }),
    );
  };
  return where ? holds(where, 'where', 0) : always;
}

const always = 'TRUE';
const never = 'FALSE';

/** What stands in an object of the input. Null would mean "no value" to one reader and "not asked" to another. */
function given(input: object, path: string): [string, unknown][] {
  const entries = Object.entries(input).filter(([, value]) => value !== undefined);
  for (const [name, value] of entries)
    if (value === null) refuse(`${path}.${name}`, 'null is no criterion: leave it out, or ask isNull');
  return entries;
}

const connectives = {
  and: every,
  or: (parts: string[]): string => (parts.length === 0 ? never : `(${parts.join(' OR ')})`),
  not: ([part]: string[]): string => `(${part} IS NOT TRUE)`,
};

const isConnective = (name: string): name is keyof typeof connectives => name in connectives;

/** No part is left out, be it as clear as FALSE: each holds a place of a parameter. */
function every(parts: string[]): string {
  return parts.length === 0 ? always : `(${parts.join(' AND ')})`;
}

function demandShort(operand: unknown, path: string): void {
  if (Array.isArray(operand) && operand.length > longestList) refuse(path, `at most ${longestList} values`);
}

function storable(value: unknown, path: string): unknown {
  for (const text of Array.isArray(value) ? (value as unknown[]) : [value])
    if (typeof text === 'string' && unstorable.test(text)) refuse(path, 'this is not a text');
  return value;
}

/** NUL, which PostgreSQL refuses, and half a surrogate pair, which would silently become another character. */
const unstorable = /[\0\p{Cs}]/u;

function refuse(path: string, message: string): never {
  throw new Refusal('BAD_USER_INPUT', `${path}: ${message}`);
}
