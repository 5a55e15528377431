import { afterAll, beforeAll, expect, test } from 'vitest';
import { everythingStored } from '../bulk/partner-rows.js';
import type { Row } from '../bulk/rows.js';
import { startTestHub, type TestHub, type TestOwner } from '../hub.js';
import { item, partnerOf, send, type DoorAnswer } from './partner.js';

let hub: TestHub;
let owner: TestOwner;
beforeAll(async () => {
  hub = await startTestHub({ env: { LOG_LEVEL: 'debug' } });
  owner = await hub.owner();
});
afterAll(() => hub.stop());

const password = 'zQ9!Ünï"\\q→'; // in no other value, and in need of every kind of escaping
const tooLong = 'zQ9tooLongForIt';

/** The forms in which a secret could have slipped through. */
const formsOf = (secret: string): string[] => [
  secret,
  JSON.stringify(secret).slice(1, -1),
  Buffer.from(secret).toString('hex'),
  Buffer.from(secret).toString('base64').replace(/=+$/, ''),
  encodeURIComponent(secret),
];

function expectNoSecretIn(text: string, keys: string[]): void {
  for (const secret of [password, tooLong, ...keys])
    for (const form of formsOf(secret)) expect(text).not.toContain(form);
}

test('A28, A61: no answer, log line or column has a key or a password, whatever became of the call', async () => {
  const wrongKey = `${owner.key.slice(0, -1)}${owner.key.endsWith('0') ? '1' : '0'}`;
  const keys = [owner.key, wrongKey, owner.key.split('_')[3]!];
  const { body } = partnerOf(hub, owner);
  const rows = [
    item(1, { admin_user_psw: password }),
    item(2, { admin_user_psw: tooLong }),
    item(3, { admin_user_psw: [password] }),
    item(4, { admin_user_psw: password, code: '' }),
    item(5, { admin_user_psw: password, admin_user_login: 'login1' }),
    { admin_user_psw: password },
  ];
  const post = (changes: Row, headers = {}) => send(hub, 'insert', JSON.stringify(body(rows, changes)), headers);
  const whole = JSON.stringify(body(rows));
  const answers: [number, DoorAnswer<unknown>][] = [
    [200, await post({ dry_run: true })],
    [200, await post({}, { 'idempotency-key': 'secret' })],
    [200, await post({}, { 'idempotency-key': 'secret' })],
    [422, await post({ customers: rows.slice(1) }, { 'idempotency-key': 'secret' })],
    [400, await post({ dry_run: password })],
    [400, await post({ owner_code: [password] })],
    [400, await post({ customers: password })],
    [400, await send(hub, 'insert', whole.slice(0, -20))],
    [400, await send(hub, 'insert', whole.replace('"code"', `'code'`))],
    [415, await send(hub, 'insert', whole, { 'content-type': 'text/plain' })],
    [401, await post({ key: wrongKey })],
    [401, await post({ key: password })],
    [401, await post({ key: wrongKey }, { authorization: `Bearer ${owner.key}` })],
    [403, await post({ owner_code: password })],
    [403, await post({ owner_code: owner.key })],
    [200, await send(hub, 'enable', JSON.stringify(body(rows)))],
  ];
  expect(answers.map(([, { status }]) => status)).toEqual(answers.map(([status]) => status));
  expect(answers[1]![1].errors).toEqual([
    { 'line/index': 2, errors: ['invalid admin_user_psw'] },
    { 'line/index': 3, errors: ['invalid admin_user_psw'] },
    { 'line/index': 4, errors: ['missing code'] },
    { 'line/index': 5, errors: ['invalid admin_user_login (already exists)'] },
    expect.objectContaining({ 'line/index': 6 }) as object,
  ]);
  for (const [, { text, headers }] of answers) expectNoSecretIn(text + JSON.stringify([...headers]), keys);
  expectNoSecretIn(await everythingStored(hub), keys);
  await expect.poll(sealed, { timeout: 10_000 }).toBe(0);
  expectNoSecretIn(await everythingStored(hub), keys);
  expectNoSecretIn(await everyCallLogged(), keys);
});

test('A28: an error inside the hub is told in the envelope under an id, and logged without the body', async () => {
  await hub.clone.sql('ALTER TABLE customer RENAME COLUMN accounting_code TO gone');
  const answer = await partnerOf(hub, owner).insert([item(9, { admin_user_psw: password })]);
  await hub.clone.sql('ALTER TABLE customer RENAME COLUMN gone TO accounting_code');
  expect(answer.status).toBe(500);
  const requestId = answer.headers.get('x-request-id')!;
  expect(answer.text).toBe(
    `{"dry_run":false,"results":[],"errors":[{"line/index":0,"errors":["internal error, logged under the request id ${requestId}"]}]}`,
  );
  const line = hub.logged.find(({ fields }) => 'requestId' in fields && fields.requestId === requestId)!;
  expect(line.message).toBe('request failed');
  expectNoSecretIn(await everyCallLogged(), [owner.key]);
});

const sealed = async (): Promise<number> =>
  (await hub.clone.sql('SELECT FROM customer_user WHERE password_sealed IS NOT NULL')).length;

/** What the hub has logged with the errors in it written out, and what the database shows of its last statements. */
async function everyCallLogged(): Promise<string> {
  const lines = hub.logged.map(({ message, fields }) => {
    const { error } = fields as { error?: unknown };
    return `${message} ${JSON.stringify(fields)} ${error instanceof Error ? (error.stack ?? '') : ''}`;
  });
  const statements = await hub.clone.sql<{ query: string }>(
    `SELECT query FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`,
  );
  return [...lines, ...statements.map(({ query }) => query)].join('\n');
}
