import type { IncomingMessage } from 'node:http';
import { demandScope, pickedOwner, type Caller, type OwnerRef } from '../access/caller.js';
import type { OnExisting } from '../bulk/apply-rows.js';
import type { ImportProfile } from '../bulk/rules.js';
import type { EventDelivery } from '../event-delivery.js';
import { booleanWords, readBoolean } from '../format/boolean-word.js';
import type { Hub } from '../hub.js';
import type { FileFormat } from './import-file.js';
import { nearest } from './nearest.js';
import { ImportRefused } from './refused.js';
import type { Charset } from './utf8-bytes.js';

/** What a request asks for; the file is still to be read. */
export interface ImportOrder {
  caller: Caller;
  owner: OwnerRef;
  dryRun: boolean;
  profile: ImportProfile;
  onExisting: OnExisting;
  /** How webhook receivers are told; null: as each endpoint's mode says. */
  delivery: EventDelivery | null;
  idempotencyKey: string | null;
  format: FileFormat;
  charset: Charset;
  /** The announced length of the body; null: none. */
  bytesExpected: number | null;
}

/**
 * Reads the head of `POST /import/customers?owner=&dryRun=&profile=&onExisting=&delivery=&idempotencyKey=`.
 * @throws Refusal, ImportRefused 400 with all that is wrong, 401, 403, 405, 415
 */
export async function importOrder(hub: Hub, request: IncomingMessage): Promise<ImportOrder> {
  if (request.method !== 'POST') throw new ImportRefused(405, 'NOT_ALLOWED', 'send a POST');
  const { headers } = request;
  const asked = new URL(request.url ?? '', 'http://hub').searchParams;
  const headerOwner = headers['stamdata-owner'];
  const caller = await hub.wrongKeys.from(request.socket.remoteAddress, headers.authorization, () =>
    hub.authenticator.authenticate(headers.authorization, headerOwner === undefined ? undefined : String(headerOwner)),
  );
  demandScope(caller, 'customers:bulk');
  const named = asked.get('owner');
  const owner = named ? await hub.authenticator.ownerOf(caller, named) : pickedOwner(caller);
  const content = contentOf(headers);
  const length = headers['content-length'];
  return { caller, owner, ...settingsOf(asked, headers), ...content, bytesExpected: length ? Number(length) : null };
}

type Headers = IncomingMessage['headers'];

const formats: Readonly<Record<string, FileFormat>> = {
  'application/x-ndjson': 'ndjson',
  'application/ndjson': 'ndjson',
  'application/jsonl': 'ndjson',
  'text/csv': 'csv',
};
const charsets: Readonly<Record<string, Charset>> = {
  'utf-8': 'utf-8',
  utf8: 'utf-8',
  'iso-8859-1': 'windows-1252',
  latin1: 'windows-1252',
  'windows-1252': 'windows-1252',
};

function contentOf(headers: Headers): { format: FileFormat; charset: Charset } {
  const [type = '', ...parameters] = (headers['content-type'] ?? '').toLowerCase().split(';');
  const format = formats[type.trim()];
  const unsupported = (message: string) => new ImportRefused(415, 'UNSUPPORTED', message);
  if (!format) throw unsupported('send content-type: application/x-ndjson or text/csv');
  const encoding = headers['content-encoding'] ?? 'identity';
  if (encoding.toLowerCase() !== 'identity') throw unsupported('send the file without content-encoding');
  const given = parameters.map((parameter) => /^\s*charset="?([^"]*?)"?\s*$/.exec(parameter)?.[1]).find(Boolean);
  const charset = given === undefined ? 'utf-8' : charsets[given];
  if (!charset) throw unsupported('charset must be utf-8, iso-8859-1 or windows-1252');
  if (format === 'ndjson' && charset !== 'utf-8') throw unsupported('JSON is UTF-8: send it without a charset');
  return { format, charset };
}

const parameters = ['owner', 'dryRun', 'profile', 'onExisting', 'delivery', 'idempotencyKey'] as const;
type Settings = Pick<ImportOrder, 'dryRun' | 'profile' | 'onExisting' | 'delivery' | 'idempotencyKey'>;

function settingsOf(asked: URLSearchParams, headers: Headers): Settings {
  const wrong: string[] = [];
  for (const name of new Set(asked.keys())) {
    if (asked.getAll(name).length > 1) wrong.push(`${name.slice(0, 64)} is there twice`);
    if (parameters.some((known) => known === name)) continue;
    const meant = nearest(name, parameters);
    wrong.push(`unknown parameter ${JSON.stringify(name.slice(0, 64))}${meant ? ` (did you mean ${meant}?)` : ''}`);
  }
  const dryRun = readBoolean(asked.get('dryRun') ?? 'false');
  // never "false": a typo must not write data (A56)
  if (dryRun === null) wrong.push(`invalid dryRun (valid values: ${booleanWords.join(', ')})`);
  const profile = oneOf('profile', asked, ['STANDARD', 'PARTNER'] as const, wrong);
  const onExisting = oneOf('onExisting', asked, ['reject', 'update', 'skip'] as const, wrong);
  const delivery = oneOf('delivery', asked, ['NORMAL', 'LATEST', 'SUMMARY'] as const, wrong);
  const idempotencyKey = keyOf(asked, headers, wrong);
  if (wrong.length > 0) throw new ImportRefused(400, 'BAD_USER_INPUT', wrong.join('; '));
  return {
    dryRun: dryRun!,
    profile: profile!,
    onExisting: onExisting!,
    idempotencyKey,
    delivery: delivery === 'NORMAL' ? null : delivery!,
  };
}

/** The first one unless told. */
function oneOf<Word extends string>(
  name: string,
  asked: URLSearchParams,
  words: readonly [Word, ...Word[]],
  wrong: string[],
): Word | undefined {
  const given = asked.get(name) ?? words[0];
  const word = words.find((each) => each.toLowerCase() === given.toLowerCase());
  if (word === undefined) wrong.push(`invalid ${name} (valid values: ${words.join(', ')})`);
  return word;
}

function keyOf(asked: URLSearchParams, headers: Headers, wrong: string[]): string | null {
  const [parameter, header] = [asked.get('idempotencyKey'), headers['idempotency-key']];
  const key = parameter ?? (header === undefined ? null : String(header));
  if (key === null) return null;
  if (parameter !== null && header !== undefined && parameter !== String(header))
    wrong.push('idempotencyKey and the header Idempotency-Key differ');
  if (key === '' || key.length > 255 || key.includes('\0')) wrong.push('invalid idempotencyKey (1 to 255 characters)');
  return key;
}
