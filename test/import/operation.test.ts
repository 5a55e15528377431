import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { pruneOperations } from '../../src/import/find-operations.js';
import { follow, startTestHub, type TestHub, type TestOwner } from '../hub.js';
import {
  codesOf,
  customers,
  importFile,
  ndjson,
  operationFields,
  operations,
  until,
  type Operation,
} from './import-request.js';
import { Sender } from './sender.js';

let hub: TestHub;
let other: TestHub;
let owner: TestOwner;
beforeAll(async () => {
  hub = await startTestHub();
  other = await startTestHub({ clone: hub.clone });
});
beforeEach(async () => {
  owner = await hub.owner();
});
afterAll(async () => {
  await other.stop();
  await hub.stop();
});

const running = (all: Operation[]) => all[0]?.state === 'RUNNING' && all[0].rows > 0;
const subscription = `subscription ($id: ID!) { bulkOperation(id: $id) { ${operationFields} } }`;

async function begin(rows: object[], query: Record<string, string> = {}) {
  const sender = new Sender(hub.url, owner, query);
  await sender.send(ndjson(rows));
  const [operation] = await until(() => operations(owner), running);
  return { sender, operation: operation! };
}

test('issue 6.2: the subscription tells the progress from any process, and completes at the end', async () => {
  const { sender, operation } = await begin(customers(1, 3_000));
  const progress = follow<{ bulkOperation: Operation }>(other.subscriber(owner.key), subscription, {
    id: operation.id,
  });
  const seen = [(await progress.next()).bulkOperation];
  expect(seen[0]).toMatchObject({ id: operation.id, state: 'RUNNING', endedAt: null });
  await sender.send(ndjson(customers(3_001, 7_000)));
  sender.end();
  while (seen.at(-1)!.state === 'RUNNING') seen.push((await progress.next()).bulkOperation);
  expect(seen.at(-1)).toMatchObject({
    state: 'DONE',
    rows: 7_000,
    created: 7_000,
    requestedBy: `key of ${owner.code}`,
  });
  const rows = seen.map((each) => each.rows);
  expect(rows).toEqual([...rows].sort((a, b) => a - b));
  await expect(progress.next()).rejects.toThrow('the subscription ended');
});

test('issue 6.2: two subscribers with the same text each hear of their own operation', async () => {
  const one = await importFile(hub, owner, ndjson(customers(1, 1)));
  const two = await importFile(hub, owner, ndjson(customers(2, 3)));
  const client = hub.subscriber(owner.key);
  for (const [{ last }, rows] of [
    [one, 1],
    [two, 2],
  ] as const) {
    const { bulkOperation } = await follow<{ bulkOperation: Operation }>(client, subscription, {
      id: last.operationId,
    }).next();
    expect(bulkOperation).toMatchObject({
      id: last.operationId,
      rows,
      resultPath: `/import/results/${last.operationId}`,
    });
  }
});

const cancel = `mutation ($id: ID!) { cancelBulkOperation(id: $id) { bulkOperation { state note } userErrors { code field message } } }`;

test('issue 6.2: cancelled from another process, an import ends behind its chunk; its key cannot go on', async () => {
  const rows = customers(1, 4_000);
  const { sender, operation } = await begin(rows.slice(0, 3_000), { idempotencyKey: 'k' });
  const { data } = await other.request(cancel, { id: operation.id }, { key: owner.key });
  expect(data).toEqual({
    cancelBulkOperation: {
      bulkOperation: { state: 'CANCELLED', note: `cancelled by key of ${owner.code}` },
      userErrors: [],
    },
  });
  const answer = await sender.answer();
  expect(answer).toMatchObject({ status: 200, last: { operationId: operation.id, error: { code: 'CANCELLED' } } });
  const [ended] = await operations(owner);
  expect(ended!.created).toBe((await codesOf(hub, owner)).length);
  const again = await importFile(hub, owner, ndjson(rows), { query: { idempotencyKey: 'k' } });
  expect(again).toMatchObject({
    status: 409,
    last: { error: { code: 'CANCELLED', message: expect.stringContaining(`operation ${operation.id}`) as string } },
  });
});

test('issue 6.2: what is done stays done, what there is not is NOT_FOUND', async () => {
  const done = await importFile(hub, owner, ndjson(customers(1, 1)));
  expect(await owner.gql(cancel, { id: done.last.operationId })).toMatchObject({
    cancelBulkOperation: { bulkOperation: { state: 'DONE', note: null }, userErrors: [] },
  });
  const never = { bulkOperation: null, userErrors: [{ code: 'NOT_FOUND', field: 'id' }] };
  expect(await owner.gql(cancel, { id: '987654321' })).toMatchObject({ cancelBulkOperation: never });
  expect(await owner.gql('{ bulkOperation(id: "987654321") { id } }')).toEqual({ bulkOperation: null });
  const refused = await follow(hub.subscriber(owner.key), subscription, { id: '987654321' }).nextResult();
  expect(refused.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
});

test('api 1: progress is told to keys with customers:bulk, of their own owner', async () => {
  const { last } = await importFile(hub, owner, ndjson(customers(1, 1)));
  const neighbour = await hub.owner();
  const ask = async (key: string) =>
    (await follow(hub.subscriber(key), subscription, { id: last.operationId }).nextResult()).errors;
  expect(await ask(await owner.newKey(['customers:read', 'changes:read']))).toMatchObject([
    { extensions: { code: 'FORBIDDEN' } },
  ]);
  expect(await ask(neighbour.key)).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  expect(await ask(owner.key)).toBeUndefined();
});

test('issue 6.2: the list has the newest first, in pages', async () => {
  for (const n of [1, 2, 3]) await importFile(hub, owner, ndjson(customers(n, n)));
  const page = `query ($after: String) { bulkOperations(first: 2, after: $after) { totalCount nodes { id } pageInfo { hasNextPage endCursor } } }`;
  type Page = {
    bulkOperations: {
      totalCount: number;
      nodes: { id: string }[];
      pageInfo: { hasNextPage: boolean; endCursor: string };
    };
  };
  const { bulkOperations: first } = await owner.gql<Page>(page);
  const { bulkOperations: second } = await owner.gql<Page>(page, { after: first.pageInfo.endCursor });
  const ids = [...first.nodes, ...second.nodes].map(({ id }) => Number(id));
  expect(ids).toHaveLength(3);
  expect(ids).toEqual([...ids].sort((a, b) => b - a));
  expect([first.totalCount, first.pageInfo.hasNextPage, second.pageInfo.hasNextPage]).toEqual([3, true, false]);
});

test('issue 6.2: operations and result files are kept for 7 days after their end', async () => {
  const { last } = await importFile(hub, owner, ndjson(customers(1, 1)));
  const days = (n: number) => new Date(Date.now() + n * 86_400_000);
  await pruneOperations(hub.hub.db, days(6.9));
  expect(await operations(owner)).toHaveLength(1);
  await pruneOperations(hub.hub.db, days(7.1));
  expect(await operations(owner)).toEqual([]);
  expect(await hub.clone.sql('SELECT FROM bulk_operation_result WHERE operation_id = $1', [last.operationId])).toEqual(
    [],
  );
});
