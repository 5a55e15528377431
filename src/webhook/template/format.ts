import { formFormat, queryFormat } from './form-format.js';
import { jsonFormat } from './json-format.js';
import { plainFormat } from './plain-format.js';
import { xmlFormat } from './xml-format.js';

/** Why a text is not what its content type promises, and where (UTF-16 offset). Told without any value of the text. */
export interface Fault {
  offset: number;
  reason: string;
}

/** What a content type means for a template. */
export interface Format {
  /** As errors name it. */
  name: string;
  /** A value as it stands in the text, so that no value can end what it stands in. */
  escape(value: string): string;
  /** What `[lineBreak]` gives (A47). `between`: it separates two items of a block. `quoted`: it stands in a JSON string. */
  lineBreak(place: { between: boolean; quoted: boolean }): string;
  /** Why the text cannot be read by a receiver of this content type; null: it can. */
  fault(text: string): Fault | null;
  /** True where the line breaks of a template only make it readable, with the spaces around them. */
  joinsLines: boolean;
  maxBytes: number;
}

/** The content types that a template can have. A new one is a file and a line here. */
const formats: Readonly<Record<string, Format>> = {
  'application/json': jsonFormat,
  'application/x-www-form-urlencoded': formFormat,
  'text/plain': plainFormat,
  'application/xml': xmlFormat,
  'text/xml': xmlFormat,
};

export const contentTypes: readonly string[] = Object.keys(formats);

/** The format of a template; GET has no body, there it is the query of the URL whatever the content type. */
export function formatOf(method: string, contentType: string): Format {
  return method === 'GET' ? queryFormat : (formats[contentType] ?? plainFormat);
}

/** `content-type` as it is sent: those that would be guessed to be Latin-1 tell what they are. */
export function contentTypeHeader(contentType: string): string {
  return contentType.endsWith('/xml') || contentType === 'text/plain' ? `${contentType}; charset=utf-8` : contentType;
}
