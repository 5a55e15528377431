import type { Subject } from '../../snapshot/subjects-shown.js';
import { placeText } from './place-text.js';
import { Rendering } from './rendering.js';
import type { Template } from './template.js';

/** A body or query that a receiver can read; else the text as far as it got, and why it must not be sent. */
export type Filled = { text: string; fault: null } | { text: string; fault: string };

/**
 * Fills a template in for a customer: escaped for its content type, and read back before anybody sends it. A fault tells
 * its place in the template, and no value.
 */
export function fillTemplate(template: Template, subject: Subject): Filled {
  const { format, faults } = template;
  const place = (offset: number): string => placeText(template.text, offset);
  if (faults[0]) return { text: '', fault: `${place(faults[0].offset)}: ${faults[0].reason}` };
  const rendering = new Rendering(template, subject);
  const { text, overrun } = rendering;
  if (overrun === 'steps') return { text: '', fault: 'a block that repeats too often' };
  if (overrun || Buffer.byteLength(text) > format.maxBytes)
    return { text: '', fault: `more than ${format.maxBytes / 1024} KiB` };
  const fault = format.fault(text);
  if (!fault) return { text, fault: null };
  return { text, fault: `no valid ${format.name} at ${place(rendering.placeOf(fault.offset))}: ${fault.reason}` };
}
