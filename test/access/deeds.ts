import type { GraphQLSchema } from 'graphql';
import { item } from '../netstorming/partner.js';
import { fieldsOf, selection } from '../graphql/selection.js';
import type { Attempt } from './attempts.js';
import { bookingOf, orderOf } from './furnished-owner.js';
import type { Names } from './names.js';

/** A request at one of the doors beside GraphQL. */
export interface Letter {
  /** The door that is tried. */
  field: string;
  path: string;
  /** None: it is fetched. */
  body?: string;
  type?: string;
}

const userErrors = 'userErrors { code field message existingId }';
const rows = `counts { rows }
  results { index action customerId } errors { index errors details { code field message existingId existingIds } } ${userErrors}`;
const recorded = `counts { rows created updated } results { action customerId } errors { index errors } ${userErrors}`;

/** A stay that ended before anybody could ask. */
const stay = { status: 'CHECKED_OUT', startsAt: '2026-02-01T14:00:00Z', endsAt: '2026-02-03T10:00:00Z' };

/** What an owner makes with a word out of few: every field of the schema that takes words, or makes what was not there. */
export function deedsWith(word: string, me: Names): Attempt[] {
  const [code, identifier] = [`CODE-${word}`, `PAIR-${word}`];
  const deed = (field: string, type: string, input: object, answer: string): Attempt => ({
    field,
    query: `mutation ($input: ${type}!) { ${field}(input: $input) { ${answer} } }`,
    variables: { input },
  });
  const external = { system: 'WOOCOMMERCE', identifier };
  const adminUser = { name: word, email: `${word}@example.org`, login: word, password: 'secret-8' };
  const customer = { code, name: `Name ${word}`, email: `${word}@example.org` };
  const whole = { ...customer, tags: [`tag ${word}`], externalReferences: [external], adminUser };
  const call = { ownerCode: me.ownerCode, idempotencyKey: `rows of ${word}` };
  return [
    deed('createCustomer', 'CreateCustomerInput', customer, `customer { id code version } ${userErrors}`),
    {
      field: 'createTag',
      query: `mutation ($name: String!) { createTag(name: $name) { tag { id name } ${userErrors} } }`,
      variables: { name: `tag ${word}` },
    },
    {
      field: 'createExternalSystem',
      query: `mutation ($code: String!, $name: String!) {
        createExternalSystem(code: $code, name: $name) { externalSystem { id code } ${userErrors} } }`,
      variables: { code: word.toUpperCase(), name: word },
    },
    deed(
      'createWebhookEndpoint',
      'WebhookEndpointInput',
      { url: `${me.receiver}/${word}`, mode: 'EVERY', headers: [{ name: 'x-of', value: me.ownerCode }] },
      `webhookEndpoint { id url } secret ${userErrors}`,
    ),
    deed(
      'createGuestFeed',
      'GuestFeedInput',
      {
        name: word,
        baseUrl: `${me.receiver}/feed`,
        hotelId: me.ownerCode,
        accessKey: word,
        active: true,
        lookBackDays: 365,
      },
      `guestFeed { id } ${userErrors}`,
    ),
    deed('createOwner', 'OwnerInput', { code: word.toUpperCase() }, `owner { id } ${userErrors}`),
    deed(
      'updateOwner',
      'OwnerInput',
      {
        code: me.ownerCode,
        name: word,
        guestFeedsActive: true,
        timeZone: word === 'beta' ? 'Asia/Tokyo' : 'Europe/Rome',
      },
      `owner { id name } ${userErrors}`,
    ),
    deed(
      'createApiKey',
      'ApiKeyInput',
      { name: word, owners: [me.ownerCode], scopes: ['customers:read'] },
      `apiKey { id name } key ${userErrors}`,
    ),
    deed('bulkInsertCustomers', 'BulkInsertCustomersInput', { ...call, customers: [whole] }, rows),
    deed(
      'bulkInsertCustomers',
      'BulkInsertCustomersInput',
      { ownerCode: me.ownerCode, onExisting: 'UPDATE', customers: [{ ...whole, name: 'Name anew' }, customer] },
      rows,
    ),
    deed(
      'recordOrders',
      'RecordOrdersInput',
      { ...call, orders: [orderOf({ code }, `ORDER-${word}`), orderOf({ external }, `ORDER-${word}`)] },
      recorded,
    ),
    deed(
      'recordBookings',
      'RecordBookingsInput',
      { ownerCode: me.ownerCode, bookings: [{ ...bookingOf({ code }, `STAY-${word}`), ...stay }] },
      recorded,
    ),
    {
      field: 'customers',
      query: `query ($s: String!) { customers(first: 100, search: $s) { totalCount nodes {
        id snapshot { tags { name } } tags { id name } contactInfos { id value } externalReferences { identifier createdAt }
        orders(first: 9) { nodes { id number totalValue } } bookings(first: 9) { nodes { id number } } } } }`,
      variables: { s: word },
    },
  ];
}

/** Fields of the root that are asked for without naming anything: all that they give. */
export const listings = [
  'viewer',
  'owner',
  'externalSystems',
  'tags',
  'webhookEndpoints',
  'apiKeys',
  'feedCursor',
].concat(['guestFeeds', 'customers', 'customerEvents', 'deliveries', 'bulkOperations', 'webhookReplays', 'auditLog']);

export const readings = (schema: GraphQLSchema): Attempt[] =>
  fieldsOf(schema.getQueryType()!)
    .filter(({ name }) => listings.includes(name))
    .map((field) => ({ field: field.name, query: `{ ${selection(field, 2, 50)} }`, variables: {} }));

/** The subscriptions that name something. */
export const followings = (names: Names): Attempt[] => [
  {
    field: 'customerSnapshots',
    query: `subscription ($c: String!) { customerSnapshots(after: $c) { customerId version reasons } }`,
    variables: { c: names.cursor },
  },
  {
    field: 'bulkOperation',
    query: `subscription ($id: ID!) { bulkOperation(id: $id) { id state rows } }`,
    variables: { id: names.bulkOperation },
  },
];

/** What is sent to the doors beside GraphQL. */
export function lettersWith(word: string, key: string, names: Names): Letter[] {
  const row = JSON.stringify({ code: `CODE-${word}`, name: `Imported ${word}`, tags: [`tag ${word}`] });
  const importing = (query: string, body: string, type = 'application/x-ndjson'): Letter => ({
    ...{ field: '/import/customers', path: `/import/customers?owner=${names.ownerCode}&${query}`, body, type },
  });
  const netstorming = (call: string, customers: object): Letter => ({
    field: '/api/customers',
    path: `/api/customers/${call}`,
    body: JSON.stringify({ key, owner_code: names.ownerCode, customers }),
    type: 'application/json',
  });
  return [
    importing(`idempotencyKey=${word}`, `${row}\n`),
    importing('onExisting=UPDATE', `${row}\n${row}\n{"code":1}\n`),
    importing('dryRun=true', `code,name,adminUserLogin\nCODE-${word},Rehearsed,${word}\n`, 'text/csv'),
    { field: '/import/results', path: `/import/results/${names.bulkOperation}` },
    netstorming('insert', [
      item(1, { code: `CODE-${word}`, admin_user_login: word }),
      item(2, { admin_user_login: word }),
    ]),
    netstorming('disable', [{ code: `CODE-${word}` }]),
    netstorming('enable', [{ code: `CODE-${word}` }]),
  ];
}
