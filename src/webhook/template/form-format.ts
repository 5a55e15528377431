import { maxBodyBytes } from '../message.js';
import type { Fault, Format } from './format.js';

/** application/x-www-form-urlencoded: `name=value` pairs joined by `&`. */
export const formFormat: Format = {
  name: 'form',
  escape: (value) => new URLSearchParams([['', value]]).toString().slice(1),
  lineBreak: () => '%0A',
  fault: formFault,
  joinsLines: true,
  maxBytes: maxBodyBytes,
};

/** The same behind the `?` of a URL, short enough for what servers take as a request line. */
export const queryFormat: Format = { ...formFormat, name: 'query', maxBytes: 8 * 1024 };

/** The first character that a form or a query cannot have as it is. Brackets can: `tags[]=…` is common. */
function formFault(text: string): Fault | null {
  const fitting = /^(?:[\w\-.~!$&'()*+,;=:@/?[\]]|%[\dA-Fa-f]{2})*/.exec(text)![0].length;
  return fitting === text.length ? null : { offset: fitting, reason: 'this character must be percent-encoded' };
}
