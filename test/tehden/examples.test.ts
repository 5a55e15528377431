import { execFile } from 'node:child_process';
import { chmodSync, copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestHub, type TestHub, type TestOwner } from '../hub.js';

const folder = new URL('../../examples/tehden/', import.meta.url).pathname;
const scratch = mkdtempSync(join(tmpdir(), 'stamdata-tehden-'));
let hub: TestHub;
let owner: TestOwner;
const ran = new Set<string>();

beforeAll(async () => {
  hub = await startTestHub({ env: { STAMDATA_ROLES: 'api' } });
  owner = await hub.owner();
  copyFileSync(new URL('../readme/curl.mjs', import.meta.url), join(scratch, 'curl'));
  chmodSync(join(scratch, 'curl'), 0o755);
});
afterAll(async () => {
  await hub.stop();
  rmSync(scratch, { recursive: true, force: true });
});

/** The answers that a script prints, each without its errors, which must not be there. */
async function run(script: string, ...args: string[]): Promise<object[]> {
  ran.add(script);
  const env = {
    ...process.env,
    PATH: `${scratch}:${process.env.PATH}`,
    STAMDATA_URL: hub.url,
    STAMDATA_KEY: owner.key,
  };
  const printed = await new Promise<string>((resolve, reject) => {
    execFile('sh', [join(folder, script), ...args], { env, timeout: 15_000 }, (error, stdout, stderr) =>
      error ? reject(new Error(`${script}: ${error.message}\n${stdout}\n${stderr}`)) : resolve(stdout),
    );
  });
  return printed
    .trim()
    .split('\n')
    .map((line) => {
      const answer = JSON.parse(line) as { data: object; errors?: object[] };
      expect(answer.errors).toBeUndefined();
      return answer.data;
    });
}

const good = { userErrors: [] };

test('T6, A42: sign-up-or-log-in.sh creates the first time and updates from then on', async () => {
  const [nobody, created] = await run('sign-up-or-log-in.sh');
  expect(nobody).toEqual({ customer: null });
  const woo = { system: { code: 'WOOCOMMERCE', number: '6' }, identifier: '4711' };
  expect(created).toMatchObject({
    createCustomer: { ...good, customer: { code: 'SHOP-4711', type: 'PERSON', externalReferences: [woo] } },
  });
  const [known, updated] = await run('sign-up-or-log-in.sh', '4711', 'anna@new.example');
  expect(known).toMatchObject({ customer: { code: 'SHOP-4711', email: 'anna@example.dk' } });
  expect(updated).toMatchObject({ updateCustomer: { ...good, customer: { version: 2, email: 'anna@new.example' } } });
});

test('T12: vat-status.sh sets system, identifier and VAT status in one update', async () => {
  const links = [
    { system: { number: '6' }, identifier: '4711' },
    { system: { number: '7' }, identifier: 'web-4711' },
  ];
  expect(await run('vat-status.sh')).toMatchObject([
    { updateCustomer: { ...good, customer: { type: 'COMPANY', vatStatus: 'EU_SERVICES', externalReferences: links } } },
  ]);
});

test('T2: marketing.sh grants one channel and withdraws the other', async () => {
  const snapshot = { acceptsMarketingEmail: true, acceptsMarketingSms: false };
  expect(await run('marketing.sh')).toMatchObject([{ email: good, sms: { ...good, customer: { snapshot } } }]);
});

test('T7: contact-info.sh adds an e-mail address and a postal address', async () => {
  const address = { street: 'Østerbrogade 1', city: 'København', country: 'DK' };
  expect(await run('contact-info.sh')).toMatchObject([
    {
      bills: { ...good, contactInfo: { kind: 'EMAIL', value: 'bills@example.dk' } },
      delivery: { ...good, contactInfo: { kind: 'POSTAL_ADDRESS', address } },
    },
  ]);
});

test('T9, T10, A43: look-up.sh finds one id by the pair and by the number, and nobody is null', async () => {
  const [found] = (await run('look-up.sh')) as { byPair: { id: string }; byNumber: { id: string } }[];
  expect(found!.byPair.id).toMatch(/^\d+$/);
  expect(found!.byNumber).toEqual(found!.byPair);
  expect(await run('look-up.sh', 'nobody', 'nobody')).toEqual([{ byPair: null, byNumber: null }]);
});

test('T11, A46: find-customers.sh prints every page of what it finds', async () => {
  for (const code of ['SHOP-4712', 'SHOP-4713', 'SHOP-4714'])
    await owner.gql('mutation ($input: CreateCustomerInput!) { createCustomer(input: $input) { customer { id } } }', {
      input: { code, name: `Jensen ${code}`, type: 'COMPANY', country: 'DK' },
    });
  const pages = (await run('find-customers.sh', 'jensen', '3')) as {
    customers: { totalCount: number; nodes: { code: string }[] };
  }[];
  expect(pages.map(({ customers }) => customers.totalCount)).toEqual([4, 4]);
  expect(pages.flatMap(({ customers }) => customers.nodes.map(({ code }) => code))).toEqual([
    ...['SHOP-4711', 'SHOP-4712', 'SHOP-4713', 'SHOP-4714'],
  ]);
});

test('T5, A41: external-systems.sh adds a system to the eight', async () => {
  const till = { code: 'MY_TILL', number: '23', name: 'Till in the shop' };
  const [made, all] = await run('external-systems.sh');
  expect(made).toEqual({ createExternalSystem: { ...good, externalSystem: till } });
  expect((all as { externalSystems: object[] }).externalSystems).toHaveLength(9);
});

test('T3: exclude.sh takes the customer out of the interface', async () => {
  expect(await run('exclude.sh')).toEqual([{ setCustomerExcluded: { ...good, customer: null } }, { customer: null }]);
});

test('every script of the folder was run, and the table of its README names each', () => {
  const scripts = readdirSync(folder).filter((name) => name.endsWith('.sh') && name !== 'graphql.sh');
  expect([...ran].sort()).toEqual(scripts.sort());
  const readme = readFileSync(join(folder, 'README.md'), 'utf8');
  expect(scripts.filter((name) => !readme.includes(`](${name})`))).toEqual([]);
});
