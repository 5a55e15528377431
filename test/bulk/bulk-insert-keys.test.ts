import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestHub, type TestHub, type TestOwner } from '../hub.js';
import { bulkInsert, bulkMutation, faultsOf, outboxOf, partnerRow, type BulkAnswer } from './partner-rows.js';
import type { Row } from './rows.js';

let hub: TestHub;
beforeAll(async () => {
  hub = await startTestHub({ env: { STAMDATA_ROLES: 'api' } });
});
afterAll(() => hub.stop());

const row = (code: string, changes: Row = {}): Row => ({ code, name: `Customer ${code}`, ...changes });
const shop = (identifier: unknown, system: unknown = '6') => ({ externalReferences: [{ system, identifier }] });

async function codesOf(owner: TestOwner): Promise<string[]> {
  const rows = await hub.clone.sql<{ code: string }>('SELECT code FROM customer WHERE owner_id = $1 ORDER BY id', [
    owner.id,
  ]);
  return rows.map(({ code }) => code);
}

async function exclude(owner: TestOwner, code: string): Promise<void> {
  const answer = await owner.gql<{ setCustomerExcluded: { userErrors: object[] } }>(
    'mutation ($code: String!) { setCustomerExcluded(customer: { code: $code }, excluded: true) { userErrors { code } } }',
    { code },
  );
  expect(answer.setCustomerExcluded.userErrors).toEqual([]);
}

describe('codes', () => {
  test('A17: the first row of a batch wins a code, in any case, and an existing one is told with its customer', async () => {
    const owner = await hub.owner();
    const first = await bulkInsert(owner, [row('abc'), row('ABC'), row(' aBc ')]);
    expect(first.results.map(({ customer }) => customer)).toEqual([true, false, false]);
    expect(first.errors[0]).toMatchObject({
      index: 2,
      errors: ['invalid code (already exists)'],
      details: [{ code: 'DUPLICATE_IN_INPUT', field: 'code', existingId: null }],
    });
    const again = await bulkInsert(owner, [row('Abc', { name: 'Another' })]);
    expect(again.errors[0]!.details).toEqual([
      {
        code: 'TAKEN',
        field: 'code',
        message: 'invalid code (already exists)',
        existingId: first.results[0]!.customerId,
      },
    ]);
    expect(await outboxOf(hub, owner)).toEqual(['abc CREATED']);
    const { customer } = await owner.gql<{ customer: Row }>('{ customer(by: { code: "ABC" }) { name version } }');
    expect(customer).toEqual({ name: 'Customer abc', version: 1 });
  });

  test('A17: what people take for the same code is the same, in any script, whatever its case', async () => {
    const owner = await hub.owner();
    const codes = ['İ', 'ΣΑΣ', 'σασ', 'σας', 'Ä', 'ä', 'A\u0308', 'Straße', 'STRASSE', 'STRAẞE', 'I'];
    const rows = codes.map((code, i) => row(code, { tags: [code], ...shop(`w${i}`) }));
    const dry = await bulkInsert(owner, rows, { dryRun: true });
    const real = await bulkInsert(owner, rows);
    expect(real.errors).toEqual(dry.errors);
    expect(await codesOf(owner)).toEqual(['İ', 'ΣΑΣ', 'Ä', 'Straße', 'I']);
    const { tags } = await owner.gql<{ tags: Row[] }>('{ tags { name } }');
    expect(tags).toHaveLength(5);
    const again = await bulkInsert(owner, rows);
    expect(again.errors.map(({ details }) => details[0]!.code)).toEqual(codes.map(() => 'TAKEN'));
    for (const [n, code] of codes.entries()) {
      const found = await owner.gql<{ customer: Row }>(
        'query ($code: String!) { customer(by: { code: $code }) { id } }',
        {
          code,
        },
      );
      expect(found.customer.id).toBe(again.errors[n]!.details[0]!.existingId);
    }
  });

  test('N40: ids are in the order of the rows, each with its own code', async () => {
    const owner = await hub.owner();
    const { results } = await bulkInsert(owner, [row('C'), row('A'), row('B')]);
    const stored = await hub.clone.sql<{ id: string; code: string }>(
      'SELECT id, code FROM customer WHERE owner_id = $1 ORDER BY id',
      [owner.id],
    );
    expect(results.map(({ customerId, code }) => ({ id: customerId, code }))).toEqual(stored);
  });

  test('A17: of batches at once with overlapping codes in opposite orders each code is made once, the rest is told as taken', async () => {
    const owner = await hub.owner();
    const codes = Array.from({ length: 400 }, (_, i) => `C${i}`);
    const batches = [codes, [...codes].reverse(), codes.slice(100), codes.slice(0, 300).reverse()];
    const answers = await Promise.all(
      batches.map((list) =>
        bulkInsert(
          owner,
          list.map((code) => row(code, { tags: ['T1', 'T2'], ...shop(code) })),
        ),
      ),
    );
    expect((await codesOf(owner)).sort()).toEqual([...codes].sort());
    for (const [b, answer] of answers.entries()) {
      expect(answer.userErrors).toEqual([]);
      expect(answer.results.map(({ code }) => code)).toEqual(batches[b]);
      for (const { details } of answer.errors) expect(details.map(({ code }) => code)).toContain('TAKEN');
      expect(answer.counts.customers + answer.errors.length).toBe(batches[b]!.length);
    }
    expect((await outboxOf(hub, owner)).sort()).toEqual(codes.map((code) => `${code} CREATED`).sort());
  });
});

