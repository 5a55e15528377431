import type { Operator } from '../../src/customer/where/filter-inputs.js';
import type { CriterionName } from '../../src/customer/where/served.js';
import { Sex } from '../../src/customer/customer-enums.js';
import type { TestOwner } from '../hub.js';
import { rowsOf, searchSchema } from './where-desk.js';
import { shownValue } from './where-model.js';

/** What a customer has in each field that can be asked for, as criteria take it; null: nothing. */
export async function markedValues(owner: TestOwner, id: number): Promise<Record<string, unknown>> {
  const { shown, operators } = await searchSchema();
  const [row] = await rowsOf(owner, shown, { id: { eq: String(id) } });
  const values = Object.fromEntries([...operators.keys()].map((field) => [field, shownValue(row!, field)]));
  return { ...values, sex: Sex[values.sex as keyof typeof Sex], excluded: true };
}

/** Criteria that are one condition, for the few that `manyCustomers` makes. */
export const wholeValues: Partial<Record<CriterionName, unknown>> = {
  externalReference: { system: '6', identifier: `W${(77_000 * 7919) % 99_999_989}` },
  externalSystem: '6',
  tag: { name: 'rare' },
  acceptsMarketingEmail: true,
  acceptsMarketingSms: true,
  contactInfo: 'INFO77000@y.example',
};

/**
 * An operand that holds for few: the value or most of it, or what nobody is beyond. Or for many: what all are beyond, or whether
 * there is a value, as with `usual`, the value of most.
 */
export function operandOf(operator: Operator, value: unknown, usual: unknown, few: boolean): unknown {
  if (value === null || value === undefined) throw new Error(`the customer has no value for ${operator}`);
  if (operator === 'isNull') return usual === null;
  const moment = typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value);
  const typed = moment ? new Date(value) : value;
  if (operator === 'in') return [typed];
  if (operator === 'contains') return (value as string).slice(1);
  const [least, most] = beyond(value, moment);
  if (operator === 'gt' || operator === 'gte') return few ? most : least;
  if (operator === 'lt' || operator === 'lte') return few ? least : most;
  return typed;
}

function beyond(value: unknown, moment: boolean): [least: unknown, most: unknown] {
  if (moment) return [new Date('1990-01-01'), new Date('2200-01-01')];
  if (typeof value === 'number') return [-1, 100_000];
  if (/^\d{4}-\d\d-\d\d$/.test(value as string)) return ['1990-01-01', '2200-01-01'];
  if (/^\d+\.\d+$/.test(value as string)) return ['-1', '99999999'];
  return ['', '\u{10ffff}'];
}
