import type { TestHub } from '../hub.js';

export interface Entry {
  id: string;
  at: string;
  actorKind: string;
  actorId: string | null;
  origin: string;
  requestId: string | null;
  action: string;
  reasons: string[];
  customerCount: number;
  customerIds: string[];
  subjectKind: string | null;
  subjectId: string | null;
}

/** The audit log of the key's owner, the newest first, up to 100; with a null key that of `owner`, by the operator's. */
export async function auditOf(hub: TestHub, key: string | null, filter: object, owner?: string): Promise<Entry[]> {
  const { data, errors } = await hub.request<{ auditLog: { nodes: Entry[] } }>(
    `query ($filter: AuditLogFilter) { auditLog(first: 100, filter: $filter) { nodes {
      id at actorKind actorId origin requestId action reasons customerCount customerIds(first: 3000) subjectKind subjectId } } }`,
    { filter },
    { ...(key === null ? {} : { key }), ...(owner === undefined ? {} : { owner }) },
  );
  if (errors) throw new Error(JSON.stringify(errors));
  return data.auditLog.nodes;
}
