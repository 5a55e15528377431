import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { adminKey, startTestHub, type TestHub } from '../hub.js';
import { customerDesk, identifier } from './customer-desk.js';
import { codesOf, search, searchQuery, type Page } from './where-desk.js';

let hub: TestHub;
beforeAll(async () => {
  hub = await startTestHub({ env: { STAMDATA_ROLES: 'api' } });
});
afterAll(() => hub.stop());

/** An owner with these customers; `found` gives the codes of those that meet the criteria. */
async function desk(...inputs: object[]) {
  const opened = await customerDesk(hub);
  for (const [i, input] of inputs.entries()) await opened.create({ code: `C${i}`, name: `N${i}`, ...input });
  const found = async (where: object | null): Promise<string[]> =>
    codesOf(await search(opened.owner, { first: 100, where }));
  return { ...opened, found };
}

describe('texts', () => {
  test('T11: e-mail and names compare without regard to case, whole and in part', async () => {
    const { found } = await desk({ name: 'Ærø Ømand', email: 'Anna@X.example' }, { name: 'ÆRØ', email: null });
    expect(await found({ name: { eq: 'ærø' } })).toEqual(['C1']);
    expect(await found({ name: { contains: 'ØM' } })).toEqual(['C0']);
    expect(await found({ name: { startsWith: 'æR' } })).toEqual(['C0', 'C1']);
    expect(await found({ email: { eq: 'ANNA@x.EXAMPLE' } })).toEqual(['C0']);
    expect(await found({ email: { in: ['x@x.example', 'anna@X.EXAMPLE'] } })).toEqual(['C0']);
    expect(await found({ name: { ne: 'ærø' } })).toEqual(['C0']);
  });

  test('T11: quotes, backslashes, wildcards, emoji and right-to-left text are taken to the letter', async () => {
    const names = ['100 %', '100 x', 'a_b', 'axb', 'O\'Brien "Bo" \\n', '🙂 שלום', 'x'.repeat(100)];
    const { found } = await desk(...names.map((name) => ({ name })));
    expect(await found({ name: { contains: '%' } })).toEqual(['C0']);
    expect(await found({ name: { startsWith: 'a_' } })).toEqual(['C2']);
    expect(await found({ name: { contains: '\\' } })).toEqual(['C4']);
    expect(await found({ name: { eq: 'o\'brien "bo" \\N' } })).toEqual(['C4']);
    expect(await found({ name: { contains: 'שלום' } })).toEqual(['C5']);
    expect(await found({ name: { startsWith: '🙂' } })).toEqual(['C5']);
    expect(await found({ name: { eq: 'X'.repeat(100) } })).toEqual(['C6']);
    expect(await found({ name: { contains: "'; DROP TABLE customer; --" } })).toEqual([]);
    expect(await found({ name: { contains: '\n' } })).toEqual([]);
  });

  test('T11: an accent is the same in one character or two, and so is Σ at the end of a word', async () => {
    const { found } = await desk({ name: 'Ame\u0301lie' }, { name: 'Amélie' }, { name: 'Γιώργος' });
    for (const name of ['amélie', 'AME\u0301LIE']) expect(await found({ name: { eq: name } })).toEqual(['C0', 'C1']);
    expect(await found({ name: { startsWith: 'ΓΙΏΡΓΟΣ' } })).toEqual(['C2']);
  });

  test('T10, A17: the customer number compares as it is unique: without regard to case', async () => {
    const { found } = await desk({ code: 'Straße-1' }, { code: 'ΟΔΟΣΑ' }, { code: 'X%1' });
    expect(await found({ code: { eq: ' STRASSE-1 ' } })).toEqual(['Straße-1']);
    expect(await found({ code: { in: ['x%1', 'nobody'] } })).toEqual(['X%1']);
    expect(await found({ code: { startsWith: 'οδος' } })).toEqual(['ΟΔΟΣΑ']);
    expect(await found({ code: { contains: ' ' } })).toEqual([]);
    expect(await found({ code: { contains: '%' } })).toEqual(['X%1']);
    expect(await found({ code: { ne: 'STRASSE-1', lt: 'Y' } })).toEqual(['X%1']);
  });

  test('A19: a number is found as it was given and by its E.164 form, whole and in part', async () => {
    const danish = { mobile: '70 27 16 99', country: 'DK' };
    const { found } = await desk(danish, { mobile: '(070) 2716-99' }, { mobile: '+390694805123' }, {});
    for (const eq of ['+4570271699', '+45 70 27 16 99', '0045 70271699', '70 27 16 99'])
      expect(await found({ mobile: { eq } })).toEqual(['C0']);
    expect(await found({ mobile: { in: ['+45 7027 1699', '(070) 2716-99'] } })).toEqual(['C0', 'C1']);
    expect(await found({ mobile: { startsWith: '+45 70' } })).toEqual(['C0']);
    expect(await found({ mobile: { contains: '702716' } })).toEqual(['C0']);
    expect(await found({ mobile: { contains: '16-9' } })).toEqual(['C0', 'C1']);
    expect(await found({ mobile: { ne: '+4570271699' } })).toEqual(['C1', 'C2']);
    expect(await found({ mobile: { contains: '-' } })).toEqual(['C1']);
    expect(await found({ mobileE164: { isNull: true }, mobile: { isNull: false } })).toEqual(['C1']);
  });
});

