import { collectDefaultMetrics, Histogram, Registry } from 'prom-client';
import { registerAccessMetrics } from './access/access-metrics.js';
import type { RefusedCalls } from './access/refused-calls.js';
import type { Database } from './database/database.js';
import { registerFigures } from './figure-gauges.js';
import { registerOperationMetrics } from './limits/operation-metrics.js';
import type { PersistedOperations } from './limits/persisted-operations.js';
import type { DeliveryCounts } from './webhook/delivery-counts.js';
import { registerWebhookMetrics } from './webhook/webhook-metrics.js';

/** The figures at /metrics. No label ever holds a name, an id of a customer or a key. */
export interface Metrics {
  registry: Registry;
  /** Seconds from the first byte of a request to its answer. */
  requests: Histogram<'path' | 'status'>;
}

interface Counted {
  deliveries: DeliveryCounts | null;
  refused: RefusedCalls | null;
  operations: PersistedOperations | null;
}

/** What this process counts by itself: `deliveries` its dispatcher, `refused` and `operations` its doors; null: it has none. */
export function createMetrics(db: Database, { deliveries, refused, operations }: Counted): Metrics {
  const registry = new Registry();
  const requests = new Histogram({
    name: 'stamdata_http_request_seconds',
    help: 'Duration of HTTP requests',
    labelNames: ['path', 'status'] as const,
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10],
    registers: [registry],
  });
  registerFigures(registry, () => readFigures(db), [
    { name: 'stamdata_outbox_events', help: 'Events that the relay has not moved yet', value: ({ outbox }) => outbox },
    {
      name: 'stamdata_outbox_oldest_seconds',
      help: 'Age of the oldest of them',
      value: ({ outboxAge }) => outboxAge,
    },
    {
      name: 'stamdata_clock_due_snapshots',
      help: 'Snapshots that time has changed and the clock has not written yet',
      value: ({ due }) => due,
    },
  ]);
  registerWebhookMetrics(registry, db, deliveries);
  if (refused) registerAccessMetrics(registry, refused);
  if (operations) registerOperationMetrics(registry, operations);
  return { registry: Registry.merge([processMetrics(), registry]), requests };
}

let ofProcess: Registry | null = null;

/**
 * What Node itself costs: memory, event loop, garbage collection. Once per process, since prom-client never ends the timer
 * and the observer behind them: each hub that a process starts after another would leave its own running.
 */
function processMetrics(): Registry {
  if (ofProcess) return ofProcess;
  ofProcess = new Registry();
  collectDefaultMetrics({ register: ofProcess });
  return ofProcess;
}

interface Figures {
  outbox: number;
  outboxAge: number;
  due: number;
}

async function readFigures(db: Database): Promise<Figures> {
  const [figures] = await db.asSystem((sql) =>
    sql.rows<Figures>(
      `/* readFigures */
       SELECT (SELECT count(*)::int FROM outbox) AS outbox,
         (SELECT coalesce(extract(epoch FROM now() - min(occurred_at)), 0)::float FROM outbox) AS "outboxAge",
         (SELECT count(*)::int FROM customer_snapshot WHERE clock_due_at <= now()) AS due`,
    ),
  );
  return figures!;
}
