import { bookingOf, orderOf } from './furnished-owner.js';
import type { Names } from './names.js';

export interface Attempt {
  /** The field of the schema that is tried. */
  field: string;
  query: string;
  variables: object;
}

const userErrors = 'userErrors { code field message existingId }';
const customerPayload = `{ customer { id } ${userErrors} }`;
const changed = `{ customerIds changed ${userErrors} }`;
const bulkUpdate = `mutation ($input: BulkUpdateCustomersInput!) { bulkUpdateCustomers(input: $input) {
  results { action customerId matchedBy changes { field before after } } errors { errors details { code field existingId existingIds } }
  counts { rows } ${userErrors} } }`;

/** A caller `me` reaches for what `names` names, by every field of the schema that takes a name of anything. */
export function attemptsOn(me: Names, names: Names): Attempt[] {
  const identifiers = [
    { id: names.customer },
    { code: names.code },
    { external: { system: 'WOOCOMMERCE', identifier: names.identifier } },
  ];
  const attempt = (field: string, query: string, variables: object = {}): Attempt => ({ field, query, variables });
  const byCustomer = (field: string, before: string, after: string, answer = customerPayload) =>
    identifiers.map((by) =>
      attempt(field, `mutation ($by: CustomerIdentifierInput!) { ${field}(${before}: $by${after}) ${answer} }`, { by }),
    );
  const byId = (field: string, id: string, after: string, answer: string) =>
    attempt(field, `mutation ($id: ID!) { ${field}(id: $id${after}) ${answer} }`, { id });
  const deleted = `{ deletedId ${userErrors} }`;
  const endpoint = `{ webhookEndpoint { id } secret ${userErrors} }`;
  const replay = `{ replay { id } ${userErrors} }`;
  const recorded = `{ results { action customerId } errors { errors details { code field message existingId } } ${userErrors} }`;
  const record = (field: string, type: string, input: object) =>
    attempt(field, `mutation ($input: ${type}!) { ${field}(input: $input) ${recorded} }`, { input });
  const tagging = (field: string, tagId: string, customerId: string) =>
    attempt(field, `mutation ($t: ID!, $c: [ID!]!) { ${field}(tagId: $t, customerIds: $c) ${changed} }`, {
      t: tagId,
      c: [customerId],
    });
  return [
    ...identifiers.map((by) =>
      attempt('customer', 'query ($by: CustomerIdentifierInput!) { customer(by: $by) { id name } }', { by }),
    ),
    ...[
      { id: { eq: names.customer } },
      { code: { eq: names.code } },
      { tag: { id: names.tag } },
      { externalReference: { system: 'WOOCOMMERCE', identifier: names.identifier } },
    ].map((where) =>
      attempt(
        'customers',
        'query ($where: CustomerWhereInput) { customers(first: 5, where: $where) { totalCount nodes { id } } }',
        { where },
      ),
    ),
    attempt(
      'customerEvents',
      'query ($c: String!) { customerEvents(first: 100, after: $c) { nodes { customerId version } } }',
      { c: names.cursor },
    ),
    attempt('deliveries', 'query ($id: ID!) { deliveries(endpointId: $id, first: 5) { totalCount nodes { id } } }', {
      id: names.endpoint,
    }),
    attempt('deliveries', 'query ($id: ID!) { deliveries(customerId: $id, first: 5) { totalCount nodes { id } } }', {
      id: names.customer,
    }),
    ...[...identifiers.map((by) => ({ by, id: me.endpoint })), { by: { id: me.customer }, id: names.endpoint }].map(
      (named) =>
        attempt(
          'previewWebhook',
          `query ($by: CustomerIdentifierInput!, $id: ID) {
           previewWebhook(template: "{}", customer: $by, endpointId: $id) { body lastBody ${userErrors} } }`,
          named,
        ),
    ),
    attempt(
      'webhookParked',
      'query ($id: ID!) { webhookParked(endpointId: $id, first: 5) { totalCount nodes { customerId } } }',
      {
        id: names.endpoint,
      },
    ),
    ...[
      { endpoint: names.endpoint, customer: me.customer },
      { endpoint: me.endpoint, customer: names.customer },
    ].map((named) =>
      attempt(
        'explainDelivery',
        'query ($endpoint: ID!, $customer: ID!) { explainDelivery(endpointId: $endpoint, customerId: $customer) { willSend } }',
        named,
      ),
    ),
    attempt(
      'auditLog',
      'query ($id: ID!) { auditLog(first: 5, filter: { customerId: $id }) { totalCount nodes { id } } }',
      {
        id: names.customer,
      },
    ),
    attempt('webhookReplay', 'query ($id: ID!) { webhookReplay(id: $id) { id } }', { id: names.replay }),
    attempt(
      'webhookReplays',
      'query ($id: ID!) { webhookReplays(endpointId: $id, first: 5) { totalCount nodes { id } } }',
      { id: names.endpoint },
    ),
    byId('cancelReplay', names.replay, '', replay),
    attempt('bulkOperation', 'query ($id: ID!) { bulkOperation(id: $id) { id } }', { id: names.bulkOperation }),
    byId('cancelBulkOperation', names.bulkOperation, '', `{ bulkOperation { id } ${userErrors} }`),
    ...[
      ...identifiers.map((customer) => ({ customer, endpointId: me.endpoint })),
      { customer: { id: me.customer }, endpointId: names.endpoint },
    ].map((input) =>
      attempt(
        'replayDeliveries',
        `mutation ($input: ReplayDeliveriesInput!) { replayDeliveries(input: $input) ${replay} }`,
        { input },
      ),
    ),
    ...byCustomer('updateCustomer', 'by', ', input: { name: "Mine" }'),
    ...byCustomer(
      'createContactInfo',
      'customer',
      ', input: { kind: EMAIL, value: "x@example.org" }',
      `{ contactInfo { id } ${userErrors} }`,
    ),
    ...byCustomer('linkExternalSystem', 'customer', ', reference: { system: "1", identifier: "stolen" }'),
    ...byCustomer('unlinkExternalSystem', 'customer', ', system: "WOOCOMMERCE"'),
    ...byCustomer('setMarketingConsent', 'customer', ', input: { channel: EMAIL, accepted: false }'),
    ...byCustomer('setVatStatus', 'customer', ', status: OUTSIDE_EU'),
    ...byCustomer('setCustomerExcluded', 'customer', ', excluded: true'),
    byId(
      'updateContactInfo',
      names.contactInfo,
      ', input: { kind: EMAIL, value: "x@example.org" }',
      `{ contactInfo { id } ${userErrors} }`,
    ),
    byId('deleteContactInfo', names.contactInfo, '', deleted),
    byId('renameTag', names.tag, ', name: "mine"', `{ tag { id } ${userErrors} }`),
    byId('deleteTag', names.tag, '', deleted),
    ...['tagCustomers', 'untagCustomers'].flatMap((field) => [
      tagging(field, names.tag, me.customer),
      tagging(field, me.tag, names.customer),
    ]),
    attempt('deleteBooking', `mutation ($n: String!) { deleteBooking(number: $n) ${deleted} }`, { n: names.booking }),
    byId('updateWebhookEndpoint', names.endpoint, `, input: { url: "${me.receiver}/mine" }`, endpoint),
    byId('deleteWebhookEndpoint', names.endpoint, '', deleted),
    byId('rotateWebhookSecret', names.endpoint, '', endpoint),
    byId('sendTestWebhook', names.endpoint, '', '{ id }'),
    ...[
      { endpoint: names.endpoint, customer: names.customer },
      { endpoint: me.endpoint, customer: names.customer },
    ].map((place) =>
      attempt(
        'skipDeadDelivery',
        `mutation ($endpoint: ID!, $customer: ID!) {
           skipDeadDelivery(endpointId: $endpoint, customerId: $customer) { waitingEvents ${userErrors} } }`,
        place,
      ),
    ),
    ...identifiers.map((by) =>
      attempt(
        'sendTestWebhook',
        'mutation ($id: ID!, $by: CustomerIdentifierInput) { sendTestWebhook(id: $id, customer: $by) { id } }',
        {
          id: me.endpoint,
          by,
        },
      ),
    ),
    byId(
      'updateGuestFeed',
      names.guestFeed,
      `, input: { name: "Mine", baseUrl: "${me.receiver}/feed", hotelId: "H", accessKey: "K" }`,
      `{ guestFeed { id } ${userErrors} }`,
    ),
    byId('deleteGuestFeed', names.guestFeed, '', deleted),
    byId('runGuestFeed', names.guestFeed, '', '{ id }'),
    ...[
      { feed: names.guestFeed, number: me.booking },
      { feed: me.guestFeed, number: names.booking },
    ].flatMap((place) => [
      attempt(
        'explainGuestFeed',
        'query ($feed: ID!, $number: String!) { explainGuestFeed(feedId: $feed, bookingNumber: $number) { willSend } }',
        place,
      ),
      attempt(
        'resendGuestFeedStays',
        `mutation ($feed: ID!, $number: String!) {
           resendGuestFeedStays(feedId: $feed, bookingNumbers: [$number]) { bookingNumbers ${userErrors} } }`,
        place,
      ),
    ]),
    byId('rotateApiKey', names.keyId, '', `{ key ${userErrors} }`),
    byId('revokeApiKey', names.keyId, '', deleted),
    ...identifiers.flatMap((by) => [
      record('recordOrders', 'RecordOrdersInput', { ownerCode: me.ownerCode, orders: [orderOf(by, 'ORDER-mine')] }),
      record('recordBookings', 'RecordBookingsInput', {
        ownerCode: me.ownerCode,
        bookings: [bookingOf(by, 'STAY-mine')],
      }),
    ]),
    record('recordOrders', 'RecordOrdersInput', { ownerCode: names.ownerCode, orders: [] }),
    record('recordBookings', 'RecordBookingsInput', { ownerCode: names.ownerCode, bookings: [] }),
    ...identifiers.flatMap((by) => [
      attempt('bulkUpdateCustomers', bulkUpdate, {
        input: { ownerCode: me.ownerCode, rows: [{ by, fields: { name: 'Taken over' } }] },
      }),
    ]),
    attempt('bulkUpdateCustomers', bulkUpdate, {
      input: { ownerCode: names.ownerCode, rows: [{ by: identifiers[0] }] },
    }),
    attempt(
      'bulkInsertCustomers',
      `mutation ($input: BulkInsertCustomersInput!) { bulkInsertCustomers(input: $input) { counts { rows } ${userErrors} } }`,
      { input: { ownerCode: names.ownerCode, customers: [{ code: 'X', name: 'X' }] } },
    ),
    attempt(
      'updateOwner',
      `mutation ($c: String!) { updateOwner(input: { code: $c, name: "mine" }) { owner { id } ${userErrors} } }`,
      {
        c: names.ownerCode,
      },
    ),
    attempt(
      'createApiKey',
      `mutation ($c: String!) { createApiKey(input: { name: "mine", owners: [$c], scopes: ["admin"] }) { key ${userErrors} } }`,
      { c: names.ownerCode },
    ),
  ];
}
