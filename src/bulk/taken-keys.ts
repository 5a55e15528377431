import { caselessKey } from '../format/caseless.js';
import type { Write } from '../write.js';
import type { CheckedRow } from './customer-fields.js';

/** What the owner has already of the keys in a batch. Ids are null where the holder is hidden from the caller (A44). */
export interface TakenKeys {
  /** By `caselessKey`. */
  codes: ReadonlyMap<string, string | null>;
  /** By `referenceKey`. */
  references: ReadonlyMap<string, string | null>;
  /** By `caselessKey`. */
  logins: ReadonlySet<string>;
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
  const codes = keysOf(rows.map((row) => row.fields.code));
  const logins = keysOf(rows.map((row) => row.login));
  const references = rows.flatMap((row) => row.externalReferences);
  const takenCodes = await tx.rows<{ key: string; id: string | null }>(
    `/* takenCodes */ SELECT code_key AS key, CASE WHEN NOT excluded OR $3 THEN id END AS id FROM customer
     WHERE owner_id = $1 AND code_key = ANY ($2)`,
    [tx.ownerId, codes, showExcluded],
  );
  const takenLogins = await tx.rows<{ key: string }>(
    '/* takenLogins */ SELECT login_key AS key FROM customer_user WHERE owner_id = $1 AND login_key = ANY ($2)',
    [tx.ownerId, logins],
  );
  const systems = await tx.rows<{ id: string; code: string; number: string | null }>(
    '/* systemsByName */ SELECT id, code, number FROM external_system WHERE owner_id = $1',
    [tx.ownerId],
  );
  const systemIds = new Map(
    systems.flatMap((s) => [[s.code, s.id] as const, ...(s.number ? [[s.number, s.id] as const] : [])]),
  );
  const [owner] = await tx.rows<{ enabled: string[]; cities: string[] | null; languages: string[] | null }>(
    `/* listsOfOwner */ SELECT enabled_vat_statuses AS enabled, known_cities AS cities, notify_languages AS languages
     FROM owner WHERE id = $1`,
    [tx.ownerId],
  );
  return {
    codes: new Map(takenCodes.map((row) => [row.key, row.id])),
    logins: new Set(takenLogins.map((row) => row.key)),
    systems: systemIds,
    references: await takenReferences(tx, references, systemIds, showExcluded),
    enabledVatStatuses: new Set(owner!.enabled),
    knownCities: owner!.cities && new Set(owner!.cities),
    notifyLanguages: owner!.languages && new Set(owner!.languages),
  };
}

export const referenceKey = (reference: { systemId: string; identifier: string }): string =>
  `${reference.systemId} ${reference.identifier}`;

async function takenReferences(
  tx: Write,
  references: CheckedRow['externalReferences'],
  systems: ReadonlyMap<string, string>,
  showExcluded: boolean,
): Promise<Map<string, string | null>> {
  const known = references.flatMap(({ system, identifier }) => {
    const systemId = systems.get(system.toUpperCase());
    return systemId ? [{ systemId, identifier }] : [];
  });
  if (known.length === 0) return new Map();
  const rows = await tx.rows<{ systemId: string; identifier: string; id: string | null }>(
    `/* takenReferences */ SELECT r.system_id AS "systemId", r.identifier, CASE WHEN NOT c.excluded OR $4 THEN c.id END AS id
     FROM unnest($2::bigint[], $3::text[]) AS wanted (system_id, identifier)
     JOIN external_reference r ON r.owner_id = $1 AND r.system_id = wanted.system_id AND r.identifier = wanted.identifier
     JOIN customer c ON c.owner_id = $1 AND c.id = r.customer_id`,
    [tx.ownerId, known.map((r) => r.systemId), known.map((r) => r.identifier), showExcluded],
  );
  return new Map(rows.map((row) => [referenceKey(row), row.id]));
}

const keysOf = (texts: (string | undefined)[]): string[] => [
  ...new Set(texts.filter((text) => text !== undefined).map(caselessKey)),
];
