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
  const { url, method, secrets } = addressee;
  const { content, webhookId, at } = message;
  const body = method === 'GET' ? null : content.text;
  const headers: Outgoing['headers'] = {};
  for (const { name, value } of addressee.headers) headers[name.toLowerCase()] = value;
  headers['user-agent'] = `stamdata/${version}`;
  if (body !== null) headers['content-type'] = content.contentType;
  headers['webhook-id'] = webhookId;
  headers['webhook-timestamp'] = String(Math.floor(at.getTime() / 1_000));
  headers['webhook-signature'] = signatureOf(secrets, webhookId, at, body ?? '');
  headers['webhook-event'] = message.type;
  if (message.replayed) headers['webhook-replay'] = '1';
  if (message.left) headers['webhook-filter'] = 'left';
  return { url: body === null ? withQuery(url, content.text) : url, method, headers, body };
}

/** A URL of an endpoint has no fragment (url-rule.ts), and may have a query of its own: that one comes first. */
function withQuery(url: string, query: string): string {
  if (query === '') return url;
  return url + (!url.includes('?') ? '?' : /[?&]$/.test(url) ? '' : '&') + query;
}