describe('external references', () => {
  test('T4, A41: by code in any case or by number, as text or as a JSON number', async () => {
    const owner = await hub.owner();
    const rows = [row('A', shop('x', 'wooCommerce')), row('B', shop('y', '6')), row('C', shop('z', 6))];
    expect((await bulkInsert(owner, rows)).errors).toEqual([]);
    for (const [code, identifier] of [
      ['A', 'x'],
      ['B', 'y'],
      ['C', 'z'],
    ]) {
      const { customer } = await owner.gql<{ customer: Row }>(
        'query ($e: ExternalReferenceInput!) { customer(by: { external: $e }) { code externalReferences { identifier system { code number } } } }',
        { e: { system: 'WOOCOMMERCE', identifier } },
      );
      const system = { code: 'WOOCOMMERCE', number: '6' };
      expect(customer).toEqual({ code, externalReferences: [{ identifier, system }] });
    }
  });

  test('T4, A40: half a pair, an unknown system, two of one system, a pair twice in the batch', async () => {
    const owner = await hub.owner();
    const twoOfOne = [
      { system: '6', identifier: 'a' },
      { system: 'WOOCOMMERCE', identifier: 'b' },
    ];
    const answer = await bulkInsert(owner, [
      row('A', { externalReferences: [{ system: '6' }] }),
      row('B', { externalReferences: [{ identifier: 'x' }] }),
      row('C', shop('x', 'NOPE')),
      row('D', { externalReferences: twoOfOne }),
      row('E', shop('same')),
      row('F', shop('same')),
      row('G', { externalReferences: [{ system: '', identifier: null }] }),
      row('H', shop('SAME')),
    ]);
    expect([1, 2, 3, 4, 5, 6, 7, 8].map((index) => faultsOf(answer, index))).toEqual([
      ['REQUIRED externalReferences.0.identifier'],
      ['REQUIRED externalReferences.0.system'],
      ['NOT_FOUND externalReferences.0.system'],
      ['DUPLICATE_IN_INPUT externalReferences'],
      [],
      ['DUPLICATE_IN_INPUT externalReferences.0'],
      [],
      [],
    ]);
  });

  test('A42, A44: what is taken is told with its customer, unless that one is excluded; with admin always', async () => {
    const owner = await hub.owner();
    const { results } = await bulkInsert(owner, [row('OPEN', shop('open')), row('GONE', shop('gone'))]);
    await exclude(owner, 'GONE');
    const rows = [row('open', shop('open')), row('gone', shop('gone'))];
    const seen = (answer: BulkAnswer) => answer.errors.map(({ details }) => details.map((d) => [d.code, d.existingId]));
    const [open, gone] = results.map((result) => result.customerId);
    const both = (id: string | null) => [
      ['TAKEN', id],
      ['TAKEN', id],
    ];
    expect(seen(await bulkInsert(owner, rows))).toEqual([both(open!), both(null)]);
    const input = { ownerCode: owner.code, customers: rows };
    const { data } = await hub.request<{ bulkInsertCustomers: BulkAnswer }>(bulkMutation, { input });
    expect(seen(data.bulkInsertCustomers)).toEqual([both(open!), both(gone!)]);
  });
});

