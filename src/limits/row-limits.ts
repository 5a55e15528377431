import { getNullableType, isInputObjectType, type GraphQLInputType } from 'graphql';

/** Rows of bulk calls: there may be many of them. What the first two hold is judged row by row, whatever it is. */
const looseRows = new Set(['CustomerRowInput', 'CustomerUpdateRowInput']);
const typedRows = new Set(['OrderInput', 'BookingInput']);

export const areLooseRows = (item: GraphQLInputType): boolean => looseRows.has(nameOf(item));

export const areRows = (item: GraphQLInputType): boolean => areLooseRows(item) || typedRows.has(nameOf(item));

function nameOf(given: GraphQLInputType): string {
  const type = getNullableType(given);
  return isInputObjectType(type) ? type.name : '';
}
