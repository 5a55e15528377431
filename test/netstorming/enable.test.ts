import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { contentsOf, outboxOf } from '../bulk/partner-rows.js';
import type { Row } from '../bulk/rows.js';
import { adminKey, startTestHub, type TestHub, type TestOwner } from '../hub.js';
import { item, partnerOf, send } from './partner.js';

let hub: TestHub;
beforeAll(async () => {
  hub = await startTestHub({ env: { STAMDATA_ROLES: 'api' } });
});
afterAll(() => hub.stop());

/** An owner with customers `N1x`, `N2x` … whose logins have the foreign codes `F1`, `F2` … */
async function furnished(count: number) {
  const owner = await hub.owner();
  const partner = partnerOf(hub, owner);
  const rows = Array.from({ length: count }, (_, i) => item(i + 1, { admin_user_foreign_code: `F${i + 1}` }));
  if (count > 0) expect((await partner.insert(rows)).errors).toEqual([]);
  await outboxOf(hub, owner);
  return { owner, ...partner };
}

async function statesOf(owner: TestOwner): Promise<Record<string, boolean>> {
  const { customers } = await owner.gql<{ customers: { nodes: { code: string; enabled: boolean }[] } }>(
    '{ customers(first: 100) { nodes { code enabled } } }',
  );
  return Object.fromEntries(customers.nodes.map(({ code, enabled }) => [code, enabled]));
}

describe('the answer', () => {
  test('facts 8.2: results by code as in the sample, errors as of an insert', async () => {
    const { owner, enable, disable } = await furnished(0);
    await partnerOf(hub, owner).insert([item(1, { code: 'test01' })]);
    const rows = [{ code: 'test01' }, { code: 'testKO' }];
    const errors = '"errors":[{"line/index":2,"errors":["invalid code (no such customer)"]}]';
    for (const answer of [await disable(rows), await enable(rows)]) {
      expect(answer.status).toBe(200);
      expect(answer.text).toBe(`{"dry_run":false,"results":{"test01":true,"testKO":false},${errors}}`);
    }
  });

  test('facts 8.2: customers are new enabled, disabled and enabled again; each change is one event, a repetition is none', async () => {
    const { owner, enable, disable } = await furnished(3);
    expect(await statesOf(owner)).toEqual({ N1x: true, N2x: true, N3x: true });
    const named = [{ code: ' n1X ' }, { foreign_code: 'F3' }, { code: 'N1x', foreign_code: '' }];
    const { results, errors } = await disable(named);
    expect([results, errors]).toEqual([{ n1X: true, F3: true, N1x: true }, []]);
    expect(await statesOf(owner)).toEqual({ N1x: false, N2x: true, N3x: false });
    expect(await outboxOf(hub, owner)).toEqual(['N1x UPDATED', 'N3x UPDATED']);
    expect((await disable(named)).results).toEqual({ n1X: true, F3: true, N1x: true });
    expect(await outboxOf(hub, owner)).toEqual([]);
    await enable([{ code: 'N1x' }, { code: 'N2x' }]);
    expect(await outboxOf(hub, owner)).toEqual(['N1x UPDATED']);
    const { customer } = await owner.gql<{ customer: Row }>('{ customer(by: { code: "N1x" }) { enabled version } }');
    expect(customer).toEqual({ enabled: true, version: 3 });
  });

  test('A57, A13: a dry run tells the same, says so, and leaves nothing behind', async () => {
    const { disable } = await furnished(2);
    const rows = [{ code: 'N1x' }, { code: 'nobody' }, { foreign_code: 'F2' }];
    const before = await contentsOf(hub);
    const dry = await disable(rows, { dry_run: 'y' });
    expect(await contentsOf(hub)).toEqual(before);
    const real = await disable(rows);
    expect(dry.text).toBe(real.text.replace('"dry_run":false', '"dry_run":true'));
    expect(real.results).toEqual({ N1x: true, nobody: false, F2: true });
  });
});

