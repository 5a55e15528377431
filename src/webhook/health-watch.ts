import type { Sql } from '../database/database.js';
import type { Log } from '../log.js';
import type { Breaker } from './breaker.js';
import { disableEndpoint } from './disable-endpoint.js';
import { dayMs, judgeHealth, patienceMs, stubbornAttempts } from './endpoint-health.js';
import type { Place, Told } from './notice.js';

/**
 * Notices during a run what an operator has to hear of, so that only an endpoint that fails costs statements. That it has
 * recovered is found out by `NoticeSender`, which looks at those that were told to be failing.
 */
export class HealthWatch {
  private worried = false;

  constructor(
    private readonly breaker: Breaker,
    private readonly probeMs: readonly [number, number],
  ) {}

  /** What became of the `attempt`-th request for an event, after the breaker has noted it. */
  note(attempt: number, ok: boolean, now: Date): void {
    if (ok) return;
    const { failSince, open } = this.breaker;
    const failedForMs = failSince === null ? 0 : now.getTime() - failSince.getTime();
    this.worried ||=
      attempt >= stubbornAttempts || (open && failedForMs >= patienceMs(this.probeMs)) || failedForMs >= dayMs;
  }

  /** What to write of it, at the end of the run's transaction; `disabledReason`: the endpoint is to get nothing more. */
  take(disabledReason: string | null, at: Date): (sql: Sql, place: Place) => Promise<Told | null> {
    const { worried } = this;
    this.worried = false;
    return async (sql, place) => {
      if (disabledReason) return disableEndpoint(sql, place, disabledReason, at);
      return worried ? judgeHealth(sql, place, at, patienceMs(this.probeMs)) : null;
    };
  }
}

/** The log's line for what was told; to be called after the commit, by the process whose transaction it was. */
export function logTold(log: Log, told: Told | null): void {
  if (!told) return;
  const { type, ownerId, endpointId, reason } = told;
  log(type === 'webhook.endpoint.recovered' ? 'info' : 'warn', type, { ownerId, endpointId, code: reason });
}
