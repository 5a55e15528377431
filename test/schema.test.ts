import { readFileSync } from 'node:fs';
import { isEnumType, isInputObjectType, isObjectType, validateSchema, type GraphQLSchema } from 'graphql';
import { beforeAll, expect, test } from 'vitest';
import { createSchema, schemaText } from '../src/schema.js';

/** What the contract promises of the present schema: `field(argument: Type, …): Type`, in the contract's words. */
const promised: Record<string, string> = {
  Query: `viewer: Viewer! owner: Owner! customer(by: CustomerIdentifierInput!): Customer
    customers(first: Int, after: String, last: Int, before: String, where: CustomerWhereInput): CustomerConnection!
    externalSystems: [ExternalSystem!]! tags: [Tag!]! customerEvents(after: String, first: Int): CustomerEventConnection!
    webhookEndpoints: [WebhookEndpoint!]! guestFeeds: [GuestFeed!]! explainGuestFeed(feedId: ID!, bookingNumber: String!): GuestFeedExplanation!
    deliveries(endpointId: ID, customerId: ID, state: DeliveryState, first: Int, after: String): DeliveryConnection!`,
  Mutation: `createCustomer(input: CreateCustomerInput!): CustomerPayload!
    updateCustomer(by: CustomerIdentifierInput!, input: UpdateCustomerInput!, expectedVersion: Int): CustomerPayload!
    bulkInsertCustomers(input: BulkInsertCustomersInput!): BulkInsertCustomersPayload!
    createContactInfo(customer: CustomerIdentifierInput!, input: ContactInfoInput!): ContactInfoPayload!
    updateContactInfo(id: ID!, input: ContactInfoInput!): ContactInfoPayload! deleteContactInfo(id: ID!): DeletePayload!
    linkExternalSystem(customer: CustomerIdentifierInput!, reference: ExternalReferenceInput!): CustomerPayload!
    unlinkExternalSystem(customer: CustomerIdentifierInput!, system: String!): CustomerPayload!
    setMarketingConsent(customer: CustomerIdentifierInput!, input: ConsentInput!): CustomerPayload!
    setVatStatus(customer: CustomerIdentifierInput!, status: VatStatus!): CustomerPayload!
    setCustomerExcluded(customer: CustomerIdentifierInput!, excluded: Boolean!): CustomerPayload!
    createTag(name: String!): TagPayload! tagCustomers(tagId: ID!, customerIds: [ID!]!): TagCustomersPayload!
    untagCustomers(tagId: ID!, customerIds: [ID!]!): TagCustomersPayload!
    recordOrders(input: RecordOrdersInput!): RecordOrdersPayload! recordBookings(input: RecordBookingsInput!): RecordBookingsPayload!
    deleteBooking(number: String!): DeletePayload! createWebhookEndpoint(input: WebhookEndpointInput!): WebhookEndpointPayload!
    updateWebhookEndpoint(id: ID!, input: WebhookEndpointInput!): WebhookEndpointPayload!
    deleteWebhookEndpoint(id: ID!): DeletePayload! rotateWebhookSecret(id: ID!): WebhookEndpointPayload!
    sendTestWebhook(id: ID!, customer: CustomerIdentifierInput): Delivery! createGuestFeed(input: GuestFeedInput!): GuestFeedPayload!
    updateGuestFeed(id: ID!, input: GuestFeedInput!): GuestFeedPayload! runGuestFeed(id: ID!): GuestFeedRun! createOwner(input: OwnerInput!): OwnerPayload!
    updateOwner(input: OwnerInput!): OwnerPayload! createApiKey(input: ApiKeyInput!): ApiKeyPayload! revokeApiKey(id: ID!): DeletePayload!`,
  Subscription: `customerSnapshots(after: String, customers: [ID!], reasons: [EventReason!]): CustomerEvent!`,
  UserError: `code: String! field: String message: String! existingId: ID`,
  Customer: `id: ID! code: String! type: CustomerType! version: Int! name: String! firstName: String lastName: String
    corporateName: String sex: Sex! birthDate: PartialDate email: String mobile: String telephone: String fax: String address: String
    postalCode: String city: String country: String language: String currency: String vatNumber: String taxCode: String
    vatStatus: VatStatus! excluded: Boolean! contactInfos: [ContactInfo!]! externalReferences: [ExternalReference!]! tags: [Tag!]!
    consents: [Consent!]! orders(first: Int, after: String): OrderConnection! bookings(first: Int, after: String): BookingConnection!
    users: [CustomerUser!]! snapshot: CustomerSnapshot! createdAt: DateTime! updatedAt: DateTime!`,
  CustomerSnapshot: `customerId: ID! code: String! version: Int! computedAt: DateTime! name: String! firstName: String! lastName: String!
    sex: Sex! birthDate: PartialDate email: String mobile: String postalCode: String ordersTotalCount: Int! ordersTotalValue: Decimal!
    ordersTotalValueExVat: Decimal! currency: String! ordersLastDate: Date lastBooking: SnapshotBooking nextBooking: SnapshotBooking
    acceptsMarketingEmail: Boolean! acceptsMarketingSms: Boolean! tags: [SnapshotTag!]!`,
  SnapshotBooking: `bookingId: ID! date: Date! startsAt: DateTime! service: String!`,
  SnapshotTag: `id: ID! name: String! value: Boolean!`,
  CustomerEvent: `cursor: String! customerId: ID! version: Int! reasons: [EventReason!]! occurredAt: DateTime! origin: String
    snapshot: CustomerSnapshot`,
  BulkInsertCustomersPayload: `dryRun: Boolean! results: [BulkInsertResult!]! errors: [BulkInsertError!]! counts: BulkCounts!
    userErrors: [UserError!]!`,
  BulkInsertError: `index: Int! errors: [String!]! details: [UserError!]!`,
  ApiKeyPayload: `apiKey: ApiKey key: String userErrors: [UserError!]!`,
  Booking: `id: ID! number: String! service: String! startsAt: DateTime! endsAt: DateTime! status: BookingStatus! notify: Boolean!
    checkedOutAt: DateTime deletedAt: DateTime history: [BookingHistoryEntry!]!`,
  WebhookEndpointPayload: `webhookEndpoint: WebhookEndpoint secret: String userErrors: [UserError!]!`,
  Delivery: `id: ID! endpointId: ID! customerId: ID version: Int webhookId: String! attempt: Int! state: DeliveryState! at: DateTime!
    durationMs: Int status: Int error: String responseHead: String`,
  GuestFeed: `id: ID! kind: GuestFeedKind! name: String! baseUrl: String! schedule: String! active: Boolean! stoppedReason: String
    lookBackDays: Int! nextRunAt: DateTime runs(first: Int): [GuestFeedRun!]!`,
  GuestFeedInput: `kind: GuestFeedKind name: String! baseUrl: String! hotelId: String! accessKey: String! schedule: String active: Boolean
    lookBackDays: Int`,
  GuestFeedPayload: `guestFeed: GuestFeed userErrors: [UserError!]!`,
  GuestFeedRun: `id: ID! startedAt: DateTime! finishedAt: DateTime sent: Int! failed: Int! skipped: Int! stopped: Boolean! reason: String`,
  GuestFeedExplanation: `willSend: Boolean! rules: [RuleVerdict!]! lastAttempt: GuestFeedAttempt nextRunAt: DateTime`,
  RuleVerdict: `rule: String! value: String! holds: Boolean!`,
  CustomerConnection: `edges: [CustomerEdge!]! nodes: [Customer!]! pageInfo: PageInfo! totalCount: Int!`,
  CustomerIdentifierInput: `id: ID code: String external: ExternalReferenceInput`,
  ExternalReferenceInput: `system: String! identifier: String!`,
  CustomerWhereInput: `and: [CustomerWhereInput!] or: [CustomerWhereInput!] not: CustomerWhereInput name: TextFilterInput
    version: IntFilterInput createdAt: DateTimeFilterInput creditCard: BooleanFilterInput sex: SexFilterInput
    externalReference: ExternalReferenceInput tag: TagIdentifierInput acceptsMarketingEmail: Boolean acceptsMarketingSms: Boolean
    contactInfo: String`,
  TextFilterInput: `eq: String ne: String in: [String!] contains: String startsWith: String gt: String gte: String lt: String
    lte: String isNull: Boolean`,
  BulkInsertCustomersInput: `ownerCode: String! dryRun: Boolean profile: ImportProfile errorPolicy: ErrorPolicy idempotencyKey: String
    customers: [CustomerRowInput!]!`,
  OwnerInput: `code: String! name: String timeZone: String currency: String language: String enabledVatStatuses: [VatStatus!]
    notifyNewBookings: Boolean guestFeedsActive: Boolean`,
  ApiKeyInput: `name: String! owners: [String!]! scopes: [String!]! expiresAt: DateTime`,
  PartialDateInput: `year: Int month: Int day: Int`,
  ContactInfoInput: `kind: ContactInfoKind! purpose: ContactInfoPurpose label: String value: String address: PostalAddressInput`,
  ConsentInput: `channel: MarketingChannel! accepted: Boolean! source: String occurredAt: DateTime evidence: String`,
  RecordOrdersInput: `ownerCode: String! dryRun: Boolean errorPolicy: ErrorPolicy idempotencyKey: String orders: [OrderInput!]!`,
  OrderInput: `customer: CustomerIdentifierInput! channel: OrderChannel! kind: OrderKind! number: String! status: OrderStatus paid: Boolean
    orderedAt: DateTime! currency: String exchangeRate: Decimal totalValue: Decimal totalValueExVat: Decimal lines: [OrderLineInput!]`,
  OrderLineInput: `description: String quantity: Decimal! unitPrice: Decimal! vatRate: Decimal!`,
  RecordBookingsInput: `ownerCode: String! dryRun: Boolean errorPolicy: ErrorPolicy idempotencyKey: String bookings: [BookingInput!]!`,
  BookingInput: `customer: CustomerIdentifierInput! number: String! service: String! startsAt: DateTime! endsAt: DateTime!
    status: BookingStatus language: String notify: Boolean checkedOutAt: DateTime`,
  WebhookEndpointInput: `url: String! method: String contentType: String headers: [HeaderInput!] reasons: [EventReason!] mode: DeliveryMode
    active: Boolean`,
  CreateCustomerInput: `birthDate: PartialDateInput tags: [String!] externalReferences: [ExternalReferenceInput!]
    acceptsMarketingEmail: Boolean acceptsMarketingSms: Boolean vatStatus: VatStatus sex: Sex type: CustomerType`,
};

