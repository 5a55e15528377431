import type { Subject } from '../snapshot/subjects-shown.js';
import { bodyOf, type Message } from './message.js';
import { fillTemplate } from './template/fill-template.js';
import { contentTypeHeader } from './template/format.js';
import type { Template } from './template/template.js';

/** What a request carries: its body or, with GET, the query of its URL; blank: nothing. */
export interface Content {
  text: string;
  /** As the header tells it. */
  contentType: string;
  /** A template that a customer's data were filled into; false: the hub's own text. */
  filled: boolean;
}

/** Of an endpoint, what decides its content. */
export interface Contents {
  method: 'POST' | 'PUT' | 'GET';
  contentType: string;
  /** Null: the default body. */
  template: Template | null;
}

/**
 * What goes out for a message; `subject`: the customer as it is now, null: there is none to be told of. Then a template is
 * not used, since it has no place for "gone": only the default body goes out, which says who is meant and nothing of them,
 * in JSON whatever the template's content type (A44). Gives a fault in words when the template cannot be filled in.
 */
export function contentOf(endpoint: Contents, message: Message, subject: Subject | null): Content | { fault: string } {
  const { method, contentType, template } = endpoint;
  if (template && subject) {
    const { text, fault } = fillTemplate(template, subject);
    return fault === null ? { text, contentType: contentTypeHeader(contentType), filled: true } : { fault };
  }
  if (method === 'GET') return { text: template ? query(message) : '', contentType: 'application/json', filled: false };
  const text = bodyOf(message, subject && (subject.text ?? JSON.stringify(subject.snapshot)));
  return { text, contentType: 'application/json', filled: false };
}

/** Where the template is a query, who is meant is told in one too. */
function query({ type, customerId, version }: Message): string {
  const pairs = {
    type,
    ...(customerId === null ? {} : { customerId }),
    ...(version === null ? {} : { version: String(version) }),
  };
  return new URLSearchParams(pairs).toString();
}
