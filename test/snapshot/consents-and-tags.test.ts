import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestHub, type TestHub } from '../hub.js';
import { guestBook, type Guest, type GuestBook } from './guest-book.js';

let hub: TestHub;
beforeAll(async () => {
  hub = await startTestHub({ env: { STAMDATA_ROLES: 'api' } });
});
afterAll(() => hub.stop());

const consent = ({ owner }: GuestBook, { id }: Guest, input: object) =>
  owner.gql(
    `mutation ($id: ID!, $input: ConsentInput!) {
       setMarketingConsent(customer: { id: $id }, input: $input) { userErrors { message } } }`,
    { id, input },
  );

describe('G28, G29: consents', () => {
  test('each channel by itself', async () => {
    const book = await guestBook(hub);
    const guest = await book.guest();
    await consent(book, guest, { channel: 'EMAIL', accepted: true });
    expect(await book.snapshot(guest)).toMatchObject({ acceptsMarketingEmail: true, acceptsMarketingSms: false });
    await consent(book, guest, { channel: 'SMS', accepted: true });
    await consent(book, guest, { channel: 'EMAIL', accepted: false });
    expect(await book.snapshot(guest)).toMatchObject({ acceptsMarketingEmail: false, acceptsMarketingSms: true });
  });

  test('given with the customer', async () => {
    const book = await guestBook(hub);
    const guest = await book.guest({ acceptsMarketingSms: true });
    expect(await book.snapshot(guest)).toMatchObject({
      acceptsMarketingEmail: false,
      acceptsMarketingSms: true,
      version: 1,
    });
  });

  test('what happened last decides, not what was told last; of two at once the withdrawal', async () => {
    const book = await guestBook(hub);
    const guest = await book.guest();
    await consent(book, guest, { channel: 'EMAIL', accepted: false, occurredAt: '2026-02-01T00:00:00Z' });
    await consent(book, guest, { channel: 'EMAIL', accepted: true, occurredAt: '2026-01-01T00:00:00Z' });
    expect((await book.snapshot(guest)).acceptsMarketingEmail).toBe(false);
    await consent(book, guest, { channel: 'SMS', accepted: false, occurredAt: '2026-02-01T00:00:00Z' });
    await consent(book, guest, { channel: 'SMS', accepted: true, occurredAt: '2026-02-01T00:00:00Z' });
    expect((await book.snapshot(guest)).acceptsMarketingSms).toBe(false);
  });
});

describe('G30, G31, G32: tags', () => {
  const createTag = async ({ owner }: GuestBook, name: string) =>
    (
      await owner.gql<{ createTag: { tag: { id: string } } }>(
        'mutation ($name: String!) { createTag(name: $name) { tag { id } } }',
        { name },
      )
    ).createTag.tag.id;
  const setTag = ({ owner }: GuestBook, verb: 'tagCustomers' | 'untagCustomers', tagId: string, ids: string[]) =>
    owner.gql(`mutation ($tagId: ID!, $ids: [ID!]!) { ${verb}(tagId: $tagId, customerIds: $ids) { changed } }`, {
      tagId,
      ids,
    });
  const outboxOf = ({ id }: Guest) =>
    hub.clone.sql<{ reasons: string[] }>('SELECT reasons FROM outbox WHERE customer_id = $1 ORDER BY id', [id]);

  test('every tag of the owner with 0 or 1, in the order in which they were made', async () => {
    const book = await guestBook(hub);
    const guest = await book.guest();
    const [zoo, vip] = [await createTag(book, 'Zoo'), await createTag(book, 'VIP "gold"')];
    await setTag(book, 'tagCustomers', vip, [guest.id]);
    expect((await book.snapshot(guest)).tags).toEqual([
      { id: zoo, name: 'Zoo', value: false },
      { id: vip, name: 'VIP "gold"', value: true },
    ]);
    await setTag(book, 'untagCustomers', vip, [guest.id]);
    expect((await book.snapshot(guest)).tags.map((tag) => tag.value)).toEqual([false, false]);
  });

  test('a new tag is no event and yet shown at once', async () => {
    const book = await guestBook(hub);
    const guest = await book.guest();
    const before = await outboxOf(guest);
    const id = await createTag(book, 'New');
    expect(await book.snapshot(guest)).toMatchObject({ version: 1, tags: [{ id, name: 'New', value: false }] });
    expect(await outboxOf(guest)).toEqual(before);
  });

  test('a renamed tag is an event for those who carry it, and for nobody else', async () => {
    const book = await guestBook(hub);
    const [holder, other] = [await book.guest(), await book.guest()];
    const id = await createTag(book, 'Old name');
    await setTag(book, 'tagCustomers', id, [holder.id]);
    await book.owner.gql('mutation ($id: ID!) { renameTag(id: $id, name: "New name") { tag { id } } }', { id });
    expect(await book.snapshot(holder)).toMatchObject({ version: 3, tags: [{ id, name: 'New name', value: true }] });
    expect(await book.snapshot(other)).toMatchObject({ version: 1, tags: [{ id, name: 'New name', value: false }] });
    expect((await outboxOf(holder)).map((event) => event.reasons)).toEqual([['CREATED'], ['TAG'], ['TAG']]);
    expect(await outboxOf(other)).toHaveLength(1);
  });

  test('a deleted tag leaves the list of all and is an event for those who carried it', async () => {
    const book = await guestBook(hub);
    const [holder, other] = [await book.guest(), await book.guest()];
    const id = await createTag(book, 'Gone');
    await setTag(book, 'tagCustomers', id, [holder.id]);
    await book.owner.gql('mutation ($id: ID!) { deleteTag(id: $id) { deletedId } }', { id });
    expect(await book.snapshot(holder)).toMatchObject({ version: 3, tags: [] });
    expect(await book.snapshot(other)).toMatchObject({ version: 1, tags: [] });
  });

  test('a tag that is set twice is set once', async () => {
    const book = await guestBook(hub);
    const guest = await book.guest();
    const id = await createTag(book, 'Once');
    await setTag(book, 'tagCustomers', id, [guest.id, guest.id]);
    await setTag(book, 'tagCustomers', id, [guest.id]);
    expect(await book.snapshot(guest)).toMatchObject({ version: 2, tags: [{ id, value: true }] });
  });

  test('tags of another owner are not in the list', async () => {
    const [mine, theirs] = [await guestBook(hub), await guestBook(hub)];
    await createTag(theirs, 'Theirs');
    expect((await mine.snapshot(await mine.guest())).tags).toEqual([]);
  });
});
