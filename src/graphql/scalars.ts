import { GraphQLError, GraphQLScalarType, Kind, valueFromASTUntyped, type ValueNode } from 'graphql';
import { GraphQLDateTime } from 'graphql-scalars';

/** RFC 3339, as a JavaScript Date. */
export const DateTime = GraphQLDateTime;

function text(name: string, shape: RegExp, example: string) {
  const parse = (value: unknown, node?: ValueNode): string => {
    if (typeof value === 'string' && shape.test(value)) return value;
    const place = node ? { nodes: node } : {}; // of a variable, graphql-js tells it
    throw new GraphQLError(`${name} must be a text such as "${example}"`, {
      ...place,
      extensions: { code: 'BAD_USER_INPUT' },
    });
  };
  return {
    serialize: (value: unknown) => String(value),
    parseValue: (value: unknown) => parse(value),
    parseLiteral: (node: ValueNode) => parse(node.kind === Kind.STRING ? node.value : null, node),
  };
}

export const CalendarDate = new GraphQLScalarType({
  name: 'Date',
  description: 'A calendar date without a time zone: YYYY-MM-DD.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc3339',
  ...text('Date', /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/, '2026-05-17'),
});

const decimal = text('Decimal', /^-?\d{1,14}(\.\d{1,10})?$/, '1234.50');
export const Decimal = new GraphQLScalarType({
  name: 'Decimal',
  description:
    'An exact decimal number as a text, with a dot and no thousands separator: "1234.50". Up to 14 digits before the dot.',
  ...decimal,
});

export const Loose = new GraphQLScalarType({
  name: 'Loose',
  description:
    'Any JSON value. Rows of a bulk call are made of these and judged row by row, so that one bad value never refuses a whole batch.',
  serialize: (value) => value,
  parseValue: (value) => value,
  parseLiteral: (node, variables) => valueFromASTUntyped(node, variables),
});
