import { expect, test } from 'vitest';
import { Database, type Sql } from '../../src/database/database.js';
import { dataOf } from '../webhook/receiver.js';
import { replayFixture } from '../webhook/replay-fixture.js';
import { webhookFixture } from '../webhook/webhook-fixture.js';

const hub = webhookFixture();
const { ask, everything, replay, done } = replayFixture(hub);
/** 10,000 in the long form; what is bounded is bounded alike. */
const count = process.env.STAMDATA_FAULT_SECONDS === undefined ? 2_000 : 10_000;
const pageRows = 256;

test('B.7: the present state of all customers arrives, each once, and is never read more than a page at a time', async () => {
  const owner = await hub.owner();
  const told = new Map<string, number>();
  const receiver = await hub.receiver((request, res) => {
    const { customerId } = dataOf(request);
    told.set(customerId, (told.get(customerId) ?? 0) + 1);
    receiver.requests.length = 0; // what was looked at need not be kept
    res.writeHead(204).end();
  });
  const endpoint = await owner.endpoint(receiver, { maxInFlight: 64 });
  const customers = await owner.customers(count);
  await everything(endpoint.id);
  await hub.db.dataSource.query('ANALYZE customer, customer_snapshot'); // as autovacuum does within a minute
  const measured = new MeasuredDatabase(hub.db.dataSource);
  hub.dispatcher({ pollMs: 100, flushMs: 100 }, { db: measured });
  const id = await ask(owner, endpoint.id, { currentState: true });
  await done(id);
  expect(await replay(id)).toMatchObject({ selected: count, sent: count, failed: 0, skipped: 0 });
  expect([told.size, customers.every((customer) => told.get(customer) === 1)]).toEqual([count, true]);
  expect(measured.mostRows).toBe(pageRows);
}, 120_000);

/** Notes how many rows a statement has read at most. */
class MeasuredDatabase extends Database {
  mostRows = 0;

  override asSystem: Database['asSystem'] = (work) =>
    super.asSystem((sql) => {
      const rows: Sql['rows'] = async <Row>(text: string, parameters?: unknown[]) => {
        const found = await sql.rows<Row>(text, parameters);
        if (!text.includes('INSERT')) this.mostRows = Math.max(this.mostRows, found.length);
        return found;
      };
      return work({ ...sql, rows });
    });
}