const enums: Record<string, string> = {
  CustomerType: 'PERSON COMPANY',
  Sex: 'UNKNOWN MALE FEMALE NOT_APPLICABLE',
  ContactInfoKind: 'EMAIL PHONE MOBILE FAX POSTAL_ADDRESS',
  ContactInfoPurpose: 'GENERAL BILLING DELIVERY ACCOUNTING CERTIFIED_EMAIL EMERGENCY',
  MarketingChannel: 'EMAIL SMS',
  OrderChannel: 'POS ONLINE',
  OrderKind: 'RECEIPT INVOICE CREDIT_NOTE ONLINE_ORDER',
  OrderStatus: 'UNPROCESSED PROCESSED CANCELLED',
  BookingStatus: 'BOOKED CONFIRMED CHECKED_IN CHECKED_OUT CANCELLED NO_SHOW',
  ErrorPolicy: 'REJECT_FAILED_ROWS REJECT_EVERYTHING',
  ImportProfile: 'STANDARD PARTNER',
  EventReason: 'CREATED UPDATED CONSENT TAG ORDER BOOKING CLOCK MERGED EXCLUDED INCLUDED ERASED',
  DeliveryMode: 'EVERY LATEST',
  GuestFeedKind: 'CUSTOMER_ALLIANCE',
  DeliveryState: 'SUCCEEDED FAILED RETRYING DEAD',
  VatStatus: 'DOMESTIC CONSTRUCTION_REVERSE EU_GOODS EU_SERVICES EU_NOT_INTRA_COMMUNITY EU_TRIANGULATION OUTSIDE_EU',
};

