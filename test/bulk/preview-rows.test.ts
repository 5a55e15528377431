import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestHub, type TestHub, type TestOwner } from '../hub.js';
import { contentsOf } from './partner-rows.js';
import { upsert } from './changed-rows.js';
import type { Row } from './rows.js';

let hub: TestHub;
beforeAll(async () => {
  hub = await startTestHub({ env: { STAMDATA_ROLES: 'api' } });
});
afterAll(() => hub.stop());

interface Preview {
  snapshot: Row | null;
  webhooks: { endpointId: string; event: string; contentType: string; body: string | null; fault: string | null }[];
}
interface Answer {
  results: { action: string; customerId: string | null; preview: Preview | null }[];
  userErrors: { code: string; field: string; message: string }[];
}

const payload = `{ results { action customerId preview {
    snapshot { customerId code version name email tags { name value } acceptsMarketingEmail }
    webhooks { endpointId event contentType body fault } } } userErrors { code field message } }`;

async function preview(owner: TestOwner, customers: Row[], options: Row = {}): Promise<Answer> {
  const input = { ownerCode: owner.code, onExisting: 'UPDATE', dryRun: true, previewRows: 10, ...options, customers };
  const query = `mutation ($input: BulkInsertCustomersInput!) { bulkInsertCustomers(input: $input) ${payload} }`;
  return (await owner.gql<{ bulkInsertCustomers: Answer }>(query, { input })).bulkInsertCustomers;
}

async function endpoint(owner: TestOwner, input: Row): Promise<string> {
  const made = await owner.gql<{
    createWebhookEndpoint: { webhookEndpoint: { id: string } | null; userErrors: Row[] };
  }>(
    `mutation ($input: WebhookEndpointInput!) { createWebhookEndpoint(input: $input) { webhookEndpoint { id } userErrors { field message } } }`,
    { input: { url: 'http://127.0.0.1:9/hook', ...input } },
  );
  expect(made.createWebhookEndpoint.userErrors).toEqual([]);
  return made.createWebhookEndpoint.webhookEndpoint!.id;
}

test('D14: of the first rows a dry run tells the new snapshot and the bodies that would go out, and leaves nothing behind', async () => {
  const owner = await hub.owner();
  await upsert(owner, [
    { code: 'A', name: 'Anna Holm', email: 'a@x.example' },
    { code: 'B', name: 'Bo' },
  ]);
  const everything = await endpoint(owner, {});
  const templated = await endpoint(owner, {
    reasons: ['UPDATED'],
    template: '{"id":[CUSTOMERID],"mail":"[CUSTOMEREMAIL]"}',
  });
  const marketing = await endpoint(owner, { conditions: { acceptsMarketingEmail: true } });
  await endpoint(owner, { active: false });
  const before = await contentsOf(hub);
  const answer = await preview(owner, [
    { code: 'A', email: 'new@x.example', acceptsMarketingEmail: true, tags: ['VIP'] },
    { code: 'B', name: 'Bo' },
    { code: 'C', name: 'Cleo' },
    { code: 'D', email: 'no' },
  ]);
  expect(await contentsOf(hub)).toEqual(before);
  expect(answer.results.map(({ action }) => action)).toEqual(['UPDATE', 'UNCHANGED', 'CREATE', 'REJECT']);
  const [a, b, c, d] = answer.results.map((result) => result.preview);
  expect([b, d]).toEqual([null, null]);
  expect(a!.snapshot).toEqual({
    ...{ customerId: answer.results[0]!.customerId, code: 'A', version: 2, name: 'Anna Holm' },
    ...{ email: 'new@x.example', tags: [{ name: 'VIP', value: true }], acceptsMarketingEmail: true },
  });
  expect(a!.webhooks.map(({ endpointId, event }) => [endpointId, event])).toEqual([
    [everything, 'customer.updated'],
    [templated, 'customer.updated'],
    [marketing, 'customer.updated'],
  ]);
  expect(JSON.parse(a!.webhooks[0]!.body!)).toMatchObject({
    type: 'customer.updated',
    data: { version: 2, reasons: ['UPDATED', 'CONSENT', 'TAG'], snapshot: { email: 'new@x.example' } },
  });
  expect(a!.webhooks[1]!.body).toBe(`{"id":${answer.results[0]!.customerId},"mail":"new@x.example"}`);
  expect(c!.snapshot).toMatchObject({ code: 'C', version: 1, tags: [{ name: 'VIP', value: false }] });
  expect(c!.webhooks.map(({ endpointId, event }) => [endpointId, event])).toEqual([[everything, 'customer.created']]);
  expect(answer.results[2]!.customerId).toBeNull();
});

test('only as many rows as asked for, at most 10, only in a dry run, and only with the scopes for what is shown', async () => {
  const owner = await hub.owner();
  const rows = ['A', 'B', 'C'].map((code) => ({ code, name: code }));
  const two = await preview(owner, rows, { previewRows: 2 });
  expect(two.results.map((result) => result.preview?.snapshot?.code ?? null)).toEqual(['A', 'B', null]);
  expect((await preview(owner, rows, { previewRows: 11 })).userErrors).toEqual([
    { code: 'OUT_OF_RANGE', field: 'previewRows', message: 'invalid previewRows (0 to 10)' },
  ]);
  expect((await preview(owner, rows, { dryRun: false })).userErrors).toMatchObject([
    { code: 'INVALID', field: 'previewRows', message: 'invalid previewRows (only with dryRun)' },
  ]);
  const key = await owner.newKey(['customers:bulk', 'customers:read'], 'no webhooks');
  const input = { ownerCode: owner.code, dryRun: true, previewRows: 1, customers: rows };
  const query = `mutation ($input: BulkInsertCustomersInput!) { bulkInsertCustomers(input: $input) ${payload} }`;
  const { errors } = await hub.request(query, { input }, { key });
  expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  const { data } = await hub.request<{ bulkInsertCustomers: Answer }>(
    query,
    { input: { ...input, previewRows: 0 } },
    { key },
  );
  expect(data.bulkInsertCustomers.results.map((result) => result.preview)).toEqual([null, null, null]);
});
