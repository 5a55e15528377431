import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Database } from './database/database.js';

/** The figures at /metrics. No label ever holds a name, an id of a customer or a key. */
export interface Metrics {
  registry: Registry;
  /** Seconds from the first byte of a request to its answer. */
  requests: Histogram<'path' | 'status'>;
}

export function createMetrics(db: Database): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const requests = new Histogram({
    name: 'stamdata_http_request_seconds',
    help: 'Duration of HTTP requests',
    labelNames: ['path', 'status'] as const,
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10],
    registers: [registry],
  });
  const outbox = new Gauge({
    name: 'stamdata_outbox_events',
    help: 'Events that the relay has not moved yet',
    registers: [registry],
  });
  const outboxAge = new Gauge({
    name: 'stamdata_outbox_oldest_seconds',
    help: 'Age of the oldest of them',
    registers: [registry],
  });
  const parked = new Gauge({
    name: 'stamdata_webhook_parked_customers',
    help: 'Customers whose delivery is being retried or is dead',
    labelNames: ['state'] as const,
    registers: [registry],
  });
  const due = new Gauge({
    name: 'stamdata_clock_due_snapshots',
    help: 'Snapshots that time has changed and the clock has not written yet',
    registers: [registry],
    async collect() {
      const [row] = await db.asSystem((sql) => sql.rows<Figures>(figures));
      outbox.set(row!.outbox);
      outboxAge.set(row!.outboxAge);
      parked.set({ state: 'retry' }, row!.retrying);
      parked.set({ state: 'dead' }, row!.dead);
      due.set(row!.due);
    },
  });
  return { registry, requests };
}

interface Figures {
  outbox: number;
  outboxAge: number;
  retrying: number;
  dead: number;
  due: number;
}

const figures = `/* metrics */
  SELECT (SELECT count(*)::int FROM outbox) AS outbox,
    (SELECT coalesce(extract(epoch FROM now() - min(occurred_at)), 0)::float FROM outbox) AS "outboxAge",
    (SELECT count(*)::int FROM webhook_parked WHERE state = 'RETRY') AS retrying,
    (SELECT count(*)::int FROM webhook_parked WHERE state = 'DEAD') AS dead,
    (SELECT count(*)::int FROM customer_snapshot WHERE clock_due_at <= now()) AS due`;
