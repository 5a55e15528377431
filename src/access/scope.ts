export const scopes = [
  'customers:read',
  'customers:write',
  'customers:bulk',
  'customers:erase',
  'orders:write',
  'bookings:write',
  'webhooks:manage',
  'changes:read',
  'schema:read',
  'admin',
] as const;

/** What a key may do with the owners it covers. No scope contains another. */
export type Scope = (typeof scopes)[number];

export const isScope = (text: string): text is Scope => (scopes as readonly string[]).includes(text);