describe('no value', () => {
  test('A46: a criterion on a field without a value does not hold, and its negation does', async () => {
    const { found } = await desk({ city: 'Oslo', prepaymentDays: 0, creditCard: false }, {});
    for (const criterion of [
      { city: { ne: 'Bergen' } },
      { city: { contains: '' } },
      { city: { gte: '' } },
      { prepaymentDays: { lt: 5 } },
      { creditCard: { ne: true } },
    ]) {
      expect(await found(criterion)).toEqual(['C0']);
      expect(await found({ not: criterion })).toEqual(['C1']);
      expect(await found({ not: { not: criterion } })).toEqual(['C0']);
    }
    expect(await found({ city: { isNull: true } })).toEqual(['C1']);
    expect(await found({ city: { isNull: false } })).toEqual(['C0']);
    expect(await found({ or: [{ city: { isNull: true } }, { city: { eq: 'OSLO' } }] })).toEqual(['C0', 'C1']);
  });
});

describe('together', () => {
  test('A46: no criterion lists everything, criteria of one level all hold, empty lists mean what they say', async () => {
    const { found, owner } = await desk({ city: 'Oslo', country: 'NO' }, { city: 'Oslo' }, {});
    const all = ['C0', 'C1', 'C2'];
    for (const where of [null, {}, { and: [] }, { city: {} }, { and: [{}, {}] }, { or: [{}, { city: { eq: 'x' } }] }])
      expect(await found(where)).toEqual(all);
    expect((await search(owner, { first: 1 })).totalCount).toBe(3);
    for (const where of [{ or: [] }, { not: {} }, { city: { in: [] } }, { city: { eq: 'Oslo' }, or: [] }])
      expect(await found(where)).toEqual([]);
    expect(await found({ city: { eq: 'oslo' }, country: { eq: 'no' } })).toEqual(['C0']);
    expect(await found({ city: { startsWith: 'O', contains: 'sl', ne: 'Os' } })).toEqual(['C0', 'C1']);
    expect(await found({ city: { eq: 'Oslo' }, not: { country: { eq: 'NO' } } })).toEqual(['C1']);
    expect(await found({ not: { city: { eq: 'Oslo' }, country: { eq: 'NO' } } })).toEqual(['C1', 'C2']);
    expect(await found({ not: { or: [] } })).toEqual(all);
  });

  test('A46: links, tags, consents and contact infos of a customer are criteria as well', async () => {
    const { found, owner, run } = await desk(
      { tags: ['VIP', 'Øl'], externalReferences: [{ system: '6', identifier: 'w-1' }], acceptsMarketingEmail: true },
      { tags: ['øl'], externalReferences: [{ system: '5', identifier: 'w-1' }], acceptsMarketingSms: true },
      { acceptsMarketingEmail: false },
    );
    const info = { kind: 'PHONE', value: '70271699' };
    for (const code of ['C0', 'C2'])
      await run(
        'createContactInfo',
        {
          customer: [identifier, { code }],
          input: ['ContactInfoInput!', code === 'C0' ? info : { kind: 'EMAIL', value: 'Info@x.example' }],
        },
        'contactInfo { id }',
      );
    const { tags } = await owner.gql<{ tags: { id: string; name: string }[] }>('{ tags { id name } }');
    const vip = tags.find(({ name }) => name === 'VIP')!.id;
    expect(await found({ tag: { name: ' ØL ' } })).toEqual(['C0', 'C1']);
    expect(await found({ tag: { id: vip } })).toEqual(['C0']);
    expect(await found({ tag: { id: 'x' } })).toEqual([]);
    expect(await found({ not: { tag: { name: 'none' } } })).toEqual(['C0', 'C1', 'C2']);
    expect(await found({ externalReference: { system: 'woocommerce', identifier: 'w-1' } })).toEqual(['C0']);
    expect(await found({ externalReference: { system: ' 5 ', identifier: ' w-1 ' } })).toEqual(['C1']);
    expect(await found({ externalReference: { system: '6', identifier: 'W-1' } })).toEqual([]);
    expect(await found({ externalReference: { system: 'UNKNOWN', identifier: 'w-1' } })).toEqual([]);
    expect(await found({ acceptsMarketingEmail: true })).toEqual(['C0']);
    expect(await found({ acceptsMarketingEmail: false })).toEqual(['C1', 'C2']);
    expect(await found({ acceptsMarketingSms: true, not: { acceptsMarketingEmail: true } })).toEqual(['C1']);
    expect(await found({ contactInfo: 'INFO@X.example' })).toEqual(['C2']);
    expect(await found({ contactInfo: '70271699' })).toEqual(['C0']);
    expect(await found({ and: [{ tag: { name: 'vip' } }, { tag: { name: 'øl' } }] })).toEqual(['C0']);
  });

  test('T2: the consent that is asked for is the one in force: a later withdrawal beats an older grant', async () => {
    const { found, run } = await desk({});
    const say = (accepted: boolean, occurredAt: string) =>
      run(
        'setMarketingConsent',
        { customer: [identifier, { code: 'C0' }], input: ['ConsentInput!', { channel: 'SMS', accepted, occurredAt }] },
        'customer { id }',
      );
    await say(false, '2026-01-09T12:00:00Z');
    await say(true, '2026-01-05T12:00:00Z');
    expect(await found({ acceptsMarketingSms: true })).toEqual([]);
    await say(true, '2026-01-10T12:00:00Z');
    expect(await found({ acceptsMarketingSms: true })).toEqual(['C0']);
  });

  test('A46: ids, versions and moments: a moment is found as it is shown, to the millisecond', async () => {
    const { found, find, update } = await desk({}, {}, {});
    await update({ code: 'C1' }, { city: 'Oslo' });
    const shown = (await find({ code: 'C1' }, 'createdAt updatedAt'))!;
    expect(await found({ id: { eq: shown.id } })).toEqual(['C1']);
    expect(await found({ id: { in: [shown.id, '0', 'x', '9'.repeat(30)] } })).toEqual(['C1']);
    expect(await found({ id: { ne: 'x' } })).toEqual(['C0', 'C1', 'C2']);
    expect(await found({ version: { gt: 1 } })).toEqual(['C1']);
    expect(await found({ updatedAt: { eq: shown.updatedAt } })).toEqual(['C1']);
    expect(await found({ updatedAt: { lte: shown.updatedAt, gte: shown.updatedAt } })).toEqual(['C1']);
    expect(await found({ createdAt: { gt: '0000-01-01T00:00:00Z', lt: '9999-12-31T23:59:59Z' } })).toHaveLength(3);
  });
});

