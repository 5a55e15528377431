import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestHub, type TestHub, type TestOwner } from '../../hub.js';
import { createEndpoint, sample, updateEndpoint } from './template-desk.js';

let hub: TestHub;
let owner: TestOwner;
beforeAll(async () => {
  hub = await startTestHub({ env: { STAMDATA_ROLES: 'api' } });
  owner = await hub.owner();
});
afterAll(() => hub.stop());

const url = 'https://example.com/hook';
const xml = { url, contentType: 'application/xml', template: '<c>[customerName]</c>' };

test('G2, A51: a template is stored as it was given, with what it is for, and warned about', async () => {
  const input = { url, template: `${sample}\n`, moneyDecimalComma: true };
  expect(await createEndpoint(owner, input)).toMatchObject({
    webhookEndpoint: { template: `${sample}\n`, contentType: 'application/json', moneyDecimalComma: true },
    ...{ warnings: [], userErrors: [] },
  });
  const { warnings } = await createEndpoint(owner, { url, template: '{"a":[true],"b":"[KUNDECPR]"}' });
  expect(warnings).toEqual([
    '[true] is no replacement code: left as it is (line 1, column 6)',
    '[KUNDECPR] is not served, as no CPR number is stored: left as it is (line 1, column 18)',
  ]);
});

test('A47: a template that can fail is refused with line and column, and nothing is made', async () => {
  const count = () => hub.clone.sql('SELECT FROM webhook_endpoint WHERE owner_id = $1', [owner.id]);
  const before = await count();
  const template = sample.replace('"[CUSTOMERTAGNAME]"', '[CUSTOMERTAGNAME]');
  expect(await createEndpoint(owner, { url: 'nowhere', template })).toEqual({
    webhookEndpoint: null,
    warnings: [],
    userErrors: [
      { code: 'INVALID', field: 'url', message: 'invalid url (this is not a URL)' },
      {
        ...{ code: 'INVALID', field: 'template' },
        message:
          'invalid template (no valid JSON at line 25, column 20: a value is expected; with a customer with quotes, line breaks and codes in every text, where there is one tag)',
      },
    ],
  });
  expect(await count()).toHaveLength(before.length);
});

test('a content type without a template, or that the template does not fit, is refused; so is taking the template away', async () => {
  expect(await createEndpoint(owner, { url, contentType: 'text/plain' })).toMatchObject({
    userErrors: [
      { field: 'contentType', message: 'invalid contentType (valid values without a template: application/json)' },
    ],
  });
  expect(await createEndpoint(owner, { ...xml, contentType: 'image/png' })).toMatchObject({
    userErrors: [
      { field: 'contentType', message: expect.stringContaining('application/json, application/x-www-form-') as string },
    ],
  });
  const { webhookEndpoint } = await createEndpoint(owner, xml);
  const { id } = webhookEndpoint!;
  expect(await updateEndpoint(owner, id, { url, contentType: null })).toMatchObject({
    userErrors: [
      { field: 'template', message: expect.stringContaining('no valid JSON at line 1, column 1') as string },
    ],
  });
  expect(await updateEndpoint(owner, id, { url, method: 'GET' })).toMatchObject({
    userErrors: [{ field: 'template' }],
  });
  expect(await updateEndpoint(owner, id, { url, template: null })).toMatchObject({
    userErrors: [{ field: 'contentType' }],
  });
  expect(await updateEndpoint(owner, id, { url: `${url}/2`, mode: 'LATEST' })).toMatchObject({
    webhookEndpoint: { template: xml.template, contentType: 'application/xml' },
    userErrors: [],
  });
  expect(await updateEndpoint(owner, id, { url, template: null, contentType: null })).toMatchObject({
    webhookEndpoint: { template: null, contentType: 'application/json' },
    userErrors: [],
  });
});
