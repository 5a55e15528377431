import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { adminKey, startTestHub, type TestHub } from '../hub.js';
import { customerDesk, faults, identifier } from './customer-desk.js';

let hub: TestHub;
beforeAll(async () => {
  hub = await startTestHub({ env: { STAMDATA_ROLES: 'api' } });
});
afterAll(() => hub.stop());

const pair = { system: '6', identifier: 'gone' };
const admin = { admin: true };

/** An owner with a customer OPEN and an excluded one, GONE, that has one of everything. */
async function desk() {
  const opened = await customerDesk(hub);
  await opened.create({ code: 'OPEN', name: 'Open' });
  const input = { code: 'GONE', name: 'Gone', tags: ['VIP'], externalReferences: [pair] };
  const { customer } = await opened.create(input, 'tags { id }');
  const info = await opened.run<{ contactInfo: { id: string } }>(
    'createContactInfo',
    { customer: [identifier, { code: 'GONE' }], input: ['ContactInfoInput!', { kind: 'EMAIL', value: 'g@x.example' }] },
    'contactInfo { id }',
  );
  await opened.events();
  const excluded = await opened.exclude('GONE');
  const [tag] = customer!.tags as { id: string }[];
  return { ...opened, excluded, id: customer!.id, tagId: tag!.id, infoId: info.contactInfo.id };
}

describe('what is hidden', () => {
  test('A44: the answer to the exclusion has no customer without admin, and it is one event', async () => {
    const { excluded, events, exclude } = await desk();
    expect(excluded).toEqual({ customer: null, userErrors: [] });
    expect(await events()).toEqual(['GONE EXCLUDED']);
    expect(faults(await exclude('GONE'))).toEqual(['EXCLUDED customer']);
    expect((await exclude('GONE', true, admin)).customer).toMatchObject({ excluded: true, version: 3 });
    expect(await events()).toEqual([]);
  });

  test('A44: neither found, nor listed, nor counted; all of it with admin', async () => {
    const { find, id, owner } = await desk();
    const list = '{ customers(first: 100) { totalCount nodes { code } } }';
    for (const by of [{ id }, { code: 'gone' }, { external: pair }]) {
      expect(await find(by)).toBeNull();
      const selection = 'excluded snapshot { version name } contactInfos { value } externalReferences { identifier }';
      expect(await find(by, selection, admin)).toMatchObject({
        excluded: true,
        snapshot: { version: 3, name: 'Gone' },
        contactInfos: [{ value: 'g@x.example' }],
        externalReferences: [{ identifier: 'gone' }],
      });
    }
    expect(await owner.gql(list)).toEqual({ customers: { totalCount: 1, nodes: [{ code: 'OPEN' }] } });
    const all = await hub.request(list, {}, { key: adminKey, owner: owner.code });
    expect(all.data).toEqual({ customers: { totalCount: 2, nodes: [{ code: 'OPEN' }, { code: 'GONE' }] } });
  });

  test('A44: every write about it is EXCLUDED, and nothing is written', async () => {
    const { run, update, events, id, tagId, infoId, find } = await desk();
    await events();
    const gone: [string, unknown] = [identifier, { code: 'GONE' }];
    const email = { kind: 'EMAIL', value: 'x@x.example' };
    expect(faults(await update({ id }, { name: 'Back' }))).toEqual(['EXCLUDED by']);
    const writes: [string, Record<string, [string, unknown]>, string, string][] = [
      ['createContactInfo', { customer: gone, input: ['ContactInfoInput!', email] }, 'contactInfo { id }', 'customer'],
      ['updateContactInfo', { id: ['ID!', infoId], input: ['ContactInfoInput!', email] }, 'contactInfo { id }', 'id'],
      ['deleteContactInfo', { id: ['ID!', infoId] }, 'deletedId', 'id'],
      [
        'linkExternalSystem',
        { customer: gone, reference: ['ExternalReferenceInput!', pair] },
        'customer { id }',
        'customer',
      ],
      ['unlinkExternalSystem', { customer: gone, system: ['String!', '6'] }, 'customer { id }', 'customer'],
      [
        'setMarketingConsent',
        { customer: gone, input: ['ConsentInput!', { channel: 'EMAIL', accepted: true }] },
        'customer { id }',
        'customer',
      ],
      ['setVatStatus', { customer: gone, status: ['VatStatus!', 'OUTSIDE_EU'] }, 'customer { id }', 'customer'],
      ['tagCustomers', { tagId: ['ID!', tagId], customerIds: ['[ID!]!', [id]] }, 'changed', 'customerIds.0'],
      ['untagCustomers', { tagId: ['ID!', tagId], customerIds: ['[ID!]!', [id]] }, 'changed', 'customerIds.0'],
    ];
    for (const [name, args, selection, field] of writes)
      expect([name, ...faults(await run(name, args, selection))]).toEqual([name, `EXCLUDED ${field}`]);
    expect(await find({ id }, 'name', admin)).toMatchObject({ name: 'Gone', version: 3 });
    expect(await events()).toEqual([]);
  });

  test('A44: its number and its pair stay taken, without a word about whose they are', async () => {
    const { create, update, run, id } = await desk();
    const taken = { code: 'TAKEN', existingId: null };
    expect((await create({ code: 'gone', name: 'N' })).userErrors).toMatchObject([taken]);
    expect((await create({ code: 'N', name: 'N', externalReferences: [pair] })).userErrors).toMatchObject([taken]);
    expect((await update({ code: 'OPEN' }, { code: 'Gone' })).userErrors).toMatchObject([taken]);
    expect((await update({ code: 'OPEN' }, { externalReferences: [pair] })).userErrors).toMatchObject([taken]);
    const args: Record<string, [string, unknown]> = {
      customer: [identifier, { code: 'OPEN' }],
      reference: ['ExternalReferenceInput!', pair],
    };
    expect((await run('linkExternalSystem', args, 'customer { id }')).userErrors).toMatchObject([taken]);
    const told = { code: 'TAKEN', existingId: id };
    expect((await create({ code: 'gone', name: 'N' }, '', admin)).userErrors).toMatchObject([told]);
    expect((await run('linkExternalSystem', args, 'customer { id }', admin)).userErrors).toMatchObject([told]);
  });
});

