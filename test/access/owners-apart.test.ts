import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSchema } from '../../src/schema.js';
import { endOfFeed, follow, startTestHub, type TestHub } from '../hub.js';
import { attemptsOn, type Attempt } from './attempts.js';
import { furnishedOwner, type FurnishedOwner } from './furnished-owner.js';
import { unknown, type Names } from './names.js';

/** Fields that take no name of anything: what they list or make is the caller's own. */
const nameless = [
  ...['viewer', 'owner', 'externalSystems', 'tags', 'webhookEndpoints', 'apiKeys', 'feedCursor'],
  ...['createCustomer', 'createTag', 'createExternalSystem', 'createWebhookEndpoint', 'createOwner'],
  ...['guestFeeds', 'createGuestFeed', 'bulkOperations'],
];
/** Tried by a test of its own below. */
const byCursor = ['customerSnapshots'];

let hub: TestHub;
let victim: FurnishedOwner;
let me: FurnishedOwner;
let theirs: Names;
beforeAll(async () => {
  hub = await startTestHub();
  [victim, me] = [await furnishedOwner(hub, 'alpha'), await furnishedOwner(hub, 'beta')];
  theirs = victim;
});
afterAll(() => hub.stop());

test('design C: every field that takes a name of anything is tried below', async () => {
  const schema = await createSchema();
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  const fields = [...new Set(roots.flatMap((root) => Object.keys(root!.getFields())))];
  const tried = new Set(attemptsOn(me, theirs).map(({ field }) => field));
  expect([...tried, ...nameless, ...byCursor].sort()).toEqual(fields.sort());
});

test('design C: what another owner has is answered exactly like what there never was, and nothing of it changes', async () => {
  const before = await everythingOf(victim);
  const foreign = attemptsOn(me, theirs);
  const never = attemptsOn(me, unknown);
  for (const [i, attempt] of foreign.entries()) {
    const label = `${attempt.field} ${JSON.stringify(attempt.variables)}`;
    const found = await answerTo(attempt);
    const missed = await answerTo(never[i]!);
    expect(withoutNames(found, theirs), label).toEqual(withoutNames(missed, unknown));
    expect(isRefusal(missed), `${label}: ${missed}`).toBe(true);
  }
  expect(await everythingOf(victim)).toEqual(before);
});

test("design C: the same attempts succeed on what is one's own, so the test above can fail", async () => {
  const own = await furnishedOwner(hub, 'gamma');
  const refused: string[] = [];
  for (const attempt of attemptsOn(own, own)) {
    // each on an owner as it was furnished would be dear: reads, and one write of each kind that leaves the rest in place
    if (/^(delete|revoke|updateOwner|unlink|sendTest|record|setCustomerExcluded)/.test(attempt.field)) continue;
    const answer = await answerTo(attempt, own.key);
    if (isRefusal(answer)) refused.push(`${attempt.field}: ${answer}`);
  }
  expect(refused).toEqual([]);
});

test("design C: lists have what is one's own and nothing else", async () => {
  const lists = await hub.request<Record<string, { nodes: object[]; totalCount?: number } & object[]>>(
    `{ customers(first: 100) { totalCount nodes { id code } } tags { id } webhookEndpoints { id } apiKeys { id } guestFeeds { id runs { sent } }
       deliveries(first: 100) { totalCount nodes { id } } customerEvents(first: 100) { nodes { customerId } } }`,
    {},
    { key: me.key },
  );
  expect(lists.data.customers!.nodes).toEqual([{ id: me.customer, code: me.code }]);
  expect(lists.data.customers!.totalCount).toBe(1);
  expect(lists.data.tags).toEqual([{ id: me.tag }]);
  expect(lists.data.webhookEndpoints).toEqual([{ id: me.endpoint }]);
  expect(lists.data.guestFeeds).toEqual([{ id: me.guestFeed, runs: [{ sent: 0 }] }]);
  expect(lists.data.deliveries).toMatchObject({ totalCount: 1, nodes: [{}] });
  expect(new Set(lists.data.customerEvents!.nodes.map((node) => JSON.stringify(node)))).toEqual(
    new Set([JSON.stringify({ customerId: me.customer })]),
  );
  const keys = await hub.clone.sql('SELECT api_key_id AS id FROM api_key_owner WHERE owner_id = $1 ORDER BY 1', [
    me.owner.id,
  ]);
  expect(lists.data.apiKeys).toEqual(keys);
});

