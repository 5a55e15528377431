import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { customerDesk, faults } from '../customer/customer-desk.js';
import { startTestHub, type TestHub } from '../hub.js';

let hub: TestHub;
beforeAll(async () => {
  hub = await startTestHub({ env: { STAMDATA_ROLES: 'api' } });
});
afterAll(() => hub.stop());

interface Tag {
  id: string;
  name: string;
}
interface Tagged {
  customerIds: string[];
  changed: number;
}

async function desk(codes = ['A', 'B', 'C']) {
  const opened = await customerDesk(hub);
  const ids: Record<string, string> = {};
  for (const code of codes) ids[code] = (await opened.create({ code, name: code })).customer!.id;
  await opened.events();
  const make = (name: string) =>
    opened.run<{ tag: Tag | null }>('createTag', { name: ['String!', name] }, 'tag { id name }');
  const rename = (id: string, name: string) =>
    opened.run<{ tag: Tag | null }>('renameTag', { id: ['ID!', id], name: ['String!', name] }, 'tag { id name }');
  const remove = (id: string) =>
    opened.run<{ deletedId: string | null }>('deleteTag', { id: ['ID!', id] }, 'deletedId');
  const change = (mutation: string) => (tagId: string, customerIds: string[]) =>
    opened.run<Tagged>(
      mutation,
      { tagId: ['ID!', tagId], customerIds: ['[ID!]!', customerIds] },
      'customerIds changed',
    );
  const tagsShown = async (code: string) =>
    ((await opened.find({ code }, 'snapshot { tags { name value } }'))!.snapshot as { tags: object[] }).tags;
  const tags = async () => (await opened.owner.gql<{ tags: Tag[] }>('{ tags { id name } }')).tags;
  return {
    ...opened,
    ids,
    make,
    rename,
    remove,
    tag: change('tagCustomers'),
    untag: change('untagCustomers'),
    tagsShown,
    tags,
  };
}

describe('tags', () => {
  test('G32: a new tag is no event, but every snapshot that is read from now on has it', async () => {
    const { make, events, tagsShown, tags, find } = await desk();
    const { tag } = await make(' VIP ');
    expect(tag).toMatchObject({ name: 'VIP' });
    expect(await events()).toEqual([]);
    expect(await tagsShown('A')).toEqual([{ name: 'VIP', value: false }]);
    expect(await find({ code: 'A' })).toMatchObject({ version: 1 });
    expect(await tags()).toEqual([tag]);
  });

  test('a name is 1 to 50 characters, and taken in any case; other owners have their own', async () => {
    const { make, tags } = await desk([]);
    const wrong: [string, string][] = [
      ['', 'REQUIRED name'],
      [' \t', 'REQUIRED name'],
      ['😀'.repeat(51), 'TOO_LONG name'],
      ['nul \0', 'INVALID name'],
      ['half \ud800', 'INVALID name'],
    ];
    for (const [name, fault] of wrong) expect(faults(await make(name))).toEqual([fault]);
    expect(faults(await make('😀'.repeat(50)))).toEqual([]);
    expect(faults(await make('Ærø'))).toEqual([]);
    for (const name of ['Ærø', 'ærØ', ' ÆRØ '])
      expect((await make(name)).userErrors).toMatchObject([{ code: 'TAKEN', field: 'name', existingId: null }]);
    expect(await tags()).toHaveLength(2);
    expect(faults(await (await desk([])).make('Ærø'))).toEqual([]);
  });

  test('renaming is an event for those who carry it, also in case alone; the same name is none', async () => {
    const { make, rename, tag, ids, events, tagsShown } = await desk();
    const vip = (await make('vip')).tag!;
    await make('Press');
    await tag(vip.id, [ids.A!, ids.C!]);
    await events();
    expect((await rename(vip.id, 'VIP')).tag).toEqual({ id: vip.id, name: 'VIP' });
    expect((await events()).sort()).toEqual(['A TAG', 'C TAG']);
    expect(await tagsShown('A')).toEqual([
      { name: 'VIP', value: true },
      { name: 'Press', value: false },
    ]);
    expect(faults(await rename(vip.id, ' VIP '))).toEqual([]);
    expect(faults(await rename(vip.id, 'press'))).toEqual(['TAKEN name']);
    expect(faults(await rename(vip.id, ''))).toEqual(['REQUIRED name']);
    expect(await events()).toEqual([]);
  });

  test('deleting is an event for those who carried it, and takes it off everybody', async () => {
    const { make, remove, tag, ids, events, tagsShown, find } = await desk();
    const vip = (await make('VIP')).tag!;
    await tag(vip.id, [ids.B!]);
    await events();
    expect(await remove(vip.id)).toEqual({ deletedId: vip.id, userErrors: [] });
    expect(await events()).toEqual(['B TAG']);
    expect(await tagsShown('B')).toEqual([]);
    expect(await find({ code: 'B' }, 'tags { name }')).toMatchObject({ tags: [], version: 3 });
    expect(faults(await remove(vip.id))).toEqual(['NOT_FOUND id']);
    expect(faults(await make('vip'))).toEqual([]);
  });

  test('of calls at once that want one name exactly one gets it', async () => {
    const { make, rename } = await desk([]);
    const made = await Promise.all(['new', 'New', 'NEW', 'nEw'].map((name) => make(name)));
    expect(made.flatMap(faults)).toEqual(['TAKEN name', 'TAKEN name', 'TAKEN name']);
    const tags = [];
    for (const name of ['a', 'b', 'c', 'd']) tags.push((await make(name)).tag!);
    const renamed = await Promise.all(tags.map(({ id }) => rename(id, 'Wanted')));
    expect(renamed.flatMap(faults)).toEqual(['TAKEN name', 'TAKEN name', 'TAKEN name']);
  });
});

