import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { blockedIn, holdRows } from '../faults/held-rows.js';
import { startTestHub, type TestHub, type TestOwner } from '../hub.js';

let hub: TestHub;
let other: TestHub;
beforeAll(async () => {
  const env = { STAMDATA_ROLES: 'api' };
  hub = await startTestHub({ env });
  other = await startTestHub({ env, clone: hub.clone });
});
afterAll(async () => {
  await other.stop();
  await hub.stop();
});

interface Answer {
  counts: object;
  userErrors: { code: string }[];
}

/** Every mutation with an idempotency key: its rows, and how many events they are. */
const calls: Record<string, { rows: string; input: (name: string) => object[] }> = {
  bulkInsertCustomers: { rows: 'customers', input: (name) => ['X', 'Y'].map((code) => ({ code, name })) },
  bulkUpdateCustomers: {
    rows: 'rows',
    input: (name) => ['A', 'B'].map((code) => ({ by: { code }, fields: { name } })),
  },
  recordOrders: {
    rows: 'orders',
    input: (name) =>
      ['A', 'B'].map((code, i) => ({
        ...{ customer: { code }, channel: 'POS', kind: 'RECEIPT', number: `${i} ${name}` },
        ...{ orderedAt: '2026-01-01T00:00:00Z', totalValue: '1', totalValueExVat: '1' },
      })),
  },
  recordBookings: {
    rows: 'bookings',
    input: (service) =>
      ['A', 'B'].map((code, i) => ({
        ...{ customer: { code }, number: `${i}`, service },
        ...{ startsAt: '2026-01-01T00:00:00Z', endsAt: '2026-01-02T00:00:00Z' },
      })),
  },
};

async function ask(at: TestHub, owner: TestOwner, mutation: string, name: string): Promise<Answer> {
  const { rows, input } = calls[mutation]!;
  const type = `${mutation[0]!.toUpperCase()}${mutation.slice(1)}Input!`;
  const { data, errors } = await at.request<{ done: Answer }>(
    `mutation ($input: ${type}) { done: ${mutation}(input: $input) { counts { rows rejected } userErrors { code } } }`,
    { input: { ownerCode: owner.code, idempotencyKey: 'k', [rows]: input(name) } },
    { key: owner.key },
  );
  if (errors) throw new Error(JSON.stringify(errors));
  return data.done;
}

/** As a client does that is told to ask again in a moment. */
async function askUntilDone(at: TestHub, owner: TestOwner, mutation: string, name: string): Promise<Answer> {
  for (;;) {
    const answer = await ask(at, owner, mutation, name);
    if (answer.userErrors[0]?.code !== 'IN_PROGRESS') return answer;
    await sleep(20);
  }
}

const ownerWithCustomers = async (): Promise<TestOwner> => {
  const owner = await hub.owner();
  await owner.gql(
    'mutation ($input: BulkInsertCustomersInput!) { bulkInsertCustomers(input: $input) { errors { index } } }',
    { input: { ownerCode: owner.code, customers: ['A', 'B'].map((code) => ({ code, name: code })) } },
  );
  await hub.clone.sql('DELETE FROM outbox WHERE owner_id = $1', [owner.id]);
  return owner;
};
const eventsOf = async (owner: TestOwner) =>
  (await hub.clone.sql('SELECT FROM outbox WHERE owner_id = $1', [owner.id])).length;

test.each(Object.keys(calls))(
  'D15: %s 50 times at once over two processes has one effect and one answer; another body is refused',
  async (mutation) => {
    const owner = await ownerWithCustomers();
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, i) => askUntilDone(i % 2 === 0 ? hub : other, owner, mutation, 'Ada')),
    );
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]).toEqual({ counts: { rows: 2, rejected: 0 }, userErrors: [] });
    expect(await eventsOf(owner)).toBe(2);
    const reused = await ask(other, owner, mutation, 'Bea');
    expect(reused.userErrors).toMatchObject([{ code: 'IDEMPOTENCY_KEY_REUSED' }]);
    expect(await eventsOf(owner)).toBe(2);
  },
);

/** The statements that write the events of a mutation. */
const storing: Partial<Record<string, string>> = {
  bulkInsertCustomers: 'storeNewSnapshots',
  bulkUpdateCustomers: 'storeSnapshotsAndSearch',
};

test.each(Object.keys(calls))(
  'D15: %s is IN_PROGRESS while it runs elsewhere; what is cut off is as never asked, and done once when it is repeated',
  async (mutation) => {
    const owner = await ownerWithCustomers();
    const held = await holdRows(hub.clone.connection, 'LOCK TABLE outbox IN EXCLUSIVE MODE');
    try {
      const first = ask(hub, owner, mutation, 'Ada').catch((error: Error) => error);
      const statement = storing[mutation] ?? 'storeSnapshots';
      await blockedIn(hub.clone.sql, statement);
      expect((await ask(other, owner, mutation, 'Ada')).userErrors).toMatchObject([{ code: 'IN_PROGRESS' }]);
      await hub.clone.sql(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE $1`,
        [`/* ${statement} */%`],
      );
      expect(await first).toBeInstanceOf(Error);
    } finally {
      await held.release();
    }
    expect(await eventsOf(owner)).toBe(0);
    const again = await askUntilDone(other, owner, mutation, 'Ada');
    expect(await askUntilDone(hub, owner, mutation, 'Ada')).toEqual(again);
    expect(again).toEqual({ counts: { rows: 2, rejected: 0 }, userErrors: [] });
    expect(await eventsOf(owner)).toBe(2);
  },
);
