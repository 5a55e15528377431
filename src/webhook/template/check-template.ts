import { problem, type Problem } from '../../errors.js';
import { edgeCustomers } from './edge-customers.js';
import { fillTemplate } from './fill-template.js';
import { formatOf } from './format.js';
import { placeText } from './place-text.js';
import { readTemplate, type Template } from './template.js';

/** Of an endpoint, what decides how its template is read. */
export interface TemplateSettings {
  template: string;
  method: string;
  contentType: string;
  moneyDecimalComma: boolean;
}

export const maxTemplateBytes = 64 * 1024;

/** The template of an endpoint, ready to be filled in. */
export const templateOf = ({ template, method, contentType, moneyDecimalComma }: TemplateSettings): Template =>
  readTemplate(template, formatOf(method, contentType), { decimalComma: moneyDecimalComma });

/**
 * Why a template must not be stored: its size, blocks that do not match, or edge customers for whom it does not give what
 * its content type promises. Each with its place in the template.
 */
export function templateProblems(settings: TemplateSettings): Problem[] {
  const { template: text } = settings;
  const invalid = (what: string): Problem => problem('INVALID', 'template', `invalid template (${what})`);
  if (Buffer.byteLength(text) > maxTemplateBytes)
    return [problem('TOO_LONG', 'template', `invalid template (up to ${maxTemplateBytes / 1024} KiB)`)];
  if (text.includes('\0')) return [invalid(`${placeText(text, text.indexOf('\0'))}: a NUL character`)];
  if (text.trim() === '') return [invalid('it is empty; null gives the default body')];
  const template = templateOf(settings);
  if (template.faults.length > 0)
    return template.faults
      .slice(0, maxTold)
      .map(({ offset, reason }) => invalid(`${placeText(text, offset)}: ${reason}`));
  for (const { what, subject } of edgeCustomers) {
    const { fault } = fillTemplate(template, subject);
    if (fault) return [invalid(`${fault}; with ${what}`)];
  }
  return [];
}

/** What a template has that will be sent as it stands, though it looks like a code (A51): a mistake, or a JSON array. */
export function templateWarnings(settings: TemplateSettings): string[] {
  const { text, strangers } = templateOf(settings);
  const told = strangers
    .slice(0, maxTold)
    .map(({ code, offset, reason }) => `[${code}] ${reason}: left as it is (${placeText(text, offset)})`);
  const more = strangers.length - told.length;
  return more > 0 ? [...told, `and ${more} more`] : told;
}

/** Nobody reads more, and each costs a look through the template for its place. */
const maxTold = 20;
