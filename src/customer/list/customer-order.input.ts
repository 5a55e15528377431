import { Field, InputType, registerEnumType } from 'type-graphql';

/** By what a list of customers can be ordered: what has an index in that order (`orderings.ts`). */
export enum CustomerOrderField {
  ID = 'ID',
  CODE = 'CODE',
  NAME = 'NAME',
  LAST_NAME = 'LAST_NAME',
  EMAIL = 'EMAIL',
  CREATED_AT = 'CREATED_AT',
  ORDERS_TOTAL_COUNT = 'ORDERS_TOTAL_COUNT',
  ORDERS_TOTAL_VALUE = 'ORDERS_TOTAL_VALUE',
  ORDERS_LAST_DATE = 'ORDERS_LAST_DATE',
  LAST_BOOKING = 'LAST_BOOKING',
  NEXT_BOOKING = 'NEXT_BOOKING',
}

export enum OrderDirection {
  ASC = 'ASC',
  DESC = 'DESC',
}

const texts = 'without regard to case, by code points';
registerEnumType(CustomerOrderField, {
  name: 'CustomerOrderField',
  description: 'By what a list of customers is ordered. For what changed last, read `customerEvents`.',
  valuesConfig: {
    ID: { description: 'As they were made.' },
    CODE: { description: `The customer number, ${texts}.` },
    NAME: { description: `The full name, ${texts}.` },
    LAST_NAME: { description: `The last name as stored, ${texts}.` },
    EMAIL: { description: `The e-mail address of the master data, ${texts}.` },
    CREATED_AT: { description: 'When the customer was made.' },
    ORDERS_TOTAL_COUNT: { description: 'As the snapshot tells it (G16).' },
    ORDERS_TOTAL_VALUE: { description: 'As the snapshot tells it (G17).' },
    ORDERS_LAST_DATE: { description: 'Day of the latest paid, not cancelled online order (G19).' },
    LAST_BOOKING: { description: 'When the last booking started (G20).' },
    NEXT_BOOKING: { description: 'When the next booking starts (G24).' },
  },
});
registerEnumType(OrderDirection, {
  name: 'OrderDirection',
  description: 'From where a list is read.',
  valuesConfig: {
    ASC: { description: 'The least, the first or the earliest at the top.' },
    DESC: { description: 'The greatest, the last or the latest at the top.' },
  },
});

@InputType({
  description:
    'The order of a list of customers. Those without a value come last in either direction; those with the same one in the direction of their ids.',
})
export class CustomerOrderInput {
  @Field(() => CustomerOrderField, { description: 'By what.' })
  field!: CustomerOrderField;

  @Field(() => OrderDirection, { defaultValue: OrderDirection.ASC, description: 'In which direction.' })
  direction!: OrderDirection;
}