describe('whose customers', () => {
  const excluded = { excluded: { eq: true } };

  test('A44: no criterion finds or counts an excluded customer without admin', async () => {
    const { found, exclude, owner } = await desk({ tags: ['VIP'], city: 'Oslo' }, { city: 'Oslo' });
    await exclude('C0');
    for (const where of [{ code: { eq: 'C0' } }, { tag: { name: 'VIP' } }, excluded])
      expect(await found(where)).toEqual([]);
    for (const where of [{ city: { eq: 'Oslo' } }, { or: [{}, excluded] }, { not: { code: { eq: 'x' } } }]) {
      expect(await found(where)).toEqual(['C1']);
      expect((await search(owner, { first: 1, where })).totalCount).toBe(1);
    }
    const all = await hub.request<{ customers: Page }>(
      searchQuery,
      { first: 9, where: excluded },
      { key: adminKey, owner: owner.code },
    );
    expect(all.data.customers).toMatchObject({ totalCount: 1, nodes: [{ code: 'C0' }] });
  });

  test('design C: no criterion reaches over to another owner', async () => {
    const theirs = await desk({ tags: ['VIP'], externalReferences: [{ system: '6', identifier: 'w' }] });
    const mine = await desk({});
    const tag = (await theirs.find({ code: 'C0' }, 'tags { id }'))!.tags as { id: string }[];
    const { id } = (await theirs.find({ code: 'C0' }))!;
    for (const where of [
      { id: { eq: id } },
      { tag: { name: 'VIP' } },
      { tag: { id: tag[0]!.id } },
      { externalReference: { system: '6', identifier: 'w' } },
    ]) {
      expect(await theirs.found(where)).toEqual(['C0']);
      expect(await mine.found(where)).toEqual([]);
    }
    expect(await mine.found({ or: [{}, { not: {} }] })).toEqual(['C0']);
  });

  test('A46: customers that come in between shift no page of a search and are found at its end', async () => {
    const { owner, create } = await desk({ city: 'Oslo' }, {}, { city: 'Oslo' }, { city: 'Oslo' });
    const where = { city: { eq: 'oslo' } };
    const first = await search(owner, { first: 2, where });
    expect([codesOf(first), first.totalCount, first.pageInfo.hasNextPage]).toEqual([['C0', 'C2'], 3, true]);
    await create({ code: 'C9', name: 'N', city: 'OSLO' });
    const second = await search(owner, { first: 2, after: first.pageInfo.endCursor, where });
    expect([codesOf(second), second.totalCount, second.pageInfo.hasNextPage]).toEqual([['C3', 'C9'], 4, false]);
    const back = await search(owner, { last: 2, before: second.pageInfo.startCursor, where });
    expect([codesOf(back), back.pageInfo.hasPreviousPage]).toEqual([['C0', 'C2'], false]);
  });
});
