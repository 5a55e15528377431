import type { Content } from './content.js';
import { signatureOf } from './signature.js';

/** A request as it leaves the hub: the body is signed as it stands here. */
export interface Outgoing {
  url: string;
  method: 'POST' | 'PUT' | 'GET';
  headers: Record<string, string>;
  /** Null: the method has none. */
  body: string | null;
}

/** What the headers of a request tell besides. */
export interface Marks {
  /** Sent once more, as somebody asked (B.7). */
  replayed?: boolean;
  /** The customer does not meet the endpoint's conditions any more: until it does again, this is the last of it. */
  left?: boolean;
}

/** Of the endpoint, what a request needs. */
export interface Addressee {
  url: string;
  method: Outgoing['method'];
  headers: readonly { name: string; value: string }[];
  /** Live signing secrets, newest first. */
  secrets: readonly string[];
}

/**
 * Signs and addresses one attempt (Standard Webhooks 1.0, delivery-design B.8). `at`: the time of this attempt;
 * `webhookId` stays the same over retries. GET sends no body and signs the empty one; its content is added to the URL.
 */
export function compose(
  addressee: Addressee,
  message: { webhookId: string; type: string; content: Content; at: Date } & Marks,
  version: string,
): Outgoing {
  const { text, contentType } = message.content;
  const body = addressee.method === 'GET' ? null : text;
  return {
    url: body === null ? withQuery(addressee.url, text) : addressee.url,
    method: addressee.method,
    headers: {
      ...Object.fromEntries(addressee.headers.map(({ name, value }) => [name.toLowerCase(), value])),
      'user-agent': `stamdata/${version}`,
      ...(body === null ? {} : { 'content-type': contentType }),
      'webhook-id': message.webhookId,
      'webhook-timestamp': String(Math.floor(message.at.getTime() / 1_000)),
      'webhook-signature': signatureOf(addressee.secrets, message.webhookId, message.at, body ?? ''),
      'webhook-event': message.type,
      ...(message.replayed ? { 'webhook-replay': '1' } : {}),
      ...(message.left ? { 'webhook-filter': 'left' } : {}),
    },
    body,
  };
}

/** A URL of an endpoint has no fragment (url-rule.ts), and may have a query of its own: that one comes first. */
function withQuery(url: string, query: string): string {
  if (query === '') return url;
  return url + (!url.includes('?') ? '?' : /[?&]$/.test(url) ? '' : '&') + query;
}
