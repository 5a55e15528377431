import type { Sql } from '../database/database.js';
import { subjectsShown, type Subject } from '../snapshot/subjects-shown.js';
import { systemsShown } from '../snapshot/systems-shown.js';
import type { Conditions } from './conditions.js';
import { toldOf, type Leavers } from './told-customers.js';

/** A customer as the rules of an endpoint see it. */
export interface JudgedCustomer {
  /** As it is now, and as a body would tell it; null: excluded, erased or unknown. */
  subject: Subject | null;
  /** Codes of the external systems it has a reference in; read only where a condition asks for them. */
  systems: readonly string[];
  /** Whether the endpoint was told of it and has not been told since that it left; kept only while there are conditions. */
  told: boolean;
}

/**
 * Reads customers as they are now, all in at most four statements. The systems are read after the snapshot: should they
 * change in between, that change is an event of its own, by which the customer is judged anew. `leavers`: who was told that
 * they left, and is not yet written down as that.
 */
export async function judgedCustomers(
  sql: Sql,
  place: { ownerId: string; endpoint: { id: string; conditions: Conditions | null }; leavers?: Leavers },
  customerIds: readonly string[],
  at: Date | null,
): Promise<Map<string, JudgedCustomer>> {
  if (customerIds.length === 0) return new Map();
  const { ownerId, endpoint, leavers } = place;
  const { id, conditions } = endpoint;
  const subjects = await subjectsShown(sql, ownerId, customerIds, at);
  const systems = conditions?.fromAnySystem ? await systemsShown(sql, ownerId, customerIds) : null;
  const told = conditions ? await toldOf(sql, { ownerId, endpointId: id }, customerIds) : null;
  return new Map(
    customerIds.map((customerId) => [
      customerId,
      {
        subject: subjects.get(customerId) ?? null,
        systems: systems?.get(customerId) ?? [],
        told: (told?.has(customerId) ?? false) && !leavers?.has(customerId),
      },
    ]),
  );
}
