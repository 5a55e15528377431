import { askHub, type Asking } from '../ask-hub.js';
import { Rejected, type Problem } from '../errors.js';
import type { KeyDesk, KeyLine } from './key-desk.js';

/** The keys of the owners that the asking key covers, through a running hub: that key needs the scope admin. */
export const hubKeys = (hub: Asking): KeyDesk => ({
  create: async ({ name, owners, scopes, expiresAt }) => {
    const { made } = await askHub<{ made: Made }>(
      hub,
      'mutation ($input: ApiKeyInput!) { made: createApiKey(input: $input) { key userErrors { code field message } } }',
      { input: { name, owners, scopes, expiresAt } },
    );
    return keyOf(made);
  },
  list: async () => {
    const { apiKeys } = await askHub<{ apiKeys: Told[] }>(
      hub,
      '{ apiKeys { id publicId name owners scopes expiresAt revokedAt lastUsedAt replacedBy } }',
    );
    return apiKeys.map(lineOf);
  },
  revoke: async (id) => {
    const { revoked } = await askHub<{ revoked: Answer }>(
      hub,
      'mutation ($id: ID!) { revoked: revokeApiKey(id: $id) { userErrors { code field message } } }',
      { id },
    );
    demandDone(revoked);
  },
  rotate: async (id, graceHours) => {
    const { made } = await askHub<{ made: Made }>(
      hub,
      `mutation ($id: ID!, $hours: Int!) {
        made: rotateApiKey(id: $id, graceHours: $hours) { key userErrors { code field message } } }`,
      { id, hours: graceHours },
    );
    return keyOf(made);
  },
});

interface Answer {
  userErrors: Problem[];
}
type Made = Answer & { key: string | null };
type Times = 'expiresAt' | 'revokedAt' | 'lastUsedAt';
type Told = Omit<KeyLine, Times> & Record<Times, string | null>;

function keyOf(made: Made): string {
  demandDone(made);
  return made.key!;
}

function demandDone({ userErrors }: Answer): void {
  if (userErrors.length > 0) throw new Rejected(userErrors);
}

const lineOf = ({ expiresAt, revokedAt, lastUsedAt, ...key }: Told): KeyLine => ({
  ...key,
  expiresAt: timeOf(expiresAt),
  revokedAt: timeOf(revokedAt),
  lastUsedAt: timeOf(lastUsedAt),
});

const timeOf = (text: string | null): Date | null => (text === null ? null : new Date(text));