/** Fields of a row that is judged row by row: all of them Loose, or lists or objects of such. */
const rowFields = `code name type firstName lastName corporateName sex birthDate email mobile telephone fax address postalCode city country
  language currency vatNumber vatStatus taxCode bookingOnline blockedInDeadline creditCard forceContextualPayment customerHomepage
  paymentDate prepaymentDays markupHotelsWeb markupCarsWeb markupTransfersWeb markupToursWeb markupGenericServicesWeb sdiCode
  accountingCode accountingEmail certifiedEmail emergencyNumber adminUser externalReferences tags acceptsMarketingEmail acceptsMarketingSms`;

let schema: GraphQLSchema;
beforeAll(async () => {
  schema = await createSchema();
});

test('api 7: schema.graphql is what the code gives: npm run schema', async () => {
  expect(readFileSync('schema.graphql', 'utf8')).toBe(await schemaText());
});

test('api 3: the schema is one by the rules of GraphQL: building it does not look', () => {
  expect(validateSchema(schema)).toEqual([]);
});

test.each(Object.entries(promised))('api 3: %s has every promised field, argument and type', (name, text) => {
  const has = Object.values(fieldsOf(name));
  for (const field of text.replace(/\s+/g, ' ').split(/ (?=\w+(?:\([^)]*\))?: )(?![^(]*\))/)) {
    const [, fieldName, args = '', type] = /^(\w+)(?:\((.*)\))?: (.+)$/.exec(field.trim())!;
    const found = has.find((other) => other.name === fieldName);
    expect(found?.type, `${name}.${fieldName}`).toBe(type);
    for (const arg of args.split(', ').filter(Boolean)) expect(found!.args, `${name}.${fieldName}`).toContain(arg);
  }
});

