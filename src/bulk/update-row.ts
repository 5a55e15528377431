import type { CustomerIdentifierInput } from '../customer/customer-identifier.input.js';
import { problem, type Problem } from '../errors.js';
import { isAbsent } from '../format/text.js';
import { Fault, integer, text } from './field-checks.js';
import { invalid, missing } from './messages.js';
import { isObject } from '../format/json-object.js';
import { checkCustomerUpdateRow, type CheckedRow } from './rules.js';

/**
 * Judges one row of a bulk update, `{ by expectedVersion fields }`, by itself. Never throws, whatever the row is. A row
 * that names nobody has the problem and no target; what its fields are is told along with it (N41).
 */
export function checkUpdateRow(row: unknown): CheckedRow {
  if (!isObject(row)) return { ...checkCustomerUpdateRow({}), problems: [problem('INVALID', null, 'invalid row')] };
  const problems: Problem[] = [];
  const by = checkBy(row.by, problems);
  const expectedVersion = checkVersion(row.expectedVersion, problems);
  if (!isAbsent(row.fields) && !isObject(row.fields)) problems.push(invalid('fields'));
  const checked = checkCustomerUpdateRow(isObject(row.fields) ? row.fields : {});
  return {
    ...checked,
    adminUser: problems.length === 0 ? checked.adminUser : null,
    problems: [...problems, ...checked.problems],
    code: checked.code === '' && by?.code !== undefined ? by.code : checked.code,
    target: { by, expectedVersion },
  };
}

/** Whom a row names; null, with a problem, where that is not one customer by one key. */
function checkBy(given: unknown, problems: Problem[]): CustomerIdentifierInput | null {
  if (isAbsent(given)) {
    problems.push(missing('by'));
    return null;
  }
  const keys = isObject(given) ? ways.filter((way) => !isAbsent(given[way])) : [];
  if (!isObject(given) || keys.length !== 1) {
    problems.push(problem('INVALID', 'by', 'invalid by (exactly one of id, code, external)'));
    return null;
  }
  const [way] = keys as [(typeof ways)[number]];
  const by = way === 'external' ? externalOf(given.external) : textOf(way, given[way]);
  if (!by) problems.push(invalid(`by.${way}`));
  return by;
}

const ways = ['id', 'code', 'external'] as const;
const keyText = text(255);

/** An id or a number of a system may come as a JSON number. */
const keyOf = (given: unknown): string | null => {
  const checked = keyText(Number.isSafeInteger(given) ? String(given) : given);
  return checked instanceof Fault ? null : checked;
};

function textOf(way: 'id' | 'code', given: unknown): CustomerIdentifierInput | null {
  const key = way === 'code' && typeof given !== 'string' ? null : keyOf(given);
  return key === null ? null : { [way]: key };
}

function externalOf(given: unknown): CustomerIdentifierInput | null {
  if (!isObject(given)) return null;
  const system = keyOf(given.system);
  const identifier = typeof given.identifier === 'string' ? keyOf(given.identifier) : null;
  return system === null || identifier === null ? null : { external: { system, identifier } };
}

function checkVersion(given: unknown, problems: Problem[]): number | null {
  if (isAbsent(given)) return null;
  const version = integer(1)(given);
  if (!(version instanceof Fault)) return version;
  problems.push(invalid('expectedVersion', version.code));
  return null;
}
