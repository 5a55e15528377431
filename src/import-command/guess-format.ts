import { StartupError } from '../errors.js';
import type { FileFormat } from '../import/import-file.js';

/** What a file of another kind begins with. */
const otherKinds: readonly { begins: Buffer; told: string }[] = [
  { begins: Buffer.from('PK\u0003\u0004'), told: 'a zip archive or a spreadsheet: save it as CSV' },
  { begins: Buffer.from([0x1f, 0x8b]), told: 'gzip: unpack it, gunzip -c FILE | npx stamdata import -' },
  { begins: Buffer.from([0xff, 0xfe]), told: 'UTF-16: save it as UTF-8' },
  { begins: Buffer.from([0xfe, 0xff]), told: 'UTF-16: save it as UTF-8' },
];

/**
 * The format of a file, by its first bytes and, where they leave it open, its name: a brace begins NDJSON.
 * @throws StartupError (wrong usage) for what is no text
 */
export function guessFormat(name: string, head: Buffer): FileFormat {
  const other = otherKinds.find(({ begins }) => head.subarray(0, begins.length).equals(begins));
  if (other) throw new StartupError(`${name}: this is ${other.told}`, 2);
  const first = /^\ufeff?\s*(.)/.exec(head.toString('utf8'))?.[1];
  if (first === '{' || first === '[') return 'ndjson';
  return /\.(ndjson|jsonl)$/i.test(name) ? 'ndjson' : 'csv';
}
