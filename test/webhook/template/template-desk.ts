import { readFileSync } from 'node:fs';
import type { TestOwner } from '../../hub.js';
import type { Received, Receiver } from '../receiver.js';

/** The sample of Gecko Booking's page. */
export const sample = readFileSync(
  new URL('../../../examples/gecko/customer-updated.template', import.meta.url),
  'utf8',
);

export interface EndpointAnswer {
  webhookEndpoint: { id: string; template: string | null; contentType: string; moneyDecimalComma: boolean } | null;
  warnings: string[];
  userErrors: { code: string; field: string; message: string }[];
}

const answer = `webhookEndpoint { id template contentType moneyDecimalComma } warnings userErrors { code field message }`;

export const createEndpoint = (owner: TestOwner, input: object): Promise<EndpointAnswer> =>
  owner
    .gql<{ made: EndpointAnswer }>(
      `mutation ($input: WebhookEndpointInput!) { made: createWebhookEndpoint(input: $input) { ${answer} } }`,
      { input },
    )
    .then(({ made }) => made);

export const updateEndpoint = (owner: TestOwner, id: string, input: object): Promise<EndpointAnswer> =>
  owner
    .gql<{ changed: EndpointAnswer }>(
      `mutation ($id: ID!, $input: WebhookEndpointInput!) { changed: updateWebhookEndpoint(id: $id, input: $input) { ${answer} } }`,
      { id, input },
    )
    .then(({ changed }) => changed);

export interface Preview {
  body: string;
  contentType: string;
  lastBody: string | null;
  lastSentAt: string | null;
  differences: { path: string; before: string | null; after: string | null }[];
  warnings: string[];
  userErrors: { code: string; field: string | null; message: string }[];
}

/** What previewWebhook takes beside the customer. */
interface PreviewArgs {
  template: string;
  method?: string;
  contentType?: string;
  comma?: boolean;
  endpointId?: string;
}

export const preview = (owner: TestOwner, customerId: string, args: PreviewArgs): Promise<Preview> =>
  owner
    .gql<{ previewWebhook: Preview }>(
      `query ($by: CustomerIdentifierInput!, $template: String!, $method: String, $contentType: String, $comma: Boolean, $endpointId: ID) {
         previewWebhook(customer: $by, template: $template, method: $method, contentType: $contentType, moneyDecimalComma: $comma,
           endpointId: $endpointId) {
           body contentType lastBody lastSentAt differences { path before after } warnings userErrors { code field message } } }`,
      { by: { id: customerId }, ...args },
    )
    .then(({ previewWebhook }) => previewWebhook);

/** The next request that fulfils a condition, from the `from`th on; fails by the test's own time limit. */
export async function received(
  receiver: Receiver,
  wanted: (request: Received) => boolean,
  from = 0,
): Promise<Received> {
  await receiver.until((requests) => requests.slice(from).some(wanted));
  return receiver.requests.slice(from).find(wanted)!;
}