test('A40, A42: codes, pairs, logins, tags, numbers and idempotency keys of another owner are free', async () => {
  const twin = await furnishedOwner(hub, 'alpha'); // the same words as the victim, throughout
  expect([twin.code, twin.booking, twin.identifier]).toEqual([victim.code, victim.booking, victim.identifier]);
  expect(twin.customer).not.toBe(victim.customer);
  const made = await hub.request<{ createCustomer: { userErrors: object[] } }>(
    'mutation ($code: String!) { createCustomer(input: { code: $code, name: "X" }) { userErrors { code existingId } } }',
    { code: victim.code },
    { key: me.key },
  );
  expect(made.data.createCustomer.userErrors).toEqual([]);
});

test('D3: a cursor of another owner is refused, pulled and subscribed', async () => {
  const pulled = await hub.request(
    'query ($c: String!) { customerEvents(after: $c) { nodes { cursor } } }',
    { c: victim.cursor },
    { key: me.key },
  );
  expect(pulled.errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  const events = follow(
    hub.subscriber(me.key),
    'subscription ($c: String!) { customerSnapshots(after: $c) { cursor } }',
    { c: victim.cursor },
  );
  expect((await events.nextResult()).errors?.[0]?.extensions?.code).toBe('BAD_USER_INPUT');
});

test("D2: a subscription to another owner's customer stays silent, while its own goes on", async () => {
  const after = await endOfFeed(me.owner);
  const events = follow<{ customerSnapshots: { customerId: string } }>(
    hub.subscriber(me.key),
    'subscription ($c: String!, $ids: [ID!]) { customerSnapshots(after: $c, customers: $ids) { customerId } }',
    { c: after, ids: [victim.customer, me.customer] },
  );
  const rename =
    'mutation ($by: CustomerIdentifierInput!, $n: String!) { updateCustomer(by: $by, input: { name: $n }) { userErrors { code } } }';
  const first = events.next();
  await victim.owner.gql(rename, { by: { id: victim.customer }, n: 'Heard by nobody else' });
  await me.owner.gql(rename, { by: { id: me.customer }, n: 'Heard' });
  expect((await first).customerSnapshots.customerId).toBe(me.customer);
});

async function answerTo({ query, variables }: Attempt, key = me.key): Promise<string> {
  const { data, errors } = await hub.request(query, variables, { key });
  return JSON.stringify({
    data,
    errors: errors?.map(({ message, extensions }) => ({ message, code: extensions.code })),
  });
}

/** The owner's code comes back in a refusal, as it was sent; nothing else does. */
const withoutNames = (answer: string, { ownerCode }: Names): string => answer.replaceAll(ownerCode, '…');

const isRefusal = (answer: string): boolean =>
  /"code":"(NOT_FOUND|FORBIDDEN|BAD_USER_INPUT)"|"(customer|webhookReplay|bulkOperation)":null\}|"totalCount":0/.test(
    answer,
  );

/** All rows of an owner, as one digest per table. Leases move by themselves: the cursor's table is left out. */
async function everythingOf({ owner }: FurnishedOwner): Promise<Record<string, string>> {
  const tables = await hub.clone.sql<{ name: string }>(
    `SELECT attrelid::regclass::text AS name FROM pg_attribute JOIN pg_class c ON c.oid = attrelid
     WHERE attname = 'owner_id' AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relname <> 'webhook_cursor'`,
  );
  const digests: Record<string, string> = {};
  for (const { name } of tables) {
    const [row] = await hub.clone.sql<{ digest: string }>(
      `SELECT count(*) || ' ' || coalesce(md5(string_agg(t::text, ' ' ORDER BY t::text)), '') AS digest FROM ${name} t WHERE owner_id = $1`,
      [owner.id],
    );
    digests[name] = row!.digest;
  }
  return { ...digests, owner: JSON.stringify(await hub.clone.sql('SELECT * FROM owner WHERE id = $1', [owner.id])) };
}