describe('what happens to it meanwhile, and its return', () => {
  test('A44: changes by an admin, or of a tag it carries, are no events', async () => {
    const { events, owner, run, tagId, find, id } = await desk();
    await events();
    const changed = await hub.request<{ updateCustomer: { customer: object } }>(
      'mutation { updateCustomer(by: { code: "GONE" }, input: { city: "Oslo" }) { customer { version city } } }',
      {},
      { key: adminKey, owner: owner.code },
    );
    expect(changed.data.updateCustomer.customer).toEqual({ version: 4, city: 'Oslo' });
    await run('renameTag', { id: ['ID!', tagId], name: ['String!', 'Very'] }, 'tag { id }');
    expect(await events()).toEqual([]);
    expect(await find({ id }, 'snapshot { version tags { name value } }', admin)).toMatchObject({
      snapshot: { version: 5, tags: [{ name: 'Very', value: true }] },
    });
  });

  test('A44: lifting it needs admin; then it is all there again, with what changed meanwhile', async () => {
    const { exclude, events, find, owner } = await desk();
    const query = 'mutation { setCustomerExcluded(customer: { code: "GONE" }, excluded: false) { customer { id } } }';
    const refused = await hub.request(query, {}, { key: owner.key });
    expect(refused.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    await events();
    const back = await exclude('GONE', false, admin);
    expect(back.customer).toMatchObject({ excluded: false, version: 4 });
    expect(await events()).toEqual(['GONE INCLUDED']);
    expect(await find({ code: 'GONE' }, 'snapshot { version name }')).toMatchObject({
      snapshot: { version: 4, name: 'Gone' },
    });
    await exclude('GONE', false, admin);
    expect(await events()).toEqual([]);
  });

  test('who lacks customers:write excludes nobody', async () => {
    const { owner } = await desk();
    const key = await owner.newKey(['customers:read', 'customers:bulk']);
    const query = 'mutation { setCustomerExcluded(customer: { code: "OPEN" }, excluded: true) { customer { id } } }';
    const { errors } = await hub.request(query, {}, { key });
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  });
});