test.each(Object.entries(enums))('api 3: the values of %s', (name, values) => {
  const type = schema.getType(name);
  const has = isEnumType(type) ? type.getValues().map((value) => value.name) : [];
  expect(has.sort()).toEqual(values.split(' ').sort());
});

test('api 3: a row of a bulk call has the promised fields, none of which can refuse the whole call', () => {
  const fields = Object.values(fieldsOf('CustomerRowInput'));
  expect(fields.map((field) => field.name).sort()).toEqual(expect.arrayContaining(rowFields.split(/\s+/).sort()));
  const strict = fields.filter(({ type }) => {
    const name = type.replace(/[[\]!]/g, '');
    return name !== 'Loose' && fieldsOf(name).some((inner) => inner.type !== 'Loose');
  });
  expect(strict).toEqual([]);
});

test('api 3: a customer is named by exactly one of its identifiers', () => {
  const type = schema.getType('CustomerIdentifierInput');
  expect(isInputObjectType(type) && type.isOneOf).toBe(true);
});

test('api 3: no type of the schema holds a password, a hash or a sealed value', () => {
  const leaks = Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .flatMap((type) => Object.keys(type.getFields()).map((field) => `${type.name}.${field}`))
    .filter((name) => /password|hash|sealed/i.test(name));
  expect(leaks).toEqual([]);
});

function fieldsOf(name: string): { name: string; type: string; args: string[] }[] {
  const type = schema.getType(name);
  if (isInputObjectType(type))
    return Object.values(type.getFields()).map((field) => ({ name: field.name, type: String(field.type), args: [] }));
  if (!isObjectType(type)) throw new Error(`the schema has no type ${name}`);
  return Object.values(type.getFields()).map((field) => ({
    name: field.name,
    type: String(field.type),
    args: field.args.map((arg) => `${arg.name}: ${String(arg.type)}`),
  }));
}