describe('what comes with a customer', () => {
  test('G32: tags are made where they are missing, whatever their case', async () => {
    const owner = await hub.owner();
    await bulkInsert(owner, [row('A', { tags: ['VIP', 'vip', ' Press '] }), row('B', { tags: 'Vip' })]);
    const { tags, a, b } = await owner.gql<Record<string, Row & Row[]>>(
      '{ tags { name } a: customer(by: { code: "A" }) { tags { name } } b: customer(by: { code: "B" }) { tags { name } } }',
    );
    expect(tags!.map(({ name }) => name).sort()).toEqual(['Press', 'VIP']);
    expect(a!.tags).toHaveLength(2);
    expect(b!.tags).toEqual([{ name: 'VIP' }]);
  });

  test('G28, G29, N43: consents come with the name of the key as their source', async () => {
    const owner = await hub.owner();
    await bulkInsert(owner, [row('A', { acceptsMarketingEmail: 'Y', acceptsMarketingSms: 0 }), row('B')]);
    const consents = await hub.clone.sql<Row>(
      `SELECT c.code, s.channel, s.accepted, s.source FROM consent s JOIN customer c ON c.id = s.customer_id
       WHERE s.owner_id = $1 ORDER BY s.channel`,
      [owner.id],
    );
    const source = `key of ${owner.code}`;
    expect(consents).toEqual([
      { code: 'A', channel: 'EMAIL', accepted: true, source },
      { code: 'A', channel: 'SMS', accepted: false, source },
    ]);
    expect(await outboxOf(hub, owner)).toEqual(['A CREATED,CONSENT', 'B CREATED']);
  });

  test('A45: a VAT status must be enabled and suit the type; its wire number will do', async () => {
    const owner = await hub.owner(undefined, { enabledVatStatuses: ['DOMESTIC', 'EU_GOODS'] });
    const answer = await bulkInsert(owner, [
      row('A', { vatStatus: 'EU_GOODS', type: 'COMPANY' }),
      row('B', { vatStatus: 3, corporateName: 'B Ltd' }),
      row('C', { vatStatus: '3' }),
      row('D', { vatStatus: 'OUTSIDE_EU' }),
      row('E', { vatStatus: 8 }),
    ]);
    expect(answer.results.map(({ customer }) => customer)).toEqual([true, true, false, false, false]);
    expect(answer.errors.map(({ errors }) => errors[0])).toEqual([
      'invalid vatStatus (EU_GOODS is for customers of type COMPANY)',
      'invalid vatStatus (not enabled for this owner; enabled: DOMESTIC, EU_GOODS)',
      expect.stringContaining('invalid vatStatus (valid values: DOMESTIC, CONSTRUCTION_REVERSE, EU_GOODS,'),
    ]);
    const partner = await bulkInsert(owner, [partnerRow(1, { vatStatus: 'EU_GOODS' })], { profile: 'PARTNER' });
    expect(partner.errors).toEqual([]);
  });
});
