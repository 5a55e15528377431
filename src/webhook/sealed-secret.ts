import type { SealedColumn } from '../sealed-column.js';
import type { Secret } from '../secret.js';

/** A signing secret as the database has it, `sealed` in hex. */
export interface SealedSecret {
  keyNo: number;
  sealed: string;
}

const purpose = 'webhook secret';

interface Place {
  ownerId: string;
  endpointId: string;
}

/** Seals a signing secret for its place: it opens nowhere else. */
export function sealSecret(secret: Secret, place: Place, keyNo: number, plain: string): Buffer {
  return secret.seal(purpose, placeText(place, keyNo), plain);
}

/** The signing secrets in the order given. @throws when one was sealed under another hub's secret, or altered. */
export function openSecrets(secret: Secret, place: Place, sealed: readonly SealedSecret[]): string[] {
  return sealed.map(({ keyNo, sealed: hex }) =>
    secret.open(purpose, placeText(place, keyNo), Buffer.from(hex, 'hex')).toString('utf8'),
  );
}

export const sealedWebhookSecrets: SealedColumn = {
  ...{ what: 'webhook secrets', purpose, table: 'webhook_secret', column: 'sealed' },
  key: { owner_id: 'bigint', endpoint_id: 'bigint', key_no: 'integer' },
  placeOf: (row) => placeText({ ownerId: row.owner_id!, endpointId: row.endpoint_id! }, Number(row.key_no)),
};

const placeText = ({ ownerId, endpointId }: Place, keyNo: number): string => `${ownerId}|${endpointId}|${keyNo}`;
