import { maxBodyBytes } from '../message.js';
import type { Format } from './format.js';

/** text/plain: values as they are, anything is well formed. */
export const plainFormat: Format = {
  name: 'text',
  escape: (value) => value,
  lineBreak: () => '\n',
  fault: () => null,
  joinsLines: false,
  maxBytes: maxBodyBytes,
};
