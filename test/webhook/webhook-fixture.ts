import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { databaseClock } from '../../src/clock.js';
import { createDataSource } from '../../src/database/data-source.js';
import { Database } from '../../src/database/database.js';
import { EventReason } from '../../src/event-reason.js';
import { Cursors } from '../../src/feed/cursor.js';
import { moveOutbox } from '../../src/feed/move-outbox.js';
import { ensurePartitions } from '../../src/feed/partitions.js';
import { Secret } from '../../src/secret.js';
import { createAddressGuard, type AddressGuard } from '../../src/webhook/address-guard.js';
import { createEndpoint } from '../../src/webhook/create-endpoint.js';
import { Dispatcher, type DispatcherOptions } from '../../src/webhook/dispatcher.js';
import type { Timing } from '../../src/webhook/timing.js';
import type { WebhookEndpointInput } from '../../src/webhook/webhook-endpoint.input.js';
import { write } from '../../src/write.js';
import { cloneDatabase } from '../database-clone.js';
import { startReceiver, type Behaviour, type Receiver } from './receiver.js';

/** Seconds become milliseconds: ten attempts take a quarter of a second. */
export const quick: Partial<Timing> = {
  pollMs: 20,
  flushMs: 20,
  retryScheduleMs: [10, 15, 20, 25, 30, 30, 30, 30, 30],
  probeMs: [20, 60],
};

/**
 * A database with one fresh owner per test, and what a dispatcher needs. Everything that was started ends with the test.
 */
export function webhookFixture() {
  const logged: { message: string; fields: object }[] = [];
  const dispatchers: Dispatcher[] = [];
  const receivers: Receiver[] = [];
  const ends: (() => Promise<void>)[] = [];
  const secret = new Secret(randomBytes(32));
  let db!: Database;
  let guard!: AddressGuard;

  beforeAll(async () => {
    const clone = await cloneDatabase();
    ends.unshift(() => clone.drop());
    const dataSource = await createDataSource(clone.connection, 10).initialize();
    ends.unshift(() => dataSource.destroy());
    await ensurePartitions(dataSource);
    db = new Database(dataSource);
    guard = createAddressGuard({ allowCidrs: ['127.0.0.0/8'], allowHttp: true });
    ends.unshift(() => guard.agent.destroy());
  });
  afterEach(async () => {
    await Promise.all(dispatchers.splice(0).map((dispatcher) => dispatcher.stop()));
    await Promise.all(receivers.splice(0).map((receiver) => receiver.close()));
    logged.length = 0;
  });
  afterAll(async () => {
    for (const end of ends) await end();
  });

  const rows = <Row>(sql: string, parameters: unknown[] = []) => db.asSystem((tx) => tx.rows<Row>(sql, parameters));

  return {
    logged,
    secret,
    cursors: new Cursors(secret.derive('feed cursor', 16)),
    rows,
    get db() {
      return db;
    },
    get guard() {
      return guard;
    },

    async receiver(behave?: Behaviour): Promise<Receiver> {
      const receiver = await startReceiver(behave);
      receivers.push(receiver);
      return receiver;
    },

    dispatcher(timing: Partial<Timing> = {}, more: Partial<DispatcherOptions> = {}): Dispatcher {
      const dispatcher = new Dispatcher({
        ...{ db, secret, guard, cursors: new Cursors(secret.derive('feed cursor', 16)), version: '1.2.3' },
        log: (_level, message, fields = {}) => void logged.push({ message, fields }),
        timing: { ...quick, ...timing },
        ...more,
      });
      dispatchers.push(dispatcher);
      dispatcher.start();
      return dispatcher;
    },

    async owner() {
      const [{ id }] = (await rows(
        `INSERT INTO owner (code, name, enabled_vat_statuses) VALUES ('T' || substr(md5(random()::text), 1, 10), 'Test', '{DOMESTIC}')
         RETURNING id`,
      )) as [{ id: string }];
      await rows('INSERT INTO feed_head (owner_id) VALUES ($1)', [id]);
      return ownerFixture(db, secret, guard, id, rows);
    },

    /** Polls until `read` gives something truthy. */
    async eventually<T>(read: () => Promise<T | undefined | false | null>): Promise<T> {
      for (;;) {
        const found = await read();
        if (found) return found;
        await delay(10);
      }
    },
  };
}

