import { maxBodyBytes } from '../message.js';
import type { Format } from './format.js';
import { xmlFault } from './xml-fault.js';

/** application/xml and text/xml: values stand in elements or quoted attributes. */
export const xmlFormat: Format = {
  name: 'XML',
  escape: (value) =>
    value
      .replace(unsayable, '\ufffd')
      // spaces other than the plain one too: a parser would change them in an attribute
      .replace(/[&<>"'\t\n\r]/g, (character) => `&#${character.charCodeAt(0)};`),
  lineBreak: () => '\n',
  fault: xmlFault,
  joinsLines: false,
  maxBytes: maxBodyBytes,
};

/** What XML 1.0 cannot say, not even as a reference. */
const unsayable = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu;
