import { afterAll, beforeAll, expect, test } from 'vitest';
import { endOfFeed, follow, startTestHub, type TestHub } from '../hub.js';
import { customerDesk } from './customer-desk.js';

let hub: TestHub;
beforeAll(async () => {
  hub = await startTestHub({ env: { STAMDATA_ROLES: 'api,relay' } });
});
afterAll(() => hub.stop());

interface Event {
  customerId: string;
  version: number;
  reasons: string[];
  snapshot: { name: string; version: number } | null;
}

const fields = 'customerId version reasons snapshot { name version }';

test('A44: the exclusion is an event without a snapshot, what follows is none, and the return has its snapshot again', async () => {
  const { owner, create, update, exclude, run } = await customerDesk(hub);
  const after = await endOfFeed(owner);
  const subscriptions = [owner.key, await owner.newKey(['changes:read', 'admin'])].map((key) =>
    follow<{ customerSnapshots: Event }>(
      hub.subscriber(key),
      `subscription ($after: String) { customerSnapshots(after: $after) { ${fields} } }`,
      { after },
    ),
  );
  const next = () => Promise.all(subscriptions.map(async (s) => (await s.next()).customerSnapshots));
  const both = (event: object) => [event, event];

  const { customer } = await create({ code: 'A', name: 'Ann', tags: ['VIP'] }, 'tags { id }');
  const customerId = customer!.id;
  const [tag] = customer!.tags as { id: string }[];
  expect(await next()).toMatchObject(
    both({ customerId, version: 1, reasons: ['CREATED'], snapshot: { name: 'Ann', version: 1 } }),
  );

  await exclude('A');
  expect(await next()).toEqual(both({ customerId, version: 2, reasons: ['EXCLUDED'], snapshot: null }));

  // versions 3 and 4 reach nobody: the next event that anybody sees is of another customer
  const renamed = await hub.request<{ updateCustomer: { customer: { version: number } } }>(
    'mutation { updateCustomer(by: { code: "A" }, input: { name: "Bo" }) { customer { version } } }',
    {},
    { owner: owner.code },
  );
  expect(renamed.data.updateCustomer.customer.version).toBe(3);
  await run('deleteTag', { id: ['ID!', tag!.id] }, 'deletedId');
  const other = await create({ code: 'B', name: 'Other' });
  expect(await next()).toMatchObject(both({ customerId: other.customer!.id, reasons: ['CREATED'] }));

  await exclude('A', false, { admin: true });
  expect(await next()).toEqual(
    both({ customerId, version: 5, reasons: ['INCLUDED'], snapshot: { name: 'Bo', version: 5 } }),
  );
  await update({ code: 'A' }, { name: 'Cy' });
  expect(await next()).toMatchObject(both({ version: 6, reasons: ['UPDATED'], snapshot: { name: 'Cy' } }));
});

test('A44: the feed shows no snapshot of an excluded customer, whatever the event was', async () => {
  const { owner, create, exclude } = await customerDesk(hub);
  const after = await endOfFeed(owner);
  await create({ code: 'A', name: 'Ann' });
  await exclude('A');
  const read = async () =>
    (
      await owner.gql<{ customerEvents: { nodes: Event[] } }>(
        `query ($after: String) { customerEvents(after: $after, first: 10) { nodes { ${fields} } } }`,
        { after },
      )
    ).customerEvents.nodes;
  await expect.poll(async () => (await read()).length).toBe(2);
  expect((await read()).map(({ reasons, snapshot }) => [reasons, snapshot])).toEqual([
    [['CREATED'], null],
    [['EXCLUDED'], null],
  ]);
  await exclude('A', false, { admin: true });
  await expect.poll(async () => (await read()).length).toBe(3);
  expect((await read()).map(({ snapshot }) => snapshot?.version)).toEqual([3, 3, 3]);
});
