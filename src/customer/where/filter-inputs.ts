import { Field, ID, InputType, Int, type ClassType } from 'type-graphql';
import { CalendarDate, DateTime, Decimal } from '../../graphql/scalars.js';
import { CustomerType, NumberCheck, Sex, VatStatus } from '../customer-enums.js';

/** What a filter may say about a value. An operator that is left out says nothing; those that are given must all hold. */
export interface Filter<Value> {
  eq?: Value;
  ne?: Value;
  in?: Value[];
  contains?: Value;
  startsWith?: Value;
  gt?: Value;
  gte?: Value;
  lt?: Value;
  lte?: Value;
  isNull?: boolean;
}

export type Operator = keyof Filter<unknown>;

const meanings: Record<Operator, string> = {
  eq: 'Is this.',
  ne: 'There is a value, and it is another one.',
  in: 'Is one of these, up to 1,000; none given: never holds.',
  contains: 'Has this somewhere in it, to the letter: no character stands for others.',
  startsWith: 'Begins with this, to the letter.',
  gt: 'Comes after this.',
  gte: 'Is this or comes after it.',
  lt: 'Comes before this.',
  lte: 'Is this or comes before it.',
  isNull: 'true: there is no value; false: there is one. No other criterion holds where there is none.',
};

const equality = ['eq', 'ne', 'in'] as const;
const order = ['gt', 'gte', 'lt', 'lte'] as const;

export const TextFilterInput = filterInput(
  'Text',
  () => String,
  [...equality, 'contains', 'startsWith', ...order, 'isNull'],
  'Texts compare without regard to case, e-mail addresses and names as well as all others; their order is that of the code points. A telephone number is also found by its E.164 form: "+45 70 27 16 99" finds "70271699" of a Danish customer.',
);
export const IntFilterInput = filterInput('Int', () => Int, [...equality, ...order, 'isNull'], 'Criteria of a number.');
export const DateTimeFilterInput = filterInput(
  'DateTime',
  () => DateTime,
  [...equality, ...order, 'isNull'],
  'Criteria of a moment, exact to the millisecond.',
);
export const DateFilterInput = filterInput(
  'Date',
  () => CalendarDate,
  [...equality, ...order, 'isNull'],
  'Criteria of a calendar date.',
);
export const DecimalFilterInput = filterInput(
  'Decimal',
  () => Decimal,
  [...equality, ...order],
  'Criteria of an exact number: 10 is 10.00.',
);
export const BooleanFilterInput = filterInput(
  'Boolean',
  () => Boolean,
  ['eq', 'ne', 'isNull'],
  'Criteria of a switch.',
);
export const IdFilterInput = filterInput(
  'Id',
  () => ID,
  equality,
  "Criteria of an id. A text that is no id is nobody's.",
);
export const CustomerTypeFilterInput = enumFilterInput('CustomerType', CustomerType);
export const SexFilterInput = enumFilterInput('Sex', Sex);
export const VatStatusFilterInput = enumFilterInput('VatStatus', VatStatus);
export const NumberCheckFilterInput = enumFilterInput('NumberCheck', NumberCheck);

function enumFilterInput(name: string, values: object): ClassType {
  return filterInput(name, () => values, equality, `Criteria of a ${name}.`);
}

/** The input type `<name>FilterInput` with the operators that make sense for its kind of value. */
function filterInput(
  name: string,
  value: () => object,
  operators: readonly Operator[],
  description: string,
): ClassType {
  @InputType(`${name}FilterInput`, { description })
  class FilterInput {}

  for (const operator of operators)
    Field(() => typeOf(operator, value()), { nullable: true, description: meanings[operator] })(
      FilterInput.prototype,
      operator,
    );
  return FilterInput;
}

function typeOf(operator: Operator, value: object): object {
  return operator === 'isNull' ? Boolean : operator === 'in' ? [value] : value;
}
