import { EventReason } from '../../src/event-reason.js';
import type { webhookFixture } from './webhook-fixture.js';

type Fixture = ReturnType<typeof webhookFixture>;
type Owner = Awaited<ReturnType<Fixture['owner']>>;

/** Makes a tag of an owner; gives ways to set it on customers and take it off, one event each. */
export async function tagOf(hub: Fixture, owner: Owner, name: string) {
  const [tag] = await hub.rows<{ id: string }>(
    'INSERT INTO tag (owner_id, name, name_key) VALUES ($1, $2, lower($2)) RETURNING id',
    [owner.id, name],
  );
  const { id } = tag!;
  return {
    id,
    set: async (customerIds: readonly string[]): Promise<void> => {
      await hub.rows(
        'INSERT INTO customer_tag (owner_id, customer_id, tag_id) SELECT $1, c, $2 FROM unnest($3::bigint[]) AS c',
        [owner.id, id, customerIds],
      );
      await owner.change(customerIds, EventReason.TAG);
    },
    unset: async (customerIds: readonly string[]): Promise<void> => {
      await hub.rows(
        'DELETE FROM customer_tag WHERE owner_id = $1 AND tag_id = $2 AND customer_id = ANY ($3::bigint[])',
        [owner.id, id, customerIds],
      );
      await owner.change(customerIds, EventReason.TAG);
    },
  };
}