describe('tagging', () => {
  test('G31: an event for those that change, and only for those; told with their ids', async () => {
    const { make, tag, untag, ids, events, tagsShown } = await desk();
    const vip = (await make('VIP')).tag!;
    expect(await tag(vip.id, [ids.A!, ids.A!])).toEqual({ customerIds: [ids.A], changed: 1, userErrors: [] });
    const more = await tag(vip.id, [ids.C!, ids.A!, ids.B!]);
    expect({ ...more, customerIds: [...more.customerIds].sort() }).toEqual({
      customerIds: [ids.B, ids.C].sort(),
      changed: 2,
      userErrors: [],
    });
    expect((await events()).sort()).toEqual(['A TAG', 'B TAG', 'C TAG']);
    expect(await tagsShown('B')).toEqual([{ name: 'VIP', value: true }]);
    expect((await tag(vip.id, [ids.A!, ids.B!])).changed).toBe(0);
    expect(await events()).toEqual([]);
    expect((await untag(vip.id, [ids.A!, ids.B!])).changed).toBe(2);
    expect((await untag(vip.id, [ids.A!, ids.B!])).changed).toBe(0);
    expect((await events()).sort()).toEqual(['A TAG', 'B TAG']);
    expect(await tagsShown('B')).toEqual([{ name: 'VIP', value: false }]);
    expect(await tag(vip.id, [])).toEqual({ customerIds: [], changed: 0, userErrors: [] });
  });

  test('all or none: every id that is nobody is told at its place, and nobody is tagged', async () => {
    const { make, tag, untag, ids, events } = await desk();
    const other = await desk();
    const vip = (await make('VIP')).tag!;
    const list = [ids.A!, ids.A!, '999999', 'x', other.ids.A!];
    expect(faults(await tag(vip.id, list))).toEqual(['NOT_FOUND customerIds.3']);
    const wellFormed = [ids.A!, ids.A!, '999999', other.ids.A!];
    for (const change of [tag, untag])
      expect(faults(await change(vip.id, wellFormed))).toEqual(['NOT_FOUND customerIds.2', 'NOT_FOUND customerIds.3']);
    for (const tagId of ['0', 'x', '999999', (await other.make('Theirs')).tag!.id])
      expect(faults(await tag(tagId, [ids.A!]))).toEqual(['NOT_FOUND tagId']);
    expect(await events()).toEqual([]);
  });

  test('more than 10,000 ids are LIMIT_EXCEEDED', async () => {
    const { make, tag, ids } = await desk(['A']);
    const vip = (await make('VIP')).tag!;
    const answer = await tag(vip.id, Array<string>(10_001).fill(ids.A!));
    expect(faults(answer)).toEqual(['LIMIT_EXCEEDED customerIds']);
    expect((await tag(vip.id, Array<string>(10_000).fill(ids.A!))).changed).toBe(1);
  });

  test('G31: a tag is set and deleted, and customers are tagged, all at once: nothing is lost and nobody is in the way', async () => {
    const { make, tag, remove, ids, events, find } = await desk();
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    const tags = [];
    for (const name of names) tags.push((await make(name)).tag!);
    const all = Object.values(ids);
    const gone = tags[0]!;
    const answers = await Promise.all([
      ...tags.map(({ id }, i) => tag(id, i % 2 ? all : [...all].reverse())),
      remove(gone.id),
    ]);
    for (const answer of answers) expect(faults(answer).every((fault) => fault === 'NOT_FOUND tagId')).toBe(true);
    const seen = await events();
    for (const code of Object.keys(ids)) {
      const shown = await find({ code }, 'tags { name } snapshot { version tags { name value } }');
      expect(shown!.tags).toEqual(names.slice(1).map((name) => ({ name })));
      const { version, tags: inSnapshot } = shown!.snapshot as { version: number; tags: object[] };
      expect(inSnapshot).toEqual(names.slice(1).map((name) => ({ name, value: true })));
      expect(version).toBe(shown!.version);
      expect(seen.filter((event) => event === `${code} TAG`)).toHaveLength(version - 1);
    }
  });
});
