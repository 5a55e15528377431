import { Counter, type Registry } from 'prom-client';
import type { Database } from '../database/database.js';
import { registerFigures } from '../figure-gauges.js';
import type { DeliveryCounts } from './delivery-counts.js';

/**
 * The figures of webhooks (delivery-design B.10, "Watch"). Gauges tell of the whole hub, whichever process is asked; the
 * counters are of this process' own dispatcher, to be added up. Endpoints are counted, never named.
 */
export function registerWebhookMetrics(registry: Registry, db: Database, counts: DeliveryCounts | null): void {
  registerFigures(registry, () => readWebhookFigures(db), [
    {
      name: 'stamdata_webhook_endpoints',
      help: 'Webhook endpoints',
      label: 'state',
      value: ({ active, paused, disabled }) => ({ active, paused, disabled }),
    },
    {
      name: 'stamdata_webhook_failing_endpoints',
      help: 'Active endpoints of which it was told that they fail',
      value: ({ failing }) => failing,
    },
    {
      name: 'stamdata_webhook_resync_endpoints',
      help: 'Endpoints that were not sent what has left the feed',
      value: ({ resync }) => resync,
    },
    {
      name: 'stamdata_webhook_open_breakers',
      help: 'Shards of active endpoints whose breaker is open',
      value: ({ open }) => open,
    },
    {
      name: 'stamdata_webhook_parked_customers',
      help: 'Customers whose delivery is being retried or is dead',
      label: 'state',
      value: ({ retry, dead }) => ({ retry, dead }),
    },
    {
      name: 'stamdata_webhook_lag_events',
      help: 'Events that active endpoints are behind the feed',
      label: 'of',
      value: ({ worst, all }) => ({ worst, all }),
    },
    {
      name: 'stamdata_webhook_notices',
      help: 'Operational events that have still to be sent',
      value: ({ notices }) => notices,
    },
  ]);
  if (counts) registerCounts(registry, counts);
}

function registerCounts(registry: Registry, counts: DeliveryCounts): void {
  new Counter({
    name: 'stamdata_webhook_attempts_total',
    help: 'Requests for events of this process, by what became of them',
    labelNames: ['state'] as const,
    registers: [registry],
    collect() {
      this.reset();
      for (const [state, count] of Object.entries(counts.attempts)) this.inc({ state: state.toLowerCase() }, count);
    },
  });
  const counter = (name: string, help: string, count: () => number) =>
    new Counter({
      ...{ name, help, registers: [registry] },
      collect() {
        this.reset();
        this.inc(count());
      },
    });
  counter(
    'stamdata_webhook_lease_steals_total',
    'Shards taken over from a worker that had not given them back',
    () => counts.leaseSteals,
  );
  counter(
    'stamdata_webhook_fenced_writes_total',
    'Runs that ended because somebody else held their shard',
    () => counts.fencedWrites,
  );
}

interface Figures {
  active: number;
  paused: number;
  disabled: number;
  failing: number;
  resync: number;
  open: number;
  retry: number;
  dead: number;
  /** Positions: of the endpoint that is furthest behind, and of all together. */
  worst: number;
  all: number;
  notices: number;
}

async function readWebhookFigures(db: Database): Promise<Figures> {
  const [figures] = await db.asSystem((sql) =>
    sql.rows<Figures>(
      `/* readWebhookFigures */
       WITH endpoint AS (
         SELECT e.state, e.failure_level > 0 AS failing, h.last_pos - min(c.acked_pos) AS lag,
           min(c.acked_pos) + 1 < h.min_pos AS resync, count(*) FILTER (WHERE c.breaker = 'OPEN') AS open
         FROM webhook_endpoint e
         JOIN webhook_cursor c ON c.owner_id = e.owner_id AND c.endpoint_id = e.id
         JOIN feed_head h ON h.owner_id = e.owner_id
         GROUP BY e.owner_id, e.id, h.owner_id)
       SELECT count(*) FILTER (WHERE state = 'ACTIVE')::int AS active, count(*) FILTER (WHERE state = 'PAUSED')::int AS paused,
         count(*) FILTER (WHERE state = 'DISABLED')::int AS disabled,
         count(*) FILTER (WHERE state = 'ACTIVE' AND failing)::int AS failing,
         count(*) FILTER (WHERE resync)::int AS resync,
         coalesce(sum(open) FILTER (WHERE state = 'ACTIVE'), 0)::int AS open,
         coalesce(max(lag) FILTER (WHERE state = 'ACTIVE'), 0)::float AS worst,
         coalesce(sum(lag) FILTER (WHERE state = 'ACTIVE'), 0)::float AS "all",
         (SELECT count(*)::int FROM webhook_parked WHERE state = 'RETRY') AS retry,
         (SELECT count(*)::int FROM webhook_parked WHERE state = 'DEAD') AS dead,
         (SELECT count(*)::int FROM webhook_notice) AS notices
       FROM endpoint`,
    ),
  );
  return figures!;
}
