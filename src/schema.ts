import 'reflect-metadata';
import { GraphQLInputObjectType, lexicographicSortSchema, printSchema, type GraphQLSchema } from 'graphql';
import { buildSchema, type NonEmptyArray, type PubSub } from 'type-graphql';
import { ApiKeyResolver } from './access/api-key.resolver.js';
import { ViewerResolver } from './access/viewer.resolver.js';
import { AuditEntryConnectionResolver, AuditLogResolver } from './audit/audit-log.resolver.js';
import { nameDeeds } from './audit/name-deeds.js';
import { BookingConnectionResolver, CustomerBookingsResolver } from './booking/customer-bookings.resolver.js';
import { BookingResolver } from './booking/booking.resolver.js';
import { BulkInsertResolver } from './bulk/bulk-insert.resolver.js';
import { BulkUpdateResolver } from './bulk/bulk-update.resolver.js';
import { ContactInfoResolver } from './customer/contact-info.resolver.js';
import { CustomerEdgesResolver } from './customer/customer-edges.resolver.js';
import { CustomerConnectionResolver, CustomerResolver } from './customer/customer.resolver.js';
import { ExternalSystemResolver } from './external-system/external-system.resolver.js';
import { FeedResolver } from './feed/feed.resolver.js';
import { GuestFeedResolver } from './guest-feed/guest-feed.resolver.js';
import { BulkOperationConnectionResolver, BulkOperationResolver } from './import/bulk-operation.resolver.js';
import { DateTime } from './graphql/scalars.js';
import { CustomerOrdersResolver, OrderConnectionResolver } from './order/customer-orders.resolver.js';
import { OrderResolver } from './order/order.resolver.js';
import { OwnerResolver } from './owner/owner.resolver.js';
import { TagResolver } from './tag/tag.resolver.js';
import { DeadDeliveryResolver } from './webhook/dead-delivery.resolver.js';
import { DeliveryResolver } from './webhook/delivery.resolver.js';
import { EndpointFiguresResolver } from './webhook/endpoint-figures.resolver.js';
import { ExplainDeliveryResolver } from './webhook/explain-delivery.resolver.js';
import { ParkedResolver } from './webhook/parked.resolver.js';
import { ReplayResolver, WebhookReplayConnectionResolver } from './webhook/replay/replay.resolver.js';
import { WebhookEndpointResolver } from './webhook/webhook-endpoint.resolver.js';
import { WebhookPreviewResolver } from './webhook/webhook-preview.resolver.js';

/** Every class with queries, mutations, subscriptions or edges. A new one is a line here. */
// eslint-disable-next-line @typescript-eslint/no-unsafe-function-type -- TypeGraphQL's own type for classes
const resolvers: NonEmptyArray<Function> = [
  ApiKeyResolver,
  AuditEntryConnectionResolver,
  AuditLogResolver,
  BookingConnectionResolver,
  BookingResolver,
  BulkInsertResolver,
  BulkOperationConnectionResolver,
  BulkOperationResolver,
  BulkUpdateResolver,
  ContactInfoResolver,
  CustomerBookingsResolver,
  CustomerConnectionResolver,
  CustomerEdgesResolver,
  CustomerOrdersResolver,
  CustomerResolver,
  DeadDeliveryResolver,
  DeliveryResolver,
  EndpointFiguresResolver,
  ExplainDeliveryResolver,
  ExternalSystemResolver,
  FeedResolver,
  GuestFeedResolver,
  OrderConnectionResolver,
  OrderResolver,
  OwnerResolver,
  ParkedResolver,
  ReplayResolver,
  TagResolver,
  ViewerResolver,
  WebhookEndpointResolver,
  WebhookPreviewResolver,
  WebhookReplayConnectionResolver,
];

/** TypeGraphQL demands one, but subscriptions here pull from the feed: nothing is ever published in memory. */
const nobodyPublishes: PubSub = {
  publish: () => {
    throw new Error('events go through the outbox');
  },
  subscribe: () => {
    throw new Error('subscriptions read the feed');
  },
};

/** The executable schema, built from the decorators. */
export async function createSchema(): Promise<GraphQLSchema> {
  const schema = await buildSchema({
    resolvers,
    validate: false,
    // TypeGraphQL would ask for a whole introspection to find faults, each time a hub starts; Apollo asserts the schema anyway.
    skipCheck: true,
    scalarsMap: [{ type: Date, scalar: DateTime }],
    pubSub: nobodyPublishes,
  });
  // TypeGraphQL cannot say @oneOf yet; graphql-js enforces it where it is set.
  for (const identifier of ['CustomerIdentifierInput', 'TagIdentifierInput'].map((name) => schema.getType(name)))
    if (identifier instanceof GraphQLInputObjectType) identifier.isOneOf = true;
  nameDeeds(schema);
  return schema;
}

/** The schema as text, in alphabetical order: `schema.graphql`. */
export async function schemaText(): Promise<string> {
  return `${printSchema(lexicographicSortSchema(await createSchema()))}\n`;
}
