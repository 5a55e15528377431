import {
  getNamedType,
  isEnumType,
  isInputObjectType,
  isIntrospectionType,
  isObjectType,
  isScalarType,
  type GraphQLSchema,
  type GraphQLType,
} from 'graphql';
import { beforeAll, expect, test } from 'vitest';
import { createSchema } from '../../src/schema.js';

/** Names that tell all there is to tell, wherever they stand. */
const selfExplaining =
  `id code name createdAt updatedAt userErrors edges nodes node cursor pageInfo totalCount hasNextPage hasPreviousPage
  startCursor endCursor url at dryRun number customerId endpointId bookingId expiresAt revokedAt deletedAt startsAt endsAt orderedAt scopes
  foreignCode durationMs rows created updated unchanged rejected customers users counts changed year quantity paid`.split(
    /\s+/,
  );

/** Enums whose values are words of their trade, or explained all together by the type. */
const ofTheirTrade =
  `BookingStatus ContactInfoKind ContactInfoPurpose CustomerType MarketingChannel NumberCheck OrderChannel OrderKind
  OrderStatus Sex VatStatus`.split(/\s+/);

let schema: GraphQLSchema;
beforeAll(async () => {
  schema = await createSchema();
});

test('architecture 4: every operation is described: what it does, what it triggers, which scope it needs', () => {
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  const silent = roots.flatMap((root) => Object.values(root!.getFields()).filter(({ description }) => !description));
  expect(silent.map(({ name }) => name)).toEqual([]);
});

test('architecture 4: every type is described, but the roots, and connections, which their node describes', () => {
  const silent = Object.values(schema.getTypeMap()).filter(
    (type) =>
      !type.description && !isIntrospectionType(type) && !/^(Query|Mutation|Subscription)$|Connection$/.test(type.name),
  );
  expect(silent.map(({ name }) => name)).toEqual([]);
});

test('architecture 4: every field is described under its name, but those that explain themselves', () => {
  const fields = fieldsOf(schema);
  // the same name means the same wherever it stands, in what is sent and in what is answered
  const told = new Set([...selfExplaining, ...fields.filter(({ described }) => described).map(({ field }) => field)]);
  expect(fields.filter(({ field }) => !told.has(field)).map(({ type, field }) => `${type}.${field}`)).toEqual([]);
});

test('architecture 4: every value of an enum is described, but words of their trade', () => {
  const silent = Object.values(schema.getTypeMap()).filter(
    (type) =>
      isEnumType(type) && !isIntrospectionType(type) && type.getValues().some(({ description }) => !description),
  );
  expect(silent.map(({ name }) => name).filter((name) => !ofTheirTrade.includes(name))).toEqual([]);
});

function fieldsOf(of: GraphQLSchema): { type: string; field: string; described: boolean }[] {
  return Object.values(of.getTypeMap()).flatMap((type) => {
    if (isIntrospectionType(type) || !(isObjectType(type) || isInputObjectType(type))) return [];
    const fields: { name: string; description?: string | null; type: GraphQLType }[] = isObjectType(type)
      ? Object.values(type.getFields())
      : Object.values(type.getFields());
    return fields.map(({ name, description, type: fieldType }) => {
      const named = getNamedType(fieldType);
      // a field that is a described enum or object says what it is by its type
      const byType = isScalarType(named) ? null : named.description;
      return { type: type.name, field: name, described: Boolean(description) || Boolean(byType) };
    });
  });
}