type Rows = <Row>(sql: string, parameters?: unknown[]) => Promise<Row[]>;

function ownerFixture(db: Database, secret: Secret, guard: AddressGuard, id: string, rows: Rows) {
  const writer = { db, clock: databaseClock, wakeRelay: () => undefined };

  const relay = () => db.asSystem(moveOutbox);

  return {
    id,

    endpoint: (receiver: { url: string }, input: Partial<WebhookEndpointInput> = {}) =>
      createEndpoint({ db, secret, guard }, id, { ratePerSecond: 10_000, ...input, url: receiver.url }).then(
        ({ webhookEndpoint, secret: plain }) => ({ ...webhookEndpoint, secret: plain }),
      ),

    /** Creates customers: one event each, in order. Gives their ids. */
    async customers(count: number): Promise<string[]> {
      const ids = await write(writer, { ownerId: id, origin: null }, async (tx) => {
        const made = await tx.rows<{ id: string }>(
          `INSERT INTO customer (owner_id, code, code_key, type, name)
           SELECT $1, code, lower(code), 'PERSON', 'Ada Lovelace'
           FROM (SELECT 'C' || n || md5(random()::text) AS code FROM generate_series(1, $2::int) n) AS made RETURNING id`,
          [id, count],
        );
        tx.touchRaised(
          made.map((row) => row.id),
          EventReason.CREATED,
        );
        return made.map((row) => row.id);
      });
      await relay();
      return ids;
    },

    /** One event each. */
    async change(customerIds: readonly string[], reason = EventReason.UPDATED): Promise<void> {
      await write(writer, { ownerId: id, origin: null }, (tx) => Promise.resolve(tx.touch(customerIds, reason)));
      await relay();
    },

    async exclude(customerId: string): Promise<void> {
      await write(writer, { ownerId: id, origin: null }, async (tx) => {
        await tx.rows('UPDATE customer SET excluded = true WHERE owner_id = $1 AND id = $2', [id, customerId]);
        tx.touch([customerId], EventReason.EXCLUDED);
      });
      await relay();
    },

    cursor: async (endpointId: string) => {
      const [cursor] = await rows<{ acked: number; breaker: string; leaseOwner: string | null; epoch: number }>(
        `SELECT acked_pos::int AS acked, breaker, lease_owner AS "leaseOwner", lease_epoch::int AS epoch
         FROM webhook_cursor WHERE endpoint_id = $1`,
        [endpointId],
      );
      return cursor!;
    },

    parked: (endpointId: string) =>
      rows<{ customerId: string; attempt: number; state: string; firstPos: number; lastPos: number }>(
        `SELECT customer_id AS "customerId", attempt, state, first_pos::int AS "firstPos", last_pos::int AS "lastPos"
         FROM webhook_parked WHERE endpoint_id = $1 ORDER BY customer_id`,
        [endpointId],
      ),

    attempts: (endpointId: string) =>
      rows<{
        customerId: string;
        attempt: number;
        state: string;
        status: number | null;
        error: string | null;
        pos: number;
      }>(
        `SELECT customer_id AS "customerId", attempt, state, status, error, pos::int AS pos
         FROM webhook_attempt WHERE endpoint_id = $1 ORDER BY id`,
        [endpointId],
      ),

    head: async () => {
      const [head] = await rows<{ pos: number }>('SELECT last_pos::int AS pos FROM feed_head WHERE owner_id = $1', [
        id,
      ]);
      return head!.pos;
    },
  };
}
