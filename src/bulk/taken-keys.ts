import { namesOf } from '../customer/identify-customers.js';
import { caselessKey } from '../format/caseless.js';
import type { Write } from '../write.js';
import type { CheckedRow } from './customer-fields.js';

/** The customer that has a key. */
export interface KeyHolder {
  id: string;
  /** Excluded, and the caller may not know more than that the key is taken (A44). */
  hidden: boolean;
}

/** What the owner has already of the keys in a batch, and the lists by which rows are judged. */
export interface TakenKeys {
  /** By id: those that rows name so. */
  ids: ReadonlyMap<string, KeyHolder>;
  /** By `caselessKey`. */
  codes: ReadonlyMap<string, KeyHolder>;
  /** By `referenceKey`. */
  references: ReadonlyMap<string, KeyHolder>;
  /** Ids of the customers, by `caselessKey` of the login. */
  logins: ReadonlyMap<string, string>;
  /** Ids of the owner's systems, by code and by number (A41). */
  systems: ReadonlyMap<string, string>;
  enabledVatStatuses: ReadonlySet<string>;
  /** Upper case; null: the owner has no list (A25). */
  knownCities: ReadonlySet<string> | null;
  /** Lower case; null: the owner has no list (A26). */
  notifyLanguages: ReadonlySet<string> | null;
}

/** Looks all keys of all rows up, in a fixed number of statements. */
export async function takenKeys(tx: Write, rows: CheckedRow[], showExcluded: boolean): Promise<TakenKeys> {
  const targets = rows.flatMap(({ target }) => (target?.by ? [namesOf(target.by)] : []));
  const systems = await systemsByName(tx);
  const [owner] = await tx.rows<{ enabled: string[]; cities: string[] | null; languages: string[] | null }>(
    `/* listsOfOwner */ SELECT enabled_vat_statuses AS enabled, known_cities AS cities, notify_languages AS languages
     FROM owner WHERE id = $1`,
    [tx.ownerId],
  );
  const codes = keysOf([...rows.map((row) => row.fields.code), ...targets.map(({ code }) => code)]);
  const ids = targets.flatMap(({ id }) => (id === null ? [] : [id]));
  const references = [
    ...rows.flatMap((row) => row.externalReferences),
    ...targets.flatMap(({ system, external }) => (system === null ? [] : [{ system, identifier: external! }])),
  ];
  return {
    ids: await holdersOf(tx, showExcluded, ids.length === 0 ? null : { sql: takenIds, wanted: [ids] }),
    codes: await holdersOf(tx, showExcluded, codes.length === 0 ? null : { sql: takenCodes, wanted: [codes] }),
    logins: await takenLogins(tx, rows),
    systems,
    references: await holdersOf(tx, showExcluded, referencesWanted(references, systems)),
    enabledVatStatuses: new Set(owner!.enabled),
    knownCities: owner!.cities && new Set(owner!.cities),
    notifyLanguages: owner!.languages && new Set(owner!.languages),
  };
}

export const referenceKey = (reference: { systemId: string; identifier: string }): string =>
  `${reference.systemId} ${reference.identifier}`;

async function systemsByName(tx: Write): Promise<Map<string, string>> {
  const systems = await tx.rows<{ id: string; code: string; number: string | null }>(
    '/* systemsByName */ SELECT id, code, number FROM external_system WHERE owner_id = $1',
    [tx.ownerId],
  );
  return new Map(systems.flatMap((s) => [[s.code, s.id] as const, ...(s.number ? [[s.number, s.id] as const] : [])]));
}

const takenIds = `/* takenIds */ SELECT id::text AS key, id, excluded FROM customer
  WHERE owner_id = $1 AND id = ANY ($2::bigint[])`;
const takenCodes = `/* takenCodes */ SELECT code_key AS key, id, excluded FROM customer
  WHERE owner_id = $1 AND code_key = ANY ($2)`;
const takenReferences = `/* takenReferences */ SELECT r.system_id || ' ' || r.identifier AS key, c.id, c.excluded
  FROM unnest($2::bigint[], $3::text[]) AS wanted (system_id, identifier)
  JOIN external_reference r ON r.owner_id = $1 AND r.system_id = wanted.system_id AND r.identifier = wanted.identifier
  JOIN customer c ON c.owner_id = $1 AND c.id = r.customer_id`;

async function holdersOf(
  tx: Write,
  showExcluded: boolean,
  lookUp: { sql: string; wanted: string[][] } | null,
): Promise<Map<string, KeyHolder>> {
  if (!lookUp) return new Map();
  const rows = await tx.rows<{ key: string; id: string; excluded: boolean }>(lookUp.sql, [
    tx.ownerId,
    ...lookUp.wanted,
  ]);
  return new Map(rows.map(({ key, id, excluded }) => [key, { id, hidden: excluded && !showExcluded }]));
}

function referencesWanted(references: CheckedRow['externalReferences'], systems: ReadonlyMap<string, string>) {
  const known = references.flatMap(({ system, identifier }) => {
    const systemId = systems.get(system.toUpperCase());
    return systemId ? [{ systemId, identifier }] : [];
  });
  if (known.length === 0) return null;
  return { sql: takenReferences, wanted: [known.map((r) => r.systemId), known.map((r) => r.identifier)] };
}

async function takenLogins(tx: Write, rows: CheckedRow[]): Promise<Map<string, string>> {
  const logins = keysOf(rows.map((row) => row.login));
  if (logins.length === 0) return new Map();
  const taken = await tx.rows<{ key: string; id: string }>(
    `/* takenLogins */ SELECT login_key AS key, customer_id AS id FROM customer_user
     WHERE owner_id = $1 AND login_key = ANY ($2)`,
    [tx.ownerId, logins],
  );
  return new Map(taken.map(({ key, id }) => [key, id]));
}

const keysOf = (texts: (string | null | undefined)[]): string[] => [
  ...new Set(texts.filter((text) => text != null).map(caselessKey)),
];
