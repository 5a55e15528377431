import { makeManyKinds } from '../customer/many-kinds.js';
import type { TestHub, TestOwner } from '../hub.js';

/** An owner with `count` of everything that a query can list. For a hub whose machines are not running. */
export async function filledOwner(hub: TestHub, count: number): Promise<TestOwner> {
  const owner = await hub.owner();
  await makeManyKinds(hub, owner, count);
  for (let i = 1; i < count; i++) await owner.newKey(['customers:read'], `key ${i}`);
  const add = (statement: string) =>
    hub.clone.sql(statement.replaceAll('EACH', `generate_series(1, ${count}) AS n`), [owner.id]);
  await add(`INSERT INTO tag (owner_id, name, name_key) SELECT $1, 'Tag ' || n, 'tag ' || n FROM EACH`);
  await add(`INSERT INTO external_system (owner_id, code, name) SELECT $1, 'SYSTEM_' || n, 'System' FROM EACH`);
  await add(
    `INSERT INTO bulk_operation (owner_id, kind, state, dry_run, requested_by, settings_hash, lease_until, ended_at)
     SELECT $1, 'IMPORT_CUSTOMERS', 'DONE', false, 'test', '', now(), now() FROM EACH`,
  );
  await add(
    `WITH fed AS (INSERT INTO feed (owner_id, pos, customer_id, version, reasons, occurred_at)
       SELECT owner_id, row_number() OVER (ORDER BY id), id, version, '{UPDATED}', now() FROM customer WHERE owner_id = $1 RETURNING pos)
     INSERT INTO feed_head (owner_id, last_pos, min_pos) SELECT $1, max(pos), 1 FROM fed
     ON CONFLICT (owner_id) DO UPDATE SET last_pos = excluded.last_pos, min_pos = 1`,
  );
  await add(
    `WITH made AS (INSERT INTO webhook_endpoint (owner_id, url) SELECT $1, 'https://example.com/' || n FROM EACH RETURNING id)
     INSERT INTO webhook_cursor (owner_id, endpoint_id, acked_pos) SELECT $1, id, 0 FROM made`,
  );
  const perEndpoint = 'webhook_endpoint e, EACH WHERE e.owner_id = $1';
  await add(
    `INSERT INTO webhook_attempt (owner_id, endpoint_id, webhook_id, attempt, state, status, duration_ms)
     SELECT $1, e.id, 'w' || n, 1, CASE WHEN n = 1 THEN 'DEAD' ELSE 'SUCCEEDED' END, 500, 3 FROM ${perEndpoint}`,
  );
  await add(
    `INSERT INTO webhook_replay (owner_id, endpoint_id, kind, until_key, state, selected, requested_by, finished_at)
     SELECT $1, e.id, 'EVENTS', 1, 'DONE', 1, 'test', now() FROM ${perEndpoint}`,
  );
  await add(
    `INSERT INTO webhook_parked (owner_id, endpoint_id, customer_id, first_pos, last_pos, attempt, state)
     SELECT $1, e.id, c.id, 1, 1, 1, 'DEAD' FROM webhook_endpoint e JOIN customer c USING (owner_id) WHERE e.owner_id = $1`,
  );
  for (let i = 0; i < count; i++)
    await owner.gql(
      'mutation ($input: GuestFeedInput!) { createGuestFeed(input: $input) { userErrors { message } } }',
      {
        input: { name: `Feed ${i}`, baseUrl: 'https://example.com', hotelId: 'H', accessKey: 'secret' },
      },
    );
  await add(
    `INSERT INTO guest_feed_run (owner_id, feed_id, started_at, finished_at)
     SELECT $1, f.id, now(), now() FROM guest_feed f, EACH WHERE f.owner_id = $1`,
  );
  return owner;
}
