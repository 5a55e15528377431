import { afterAll, beforeAll, expect, test } from 'vitest';
import { followPlans, tellPlans } from '../bulk/plan-work.js';
import { cloneDatabase, type Clone } from '../database-clone.js';
import { startTestHub, type TestHub, type TestOwner } from '../hub.js';

const many = 10_000;
const fewer = 3_000;
/** What a connection calls often enough for PostgreSQL to keep a plan for any parameters. */
const often = 12;
/** The 21 rows of a page, each with the owner's handful of external systems at the worst. */
const most = 21 * 15;

let clone: Clone;
let hub: TestHub;
/** One whom PostgreSQL's statistics know, and one who came after them. */
let owner: TestOwner;
let newcomer: TestOwner;
let looked: Map<string, number>;
beforeAll(async () => {
  clone = await cloneDatabase();
  await tellPlans(clone);
  hub = await startTestHub({ clone, env: { STAMDATA_ROLES: 'api' } });
  looked = followPlans(hub);
  owner = await hub.owner();
  await addCustomers(owner, many);
  await clone.sql('ANALYZE');
  newcomer = await hub.owner();
  await addCustomers(newcomer, fewer);
}, 60_000);
afterAll(async () => {
  await hub.stop();
  await clone.drop();
});

/** Customers C0 up to C<count>, with all that a list shows of them. */
async function addCustomers({ id }: TestOwner, count: number): Promise<void> {
  for (const statement of [
    `INSERT INTO customer (owner_id, code, code_key, type, name, sex)
     SELECT $1, 'C' || n, 'c' || n, 'PERSON', 'N', 0 FROM generate_series(0, ${count - 1}) n ORDER BY n`,
    `INSERT INTO customer_snapshot (owner_id, customer_id, version, body)
     SELECT owner_id, id, 1, jsonb_build_object('customerId', id::text, 'code', code, 'tags', '[]'::jsonb,
       'ordersTotalCount', 0, 'ordersTotalValue', '0.00', 'acceptsMarketingEmail', false, 'acceptsMarketingSms', false)
     FROM customer WHERE owner_id = $1`,
    `INSERT INTO contact_info (owner_id, customer_id, kind, value)
     SELECT owner_id, id, 'EMAIL', 'a@b.c' FROM customer WHERE owner_id = $1`,
    `INSERT INTO external_reference (owner_id, customer_id, system_id, identifier)
     SELECT owner_id, id, (SELECT id FROM external_system WHERE owner_id = $1 AND code = 'WOOCOMMERCE'), code
     FROM customer WHERE owner_id = $1`,
  ])
    await clone.sql(statement, [id]);
}

const shown = '{ contactInfos { value } snapshot { code } externalReferences { identifier system { code } } }';
/** Behind or before the customer at a place. */
const cursor = (first: string, place: number) => Buffer.from(`id:${Number(first) + place}`).toString('base64url');

test.each<[string, string, (first: string, place: number) => object]>([
  [
    'a page',
    `query ($at: String) { customers(first: 20, after: $at) { nodes ${shown} } }`,
    (first, place) => ({ at: cursor(first, place) }),
  ],
  [
    'a page backward',
    `query ($at: String) { customers(last: 20, before: $at) { nodes ${shown} } }`,
    (first, place) => ({ at: cursor(first, place) }),
  ],
  [
    'a look-up by an external pair',
    `query ($at: String!) { customer(by: { external: { system: "WOOCOMMERCE", identifier: $at } }) ${shown} }`,
    (_, place) => ({ at: `C${place}` }),
  ],
])('issue 7: by the plan that is kept, %s looks at the same few rows, wherever it is', async (_, query, variables) => {
  const ask = async (asked: TestOwner, place: number): Promise<number> => {
    const [row] = await clone.sql<{ first: string }>(
      'SELECT min(id)::text AS first FROM customer WHERE owner_id = $1',
      [asked.id],
    );
    looked.clear();
    expect(JSON.stringify(await asked.gql(query, variables(row!.first, place)))).toContain('WOOCOMMERCE');
    return looked.get('customerTexts') ?? 0;
  };
  for (let i = 0; i < often; i++) await ask(owner, 100);
  const early = await ask(owner, 100);
  expect(early).toBeGreaterThan(0);
  expect(early).toBeLessThan(most);
  expect(await ask(owner, many - 100)).toBeLessThan(most);
  expect(await ask(newcomer, fewer - 100)).toBeLessThan(most);
});