describe('which customer is meant', () => {
  test('A12, A15, A18: exactly one of code and foreign_code; whatever is wrong with an item touches no other', async () => {
    const { owner, disable } = await furnished(2);
    const rows: [unknown, string | null][] = [
      [{}, 'missing code (or foreign_code)'],
      [{ code: null, foreign_code: ' ' }, 'missing code (or foreign_code)'],
      [{ code: 'N1x', foreign_code: 'F1' }, 'invalid foreign_code (give it or code, not both)'],
      [{ code: 'N2x' }, null],
      [{ code: 17 }, 'invalid code'],
      [{ foreign_code: ['F1'] }, 'invalid foreign_code'],
      [{ foreign_code: 'f1' }, 'invalid foreign_code (no such customer)'],
      [{ code: 'F1' }, 'invalid code (no such customer)'],
      [{ code: 'nul\u0000\ud800' }, 'invalid code (no such customer)'],
      [{ foreign_code: 'nul\u0000\ud800' }, 'invalid foreign_code (no such customer)'],
      [{ code: 'x'.repeat(5_000) }, 'invalid code (no such customer)'],
      [null, 'invalid customer'],
      ['N1x', 'invalid customer'],
      [['N1x'], 'invalid customer'],
      [{ code: '__proto__' }, 'invalid code (no such customer)'],
    ];
    const { status, results, errors, text } = await disable(rows.map(([row]) => row));
    expect(status).toBe(200);
    expect(errors).toEqual(
      rows.flatMap(([, message], i) => (message === null ? [] : [{ 'line/index': i + 1, errors: [message] }])),
    );
    expect(results).toMatchObject({ N2x: true, N1x: false, '17': false, f1: false, F1: false, '': false });
    expect(text).toContain('"nul\ufffd\ufffd":false');
    expect(text).toContain('"__proto__":false');
    expect(await statesOf(owner)).toEqual({ N1x: true, N2x: false });
  });

  test('N20: a foreign code that several customers have means nobody, one of an only customer means that one', async () => {
    const { owner, disable, insert } = await furnished(0);
    const foreign = ['same', 'same', 'own "\\ 🏝️', null];
    await insert(foreign.map((admin_user_foreign_code, n) => item(n, { admin_user_foreign_code })));
    const { results, errors } = await disable([{ foreign_code: 'same' }, { foreign_code: ' own "\\ 🏝️ ' }]);
    expect(results).toEqual({ same: false, 'own "\\ 🏝️': true });
    expect(errors).toEqual([{ 'line/index': 1, errors: ['invalid foreign_code (several customers have it)'] }]);
    expect(await statesOf(owner)).toEqual({ N0x: true, N1x: true, N2x: false, N3x: true });
  });

  test('design C: customers and foreign codes of another owner are nobody', async () => {
    const [mine, theirs] = [await furnished(0), await furnished(1)];
    const { results } = await mine.disable([{ code: 'N1x' }, { foreign_code: 'F1' }]);
    expect(results).toEqual({ N1x: false, F1: false });
    expect(await statesOf(theirs.owner)).toEqual({ N1x: true });
  });

  test('A44: an excluded customer is told as such and left alone; with admin it is changed', async () => {
    const { owner, disable, body } = await furnished(1);
    await owner.gql(
      'mutation { setCustomerExcluded(customer: { code: "N1x" }, excluded: true) { userErrors { code } } }',
    );
    const { errors } = await disable([{ code: 'N1x' }, { foreign_code: 'F1' }]);
    expect(errors).toEqual([
      { 'line/index': 1, errors: ['invalid code (this customer is excluded)'] },
      { 'line/index': 2, errors: ['invalid foreign_code (this customer is excluded)'] },
    ]);
    const admin = await send(hub, 'disable', JSON.stringify(body([{ code: 'N1x' }], { key: adminKey })));
    expect(admin).toMatchObject({ errors: [], results: { N1x: true } });
  });

  test('N1: 10,000 at once, and calls at once in opposite orders, are done; 10,001 are refused', async () => {
    const { owner, enable, disable } = await furnished(60);
    const codes = Array.from({ length: 60 }, (_, i) => ({ code: item(i + 1).code }));
    const answers = await Promise.all([
      disable(codes),
      enable([...codes].reverse()),
      disable(codes.slice(20)),
      enable(codes),
    ]);
    for (const { status, errors } of answers) expect([status, errors]).toEqual([200, []]);
    const many = Array.from({ length: 10_000 }, (_, i) => codes[i] ?? { code: `NO${i}` });
    const { errors } = await disable(many);
    expect(errors).toHaveLength(9_940);
    expect(new Set(Object.values(await statesOf(owner)))).toEqual(new Set([false]));
    const tooMany = await disable([...many, { code: 'more' }]);
    expect(tooMany).toMatchObject({
      status: 400,
      results: {},
      errors: [{ 'line/index': 0, errors: ['invalid customers (10001 rows; at most 10,000 in a call)'] }],
    });
  });
});

describe('the state in GraphQL', () => {
  test('Customer.enabled is set when a customer is created, updated and inserted; null leaves it', async () => {
    const owner = await hub.owner();
    const run = (input: string) => owner.gql(`mutation { ${input} }`);
    await run('createCustomer(input: { code: "A", name: "A", enabled: false }) { userErrors { message } }');
    await run('createCustomer(input: { code: "B", name: "B", enabled: null }) { userErrors { message } }');
    await run(
      `bulkInsertCustomers(input: { ownerCode: "${owner.code}", customers: [
        { code: "C", name: "C", enabled: "no" }, { code: "D", name: "D" }, { code: "E", name: "E", enabled: "?" }] }) { dryRun }`,
    );
    expect(await statesOf(owner)).toEqual({ A: false, B: true, C: false, D: true });
    await outboxOf(hub, owner);
    await run('updateCustomer(by: { code: "A" }, input: { enabled: true }) { userErrors { message } }');
    await run('updateCustomer(by: { code: "C" }, input: { enabled: null }) { userErrors { message } }');
    await run('updateCustomer(by: { code: "D" }, input: { enabled: true }) { userErrors { message } }');
    expect(await statesOf(owner)).toEqual({ A: true, B: true, C: false, D: true });
    expect(await outboxOf(hub, owner)).toEqual(['A UPDATED']);
  });

  test('whoever is disabled stays visible: found, listed, and with a snapshot', async () => {
    const { owner, disable } = await furnished(1);
    await disable([{ code: 'N1x' }]);
    const { customer, customers } = await owner.gql<Record<string, Row>>(
      '{ customer(by: { code: "N1x" }) { enabled snapshot { version } } customers(first: 5) { totalCount } }',
    );
    expect([customer, customers]).toEqual([{ enabled: false, snapshot: { version: 2 } }, { totalCount: 1 }]);
  });
});
