import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestHub, type TestHub } from '../hub.js';
import { customerDesk, faults, identifier, type CustomerDesk, type Payload } from './customer-desk.js';

let hub: TestHub;
beforeAll(async () => {
  hub = await startTestHub({ env: { STAMDATA_ROLES: 'api' } });
});
afterAll(() => hub.stop());

const pair = { system: '6', identifier: 'w-1' };
const email = { kind: 'EMAIL', value: 'new@x.example' };

/** Every mutation about one customer, each naming it in another way. */
const writes: [
  string,
  (names: { id: string; infoId: string; tagId: string }) => Record<string, [string, unknown]>,
  string,
][] = [
  [
    'updateCustomer',
    () => ({ by: [identifier, { external: pair }], input: ['UpdateCustomerInput!', { name: 'N' }] }),
    'customer { id }',
  ],
  [
    'linkExternalSystem',
    () => ({
      customer: [identifier, { code: 'a' }],
      reference: ['ExternalReferenceInput!', { system: '5', identifier: 'm' }],
    }),
    'customer { id }',
  ],
  [
    'unlinkExternalSystem',
    ({ id }) => ({ customer: [identifier, { id }], system: ['String!', '6'] }),
    'customer { id }',
  ],
  [
    'setMarketingConsent',
    ({ id }) => ({ customer: [identifier, { id }], input: ['ConsentInput!', { channel: 'SMS', accepted: true }] }),
    'customer { id }',
  ],
  [
    'setVatStatus',
    () => ({ customer: [identifier, { code: 'A' }], status: ['VatStatus!', 'OUTSIDE_EU'] }),
    'customer { id }',
  ],
  [
    'setCustomerExcluded',
    () => ({ customer: [identifier, { code: 'A' }], excluded: ['Boolean!', true] }),
    'customer { id }',
  ],
  [
    'createContactInfo',
    () => ({ customer: [identifier, { external: pair }], input: ['ContactInfoInput!', email] }),
    'contactInfo { id }',
  ],
  [
    'updateContactInfo',
    ({ infoId }) => ({ id: ['ID!', infoId], input: ['ContactInfoInput!', email] }),
    'contactInfo { id }',
  ],
  ['deleteContactInfo', ({ infoId }) => ({ id: ['ID!', infoId] }), 'deletedId'],
  ['tagCustomers', ({ id, tagId }) => ({ tagId: ['ID!', tagId], customerIds: ['[ID!]!', [id]] }), 'changed'],
];

test('A44: a customer that is excluded while a write waits for it is written no more by a key without admin', async () => {
  const desk = await customerDesk(hub);
  const made = await desk.create({ code: 'A', name: 'A', externalReferences: [pair] });
  const { contactInfo } = await desk.run<{ contactInfo: { id: string } }>(
    'createContactInfo',
    { customer: [identifier, { code: 'A' }], input: ['ContactInfoInput!', { kind: 'EMAIL', value: 'old@x.example' }] },
    'contactInfo { id }',
  );
  const { tag } = await desk.run<{ tag: { id: string } }>('createTag', { name: ['String!', 'VIP'] }, 'tag { id }');
  const { id } = made.customer!;
  const names = { id, infoId: contactInfo.id, tagId: tag.id };
  await desk.events();
  const before = await everythingOf(id);

  const answers = await duringExclusion(desk, id, () =>
    writes.map(([name, args, selection]) => desk.run<object>(name, args(names), selection)),
  );

  expect(answers.map((answer) => faults(answer).map((fault) => fault.split(' ')[0]))).toEqual(
    writes.map(() => ['EXCLUDED']),
  );
  expect(await everythingOf(id)).toEqual(before);
  expect(await desk.events()).toEqual([]);
});

/** Excludes in a transaction that ends only when all the writes wait for the customer's row. */
async function duringExclusion(
  desk: CustomerDesk,
  id: string,
  start: () => Promise<Payload<object>>[],
): Promise<Payload<object>[]> {
  const other = new Client({ connectionString: hub.clone.url });
  await other.connect();
  try {
    await other.query('BEGIN');
    await other.query('UPDATE customer SET excluded = true WHERE owner_id = $1 AND id = $2', [desk.owner.id, id]);
    const running = start();
    const waiting = async () =>
      (
        await hub.clone.sql(
          `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
        )
      ).length;
    await expect.poll(waiting, { timeout: 10_000 }).toBe(running.length);
    await other.query('COMMIT');
    return await Promise.all(running);
  } finally {
    await other.end();
  }
}

/** The rows that the writes would have changed; `excluded` itself is left out. */
const everythingOf = (id: string) =>
  hub.clone.sql(
    `SELECT c.name, c.version, c.vat_status, (SELECT jsonb_agg(r) FROM external_reference r WHERE r.customer_id = c.id) AS links,
       (SELECT jsonb_agg(i) FROM contact_info i WHERE i.customer_id = c.id) AS infos,
       (SELECT count(*)::int FROM consent s WHERE s.customer_id = c.id) AS consents,
       (SELECT count(*)::int FROM customer_tag t WHERE t.customer_id = c.id) AS tags
     FROM customer c WHERE c.id = $1`,
    [id],
  );
