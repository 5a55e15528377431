import type { PartialDate } from '../format/partial-date.js';
import { customerFieldNames, type FoundCustomer } from './customer-pages.js';

/** A customer as an import takes it back, with its snapshot, which an import passes over. */
export interface ExportedRow {
  externalReferences: { system: string; identifier: string }[];
  tags: string[];
  snapshot: Record<string, unknown>;
  [field: string]: unknown;
}

/** Logins and consents are not in it: one is a secret, the other a statement that only its customer can make again. */
export function exportedRow({
  birthDate,
  externalReferences,
  tags,
  snapshot,
  ...customer
}: FoundCustomer): ExportedRow {
  const values = { ...customer, birthDate: dateText(birthDate) } as Record<string, unknown>;
  return {
    ...Object.fromEntries(customerFieldNames.map((name) => [name, values[name]])),
    externalReferences: externalReferences.map(({ identifier, system }) => ({ system: system.code, identifier })),
    tags: tags.map(({ name }) => name),
    snapshot,
  };
}

/** `0000-05-17`: zeros for what is not known. */
export function dateText(date: PartialDate | null): string | null {
  if (date === null) return null;
  const part = (value: number | null, digits: number) => String(value ?? 0).padStart(digits, '0');
  return [part(date.year, 4), part(date.month, 2), part(date.day, 2)].join('-');
}
